"""`kentongan site apply` on its bad days: real processes against simulated RouterOS over real SSH.

Whatever happens, said again it ends well, or everything is as it was before.
"""

import json
import os
import re
import signal
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from domain.changes.machine import AFTER, BEFORE, OF_DEVICES
from lab.cli.conversation import Login
from tests.real.planned_office import POP, ROUTER, SITE
from tests.real.simulated_office import (
    REVERT_SECONDS,
    SERIALS,
    Bench,
    World,
    lines_told,
    running_world,
    started,
    told,
    until,
)

pytestmark = [pytest.mark.real, pytest.mark.timeout(120)]

STEPS = (
    *(kind.value for kind in BEFORE),
    *(f"{kind.value} {device}" for device in (POP, ROUTER) for kind in OF_DEVICES),
    *(kind.value for kind in AFTER),
)


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with running_world(tmp_path_factory.mktemp("bad-days")) as world:
        yield world


@pytest.fixture
def bench(world: World, tmp_path: Path) -> Iterator[Bench]:
    with ExitStack() as stack:
        yield started(world, tmp_path / "office", stack)


@pytest.fixture(scope="module")
def planned(world: World, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, str]:
    """What both devices are after a change in which nothing happened."""
    with ExitStack() as stack:
        bench = started(world, tmp_path_factory.mktemp("calm") / "office", stack)
        ended = bench.apply()
        assert ended.status == 0, ended.out + ended.err
        return bench.exports()


# -- killed ----------------------------------------------------------------------------------------------------------


def test_killed_at_every_step_it_goes_on_where_it_was(bench: Bench, planned: tuple[str, str]) -> None:
    """After each step acted and before that was kept; where devices are told also before."""
    before = bench.exports()
    for step in STEPS:
        for moment in ("begun", "acted") if step.startswith("push") else ("acted",):
            ended = bench.apply(dies_at=f"{step}: {moment}")
            assert ended.status == -signal.SIGKILL, f"{step} {moment}: {ended.out}{ended.err}"
    ended = bench.apply()
    assert ended.status == 0, ended.out + ended.err
    assert bench.exports() == planned
    (job,) = bench.jobs()
    assert {each["state"] for each in job["steps"]} == {"done"}
    assert (bench.folder / "var" / "acceptance" / f"{SITE}-{job['job']}.pdf").read_bytes().startswith(b"%PDF")
    # And taken back in the same way.
    for step in ("unregister", f"revert {ROUTER}", f"revert {POP}", "release"):
        ended = bench.call("site", "rollback", SITE, dies_at=f"{step}: acted")
        assert ended.status == -signal.SIGKILL, f"{step}: {ended.out}{ended.err}"
    ended = bench.apply()
    assert "taken back" in ended.out, "a change that is being taken back is not begun anew"
    assert bench.exports() == before
    assert drift(bench) == {POP: "no-intent"}


def killed_at_the_import(bench: Bench) -> None:
    """From outside, while the router carries out what it was told."""
    begun: list[tuple[int, int]] = []

    def watcher() -> None:
        if begun and re.search(r"^/import \S+$", bench.router.journal.lines[-1][2]):
            bench.router.unwatch(watcher)
            os.kill(begun[0][1], signal.SIGKILL)

    bench.router.watch(watcher)
    begun.append(bench.begin())
    ended = bench.end(begun[0])
    assert ended.status == -signal.SIGKILL, ended.out + ended.err


def test_killed_in_the_middle_of_a_push(bench: Bench, planned: tuple[str, str]) -> None:
    killed_at_the_import(bench)
    assert "kentongan-revert" in told(bench.router), "it would come back by itself"
    ended = bench.apply()
    assert ended.status == 0, ended.out + ended.err
    assert bench.exports() == planned


def test_locked_out_and_killed_the_router_comes_back_by_itself(bench: Bench) -> None:
    """Nobody is there any more to help it."""
    before = bench.exports()
    assert bench.set("--kabupaten", "management_networks=10.9.0.0/24").status == 0
    killed_at_the_import(bench)
    assert not bench.router.admits(established=False)
    bench.router.advance(REVERT_SECONDS + 1)
    until(lambda: bench.router.admits(established=False))
    until(lambda: told(bench.router) == before[1])
    ended = bench.call("site", "rollback", SITE)
    assert ended.status == 0, ended.out + ended.err
    assert bench.exports() == before


# -- afterwards ------------------------------------------------------------------------------------------------------


def drift(bench: Bench) -> dict[str, str]:
    found = json.loads(bench.call("config", "drift", "--json").out)
    return {each["device"]: each["state"] for each in found}


def test_what_was_built_is_what_is_meant_until_a_hand_changes_it_or_it_is_taken_back(bench: Bench) -> None:
    assert drift(bench) == {POP: "no-intent"}
    ended = bench.apply()
    assert ended.status == 0, ended.out + ended.err
    assert drift(bench) == {POP: "matches", ROUTER: "matches"}
    console = bench.router.open(Login("noc", bench.router.manager))
    bench.router.take(console, "noc", "/ip dns set servers=9.9.9.9")
    assert bench.call("config", "backup", ROUTER).status == 0
    assert drift(bench) == {POP: "matches", ROUTER: "drifted"}
    bench.call("site", "rollback", SITE)
    assert drift(bench) == {POP: "no-intent"}


# -- devices ---------------------------------------------------------------------------------------------------------


def test_a_router_that_restarts_while_it_is_told(bench: Bench) -> None:
    before = bench.exports()
    bench.router.order(reboots_at=r"^/import \S+$")
    ended = bench.apply()
    assert (ended.status, "taken back" in ended.out) == (1, True), ended.out + ended.err
    assert bench.exports() == before
    assert "in quarantine" in bench.given("lan")


def test_a_device_whose_disk_is_full(bench: Bench) -> None:
    """What cannot be armed is not told."""
    before = bench.exports()
    bench.pop.order(disk_full=True)
    ended = bench.apply()
    assert (ended.status, POP in ended.out) == (1, True), ended.out + ended.err
    assert bench.exports() == before
    assert not [line for line in lines_told(bench.pop) if line.startswith("/import")]


def test_another_box_at_that_address(bench: Bench) -> None:
    bench.router.order(serial="OTHER0001")
    ended = bench.apply()
    assert (ended.status, "OTHER0001" in ended.out, SERIALS[ROUTER] in ended.out) == (1, True, True), ended.out
    assert lines_told(bench.router) == lines_told(bench.pop) == []


def test_a_host_key_that_changed(bench: Bench) -> None:
    """Whoever answers now hears neither a password nor a line."""
    before = bench.exports()
    assert bench.apply(dies_at="approve: kept").status == -signal.SIGKILL
    bench.router.change_host_key()
    heard = len(bench.router.journal.lines)
    ended = bench.apply()
    assert (ended.status, "host key" in ended.out.casefold()) == (1, True), ended.out + ended.err
    assert len(bench.router.journal.lines) == heard
    ended = bench.call("site", "rollback", SITE)
    assert (ended.status, bench.exports()) == (0, before), ended.out + ended.err


def test_a_tunnel_that_comes_up_on_the_third_day(bench: Bench, planned: tuple[str, str]) -> None:
    bench.router.cut_power()
    ended = bench.apply()
    assert (ended.status, "waits" in ended.out) == (1, True), ended.out + ended.err
    for day in (1, 2):
        bench.pop.advance(86400)
        assert bench.apply().status == 1, f"day {day}"
    assert "kentongan dinkes lan" in told(bench.pop), "its end of the tunnel stays"
    imports = lines_told(bench.pop)
    bench.router.restore_power()
    until(lambda: bench.router.admits(established=False))
    bench.router.advance(60)  # what is to be done at startup is done
    ended = bench.apply()
    assert ended.status == 0, ended.out + ended.err
    assert bench.exports() == planned
    assert lines_told(bench.pop) == imports


# -- people ----------------------------------------------------------------------------------------------------------


def test_two_operators_at_the_same_site(bench: Bench) -> None:
    first = bench.begin(stops_at="read: acted")
    bench.world.cli.stand_still(first)
    second = bench.apply(SUDO_USER="budi")
    assert (second.status, f"siti has been working on {SITE}" in second.err) == (1, True), second.err
    os.kill(first[1], signal.SIGKILL)
    assert bench.end(first).status == -signal.SIGKILL
    # Whoever is dead holds nothing.
    ended = bench.call("site", "rollback", SITE, SUDO_USER="budi")
    assert (ended.status, len(bench.jobs())) == (0, 1), ended.out + ended.err
    assert "in quarantine" not in bench.given("lan"), "no device was told of it"


def test_an_approver_who_takes_it_back_in_the_middle(bench: Bench) -> None:
    (bench.folder / "kentongan.toml").write_text(f"[changes]\napprovals = 2\nrevert_seconds = {REVERT_SECONDS}\n")
    assert "2 more must agree" in bench.apply().out
    for who in ("siti", "budi"):
        assert bench.call("site", "approve", SITE, SUDO_USER=who).status == 0
    call = bench.begin(stops_at=f"backup {POP}: kept")
    bench.world.cli.stand_still(call)
    assert bench.call("site", "approve", SITE, "--revoke", SUDO_USER="budi").status == 0
    os.kill(call[1], signal.SIGCONT)
    ended = bench.end(call)
    assert (ended.status, "An approval was taken back" in ended.out) == (1, True), ended.out + ended.err
    assert lines_told(bench.router) == []


# -- our own side ----------------------------------------------------------------------------------------------------


def test_our_own_disk_is_full(bench: Bench, planned: tuple[str, str]) -> None:
    ended = bench.apply(disk_octets=300_000)
    assert ended.status == 1
    assert "fault of Kentongan itself" not in ended.err, ended.err
    ended = bench.apply()
    assert ended.status == 0, ended.out + ended.err
    assert bench.exports() == planned


def test_a_missing_variable_and_an_empty_pool_are_said_before_anything_is_taken(bench: Bench) -> None:
    free = bench.given("lan")
    assert bench.set("--kabupaten", "admin_user=").status == 0
    ended = bench.apply()
    assert (ended.status, "admin_user" in ended.err) == (1, True), ended.err
    assert bench.set("--kabupaten", "admin_user=noc").status == 0
    labels = [f"uplink-{number}" for number in range(100, 110)]
    words = ("--kind", "vlan", "--pool", "vlan-up", "--region", "32.14.06")
    assert bench.call("pool", "allocate", "pop-a", *labels, *words).status == 0
    ended = bench.apply()
    assert (ended.status, "vlan-up" in ended.err) == (1, True), ended.err
    assert bench.given("lan") == free
    assert bench.jobs() == []
    assert bench.router.journal.lines == bench.pop.journal.lines == []


@pytest.mark.parametrize(
    "value", ['x"; /system reset-configuration', "x\n/user remove admin", "[/system reboot]", "$x"]
)
def test_a_value_is_never_a_command(bench: Bench, value: str) -> None:
    """Written past us into the file, as `site set` would not take it."""
    path = bench.folder / "var" / "provisioning" / "variables" / "kabupaten.yaml"
    text = re.sub(r"^domain: .*$", f"domain: {json.dumps(value)}", path.read_text(), flags=re.MULTILINE)
    path.write_text(text)
    assert value.split("\n")[0] in path.read_text() or json.dumps(value) in path.read_text()
    ended = bench.apply()
    assert (ended.status, "domain" in ended.err) == (1, True), ended.out + ended.err
    assert bench.router.journal.lines == bench.pop.journal.lines == []
