"""Waves of sites by real processes against simulated RouterOS: canary, batches, one PoP for all, killed, resumed."""

import json
import re
import shutil
import signal
from collections.abc import Iterator
from contextlib import ExitStack
from itertools import groupby
from pathlib import Path
from typing import Any

import pytest

from console.ports.sites import ConflictError, RefusedError
from kentongan.console_adapters.sites import sites_of
from kentongan.installation import Installation
from kentongan.settings import load_settings
from tests.real.planned_office import SITE
from tests.real.simulated_office import REVERT_SECONDS, Bench, World, lines_told, running_world, started, told

pytestmark = [pytest.mark.real, pytest.mark.timeout(120)]

OTHERS = ("opd-2", "opd-3")
SITES = (SITE, *OTHERS)


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with running_world(tmp_path_factory.mktemp("waves"), *OTHERS) as world:
        yield world


@pytest.fixture
def bench(world: World, tmp_path: Path) -> Iterator[Bench]:
    with ExitStack() as stack:
        made = started(world, tmp_path / "office", stack)
        (made.folder / "wave.csv").write_text("slug;name\n" + "".join(f"{site};x\n" for site in SITES))
        yield made


def waves(bench: Bench) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(bench.call("site", "waves", "--json").out)
    return found


def states(wave: dict[str, Any]) -> dict[str, str]:
    return {each["site"]: each["state"] for each in wave["sites"]}


def test_a_wave_that_is_killed_goes_on_where_it_was(bench: Bench) -> None:
    words = ("site", "apply", "--wave", "wave.csv", "--canary", "1", "--batch", "2")
    ended = bench.call(*words, dies_at="opd-3 push rtr-opd-3: acted")
    assert ended.status == -signal.SIGKILL, ended.out + ended.err
    (wave,) = waves(bench)
    assert (wave["state"], states(wave)[SITE], states(wave)["opd-3"]) == ("open", "done", "running")
    ended = bench.call("site", "apply", "--resume", "--json")
    assert ended.status == 0, ended.out + ended.err
    done = json.loads(ended.out)
    assert (done["wave"], done["state"], set(states(done).values())) == (wave["wave"], "done", {"done"})
    assert {each["checksPassed"] for each in done["sites"]} == {2}
    for site in SITES:
        assert f"name=rtr-{site}" in told(bench.devices[f"rtr-{site}"])
        assert f"kentongan {site} lan" in told(bench.pop)
        assert len(json.loads(bench.call("site", "jobs", site, "--json").out)) == 1
    # All three changed the PoP, and none of them while another one did.
    jobs = [found[1] for line in lines_told(bench.pop) if (found := re.search(r"kentongan-([0-9a-f]{6})", line))]
    turns = [job for job, _lines in groupby(jobs)]
    assert sorted(turns) == sorted(each["job"] for each in done["sites"])
    assert bench.call("site", "apply", "--resume").status == 2
    # One of them is taken back, and what the others have at the PoP stays.
    ended = bench.call("site", "rollback", SITE)
    assert ended.status == 0, ended.out + ended.err
    assert f"kentongan {SITE} lan" not in told(bench.pop)
    assert all(f"kentongan {site} lan" in told(bench.pop) for site in OTHERS)


def test_nobody_follows_a_canary_that_fails(bench: Bench) -> None:
    bench.router.cut_power()
    ended = bench.call("site", "apply", "--wave", "wave.csv", "--json")
    wave = json.loads(ended.out)
    assert (ended.status, wave["state"], wave["untouched"]) == (1, "stopped", list(OTHERS))
    assert SITE in wave["why"]
    assert all(bench.devices[f"rtr-{site}"].journal.lines == [] for site in OTHERS)
    shown = bench.call("site", "waves", wave["wave"]).out
    assert "2 sites were left untouched: opd-2, opd-3" in shown
    assert bench.call("site", "apply", "no-such", SITE).status == 2


def test_others_agree_to_a_wave_in_one_act_before_anybody_is_told_anything(world: World, tmp_path: Path) -> None:
    bench = Bench(world, tmp_path / "office", {})  # no device runs
    shutil.copytree(world.template, bench.folder)
    (bench.folder / "kentongan.toml").write_text(f"[changes]\napprovals = 2\nrevert_seconds = {REVERT_SECONDS}\n")
    ended = bench.call("site", "apply", *SITES, "--canary", "1", "--json")
    wave = json.loads(ended.out)
    assert (ended.status, wave["state"], wave["untouched"]) == (1, "stopped", list(SITES)), ended.err
    assert f"3 sites wait for others to agree: kentongan site approve --wave {wave['wave']}" in wave["why"]
    said = ("site", "approve", "--wave", wave["wave"])
    assert "Go on" not in bench.call(*said).out
    still = json.loads(bench.call("site", "apply", "--resume", "--json").out)
    assert (still["state"], still["sites"]) == (wave["state"], wave["sites"])
    agreed = json.loads(bench.call(*said, "--json", SUDO_USER="budi").out)
    plans = {each["site"]: each["fingerprint"] for each in agreed["sites"]}
    assert [(each["approvers"], each["needed"]) for each in agreed["sites"]] == [(["siti", "budi"], 2)] * 3
    assert {site: len(mark) for site, mark in plans.items()} == dict.fromkeys(SITES, 64)
    assert len(set(plans.values())) == 3
    with Installation(load_settings(bench.folder / "kentongan.toml"), "test").open() as installation:
        journal = installation.journal.read(0, 1000)
    told = [(each.actor, each.detail["plans"]) for each in journal if each.action == "wave approved"]
    assert told == [("siti", plans), ("budi", plans)]
    assert [each.actor for each in journal if each.action == "change approved"] == ["siti"] * 3 + ["budi"] * 3
    # Now it begins, with its canary.
    gone_on = json.loads(bench.call("site", "apply", "--resume", "--json").out)
    assert states(gone_on) == {SITE: "failed", **dict.fromkeys(OTHERS, "waiting")}
    assert "does not answer" in gone_on["sites"][0]["why"]
    # What one of them takes back is agreed to no more.
    assert bench.call(*said, "--revoke", SUDO_USER="budi").status == 0
    assert "3 sites wait" in json.loads(bench.call("site", "apply", "--resume", "--json").out)["why"]
    assert bench.call("site", "approve", SITE, "--wave", wave["wave"]).status == 2
    # The console's people agree in the same way: to what they saw, and nobody to an own wave.
    with Installation(load_settings(bench.folder / "kentongan.toml"), "test").open() as installation:
        orders = sites_of(installation).orders
        for who, seen, error in (
            ("siti", plans, RefusedError),
            ("ani", {**plans, SITE: "0" * 64}, ConflictError),
            ("ani", {SITE: plans[SITE]}, ConflictError),
        ):
            with pytest.raises(error):
                orders.agree_wave(wave["wave"], seen, who)
        assert [job.approvers for job in orders.agree_wave(wave["wave"], plans, "ani")] == [("siti", "ani")] * 3
        told = [(each.actor, each.detail["plans"]) for each in installation.journal.read(0, 1000)
                if each.action == "wave approved"]  # fmt: skip
        assert ("ani", plans) in told
        sites_of(installation).plans.answer(SITE, {"wan_interface": "ether7"}, "budi")
        with pytest.raises(ConflictError, match="was changed since"):
            orders.agree_wave(wave["wave"], plans, "dewi")
