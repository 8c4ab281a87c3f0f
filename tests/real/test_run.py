"""`kentongan run` on imported files, on good and bad days: killed, locked out, without disk, with a clock that jumps.

One simulated world stands for the module, in a network namespace of its own. The devices of one zone and what stands
before them are polled, the others are imported as spare: a quick cadence then costs little.
"""

import csv
import os
import random
import shutil
import signal
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from domain.network import lies_in
from inventory.regions import shipped_regions
from lab.kabupaten import generate
from lab.world import Control
from lab.world.users import AUTH_PASSWORD, PRIV_PASSWORD
from tests.real.listener import listening
from tests.real.octets import Octets
from tests.real.orders import Orders
from tests.real.running_office import (
    CADENCE,
    CUT,
    OLT,
    PORT,
    Office,
    changes_made,
    edited,
    late_after,
    polls_made,
    zone_and_ways,
)
from tests.real.small_disk import empty_the_log, fill, tiny_disk
from tests.real.terminal import Running, Terminal, can_make_namespaces, own_namespace, until
from tests.soaking import Soak

pytestmark = [
    pytest.mark.real,
    pytest.mark.timeout(240),
    pytest.mark.skipif(not can_make_namespaces(), reason="a network namespace of its own takes root"),
]

FAKETIME = next(Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"), None)


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    folder = tmp_path_factory.mktemp("office")
    regions = [region for region in shipped_regions() if lies_in(region.code, "32.14")]
    used = zone_and_ways(generate("32.14", regions, snmp_port=PORT))
    with (folder / "regions.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([("code", "name"), *((region.code, region.name) for region in regions)])
    with own_namespace(f"kr{os.getpid()}") as namespace:
        terminal = Terminal(folder, namespace, {"KENTONGAN_EXPORTER__PORT": "9275", **CADENCE})
        terminal.kentongan("init", "--kabupaten", "32.14")
        control = Control(folder / "var" / "control.sock")
        world = ("--kabupaten", "32.14", "--regions", "regions.csv", "--port", str(PORT))
        with terminal.start(
            *world, "--control", "var/control.sock", program=(sys.executable, "-m", "lab.world")
        ) as process:
            terminal.kentongan("lab", "files", "files", "--port", str(PORT))
            for table, kept, rest in (("devices", used, {"status": "spare"}), ("services", (), {"url": ""})):
                path = folder / "files" / f"{table}.csv"  # applications are served by nobody here
                path.write_bytes(edited(path.read_bytes(), {name: {} for name in kept}, rest))
            assert terminal.json("import", "files")["stored"] is True
            terminal.kentongan("credential", "add", "lab", KENTONGAN_COMMUNITY="public")
            assert until(lambda: process.out.read_text().endswith("\n"), 60), process.errors
            yield Office(terminal, control, frozenset(name for name, checked in used.items() if checked))


@pytest.fixture
def mended(office: Office) -> Iterator[None]:
    """Whatever a test cut is whole before and after it."""
    office.control.restore("all")
    yield
    office.control.restore("all")


@pytest.fixture(scope="module")
def service(office: Office) -> Iterator[Running]:
    """One `run` for the tests that need no other. It starts while everything is dark: see the first test."""
    office.control.power_off("pusat-data")
    with office.run() as running:
        office.shared.append(running)
        yield running


def test_it_is_ready_only_after_the_first_polls(office: Office, service: Running) -> None:
    status, reason = service.get("/readyz")
    assert status == 503
    assert "No device has been polled yet" in reason
    assert service.get("/healthz")[0] == 200
    assert until(lambda: service.get("/readyz")[0] == 200, 20)
    office.control.restore("all")
    assert until(lambda: office.all_up(service), 40), office.rows()
    assert {row[:2] for row in office.rows().values()} == {("up", "answers")}


def test_a_second_run_on_the_same_folder_is_refused(office: Office, service: Running) -> None:
    said = office.terminal.kentongan("run", status=1)
    assert f"process {service.process.pid}" in said


@pytest.mark.usefixtures("mended")
def test_a_changed_inventory_is_taken_over_while_it_runs(office: Office, service: Running) -> None:
    added, moved, rekeyed, removed = "srv-aplikasi-1", "rtr-pangkalan-bojong", "ap-cibingbin-bojong", "ups-pop-bojong"
    assert until(lambda: office.all_up(service), 40)
    before = office.rows()
    devices = office.terminal.folder / "files" / "devices.csv"
    original = devices.read_bytes()
    more = {"KENTONGAN_AUTH_PASSWORD": AUTH_PASSWORD, "KENTONGAN_PRIV_PASSWORD": PRIV_PASSWORD}
    v3 = ("--version", "3", "--user", "labsha", "--auth", "SHA", "--priv", "AES")
    changes = {
        added: {"status": "in-use"}, moved: {"zone": "selatan"}, rekeyed: {"credential": "lab-sha"},
        removed: {"status": "retired"},
    }  # fmt: skip
    (office.terminal.folder / "devices.csv").write_bytes(edited(original, changes, {}))
    try:
        office.terminal.kentongan("credential", "add", "lab-sha", *v3, **more)
        office.terminal.kentongan("import", "devices.csv")

        def taken_over() -> bool:
            scrape = service.scrape()
            zones = {labels["device"]: labels["zone"] for labels, _v, _t in scrape.samples("kentongan_device_info")}
            states = scrape.values("kentongan_device_state")
            return removed not in states and states.get(added) == 4.0 and zones.get(moved) == "selatan"

        assert until(taken_over, 15), "the service does not show what was imported"
        octets = Octets()
        assert late_after(service, octets, 1) == set()
        outcomes = {
            (labels["device"], labels["outcome"]): value
            for labels, value, _at in service.scrape().samples("kentongan_poll_outcomes_total")
        }
        assert outcomes[rekeyed, "unauthorised"] == 0
        assert outcomes[rekeyed, "silent"] == 0
        after = office.rows()
        assert {name: row for name, row in after.items() if name != removed} == {
            name: row for name, row in before.items() if name != removed
        }, "devices that did not change changed their states"
    finally:
        office.terminal.kentongan("import", "files")
    assert until(lambda: office.all_up(service), 20)
    assert added not in service.scrape().values("kentongan_device_state")


@pytest.mark.usefixtures("mended")
def test_a_credential_that_comes_later_is_used_at_once(office: Office, service: Running) -> None:
    office.terminal.kentongan("credential", "add", "lab", KENTONGAN_COMMUNITY="not-this-one")
    try:
        assert until(lambda: set(snmp_states(office, service).values()) == {3.0}, 30), "the old community is still used"
    finally:
        office.terminal.kentongan("credential", "add", "lab", KENTONGAN_COMMUNITY="public")
    assert until(lambda: office.all_up(service), 30)


def snmp_states(office: Office, service: Running) -> dict[str, float]:
    """States of a few devices checked by SNMP and echo."""
    states = service.scrape().values("kentongan_device_state")
    return {name: states[name] for name in (OLT, "rtr-pop-bojong", "rtr-inti-1")}


@pytest.mark.usefixtures("mended")
def test_a_service_that_stood_still_takes_up_where_it_was(office: Office, service: Running) -> None:
    """Stopped for eight rounds of echoes, of which three lost ones make a device silent."""
    octets = Octets()
    assert until(lambda: office.all_up(service), 40)
    assert late_after(service, octets, 1) == set()
    before, changes = office.rows(), changes_made(service)
    service.process.send_signal(signal.SIGSTOP)
    try:
        until(lambda: False, 8.0)
    finally:
        service.process.send_signal(signal.SIGCONT)
    assert late_after(service, octets, 2) == set()
    assert changes_made(service) == changes
    assert office.rows() == before
    assert octets.jumps() == {}


@pytest.mark.usefixtures("mended")
def test_a_database_that_is_locked_for_a_while_loses_nothing(office: Office, service: Running) -> None:
    assert until(lambda: office.all_up(service), 40)
    with closing(sqlite3.connect(office.terminal.folder / "var" / "kentongan.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        polls, changes, recorded = polls_made(service), changes_made(service), recorded_changes(office)
        office.control.cut(CUT)
        assert until(lambda: office.sees_the_dark(service), 20)
        assert polls_made(service) > polls, "polling waited for the database"
        made = changes_made(service) - changes
        assert made > 10
        assert service.scrape().value("kentongan_queue_length", queue="recorder") > 0
        assert recorded_changes(office) == recorded, "somebody wrote into a locked database"
        other.execute("ROLLBACK")
    assert until(lambda: service.scrape().value("kentongan_queue_length", queue="recorder") == 0, 20)
    assert service.get("/readyz")[0] == 200
    words = {1.0: "down", 2.0: "unreachable", 4.0: "up"}
    states = service.scrape().values("kentongan_device_state")
    assert {name: row[0] for name, row in office.rows().items()} == {
        name: words[states[name]] for name in office.polled
    }
    assert recorded_changes(office) >= recorded + made


def recorded_changes(office: Office) -> int:
    with closing(sqlite3.connect(office.terminal.folder / "var" / "kentongan.db")) as database:
        found: int = database.execute("SELECT count(*) FROM state_change").fetchone()[0]
        return found


@pytest.mark.usefixtures("mended")
@pytest.mark.soak
@pytest.mark.timeout(300)
def test_killed_while_polling_it_goes_on_as_if_nothing_had_been(
    office: Office, service: Running, long_form: bool, soak: Soak, chance: random.Random
) -> None:
    """Comes after the tests that share the service: what comes after it has a service of its own.

    Killed at moments that a seed chose, from before its first answer on; 5 times, 200 in the long form.
    """
    octets, kills = Octets(), 200 if long_form else 5
    assert until(lambda: office.all_up(service), 40)
    assert late_after(service, octets, 1) == set()
    before = office.rows()
    office.shared.remove(service)
    service.process.kill()
    service.process.wait()
    for kill in range(kills):
        with office.terminal.start("run") as running:
            running.wait_started()
            if kill % 5 == 0:  # late enough to have something to lose
                assert until(lambda running=running: polls_made(running) > 10, 30)
            until(lambda: False, chance.uniform(0.0, 1.0))
            octets.take(running.scrape())
            running.process.kill()
            running.process.wait()
    with office.run() as running:
        assert late_after(running, octets, 2) == set()
        assert office.all_up(running)
        assert changes_made(running) == 0
    assert office.rows() == before
    assert len(octets.devices()) > 15
    assert octets.over_the_port() == {}
    assert octets.jumps() == {}
    soak.found(
        f"{kills} kills: no state changed, no false rate in {octets.series_count} series of "
        f"{len(octets.devices())} devices"
    )


STORM = {
    "KENTONGAN_ALERTS__SETTLE_SECONDS": "0.3",
    "KENTONGAN_ALERTS__STRAGGLE_SECONDS": "2",
    "KENTONGAN_ALERTS__RETURN_HOLDS_SECONDS": "1",
    "KENTONGAN_ALERTS__RETELL_SECONDS": "1",
} | {
    f"KENTONGAN_POLLING__{name}__{key}": value
    for name in ("FIBRE", "RADIO", "METERED", "SLOW")
    for key, value in (("ICMP_SECONDS", "0.3"), ("ICMP_MISSES", "2"), ("ICMP_TIMEOUT_SECONDS", "0.3"))
}


@pytest.mark.usefixtures("mended")
@pytest.mark.soak
@pytest.mark.timeout(400)
def test_killed_in_a_storm_it_tells_each_incident_and_its_end(
    office: Office, long_form: bool, soak: Soak, chance: random.Random
) -> None:
    """The world is cut and mended at random while the service is killed 20 times, 200 in the long form.

    Somebody notes something just before each kill: it is written and answered, or neither.
    """
    while office.shared:
        assert office.shared.pop().end() == 0
    kills = 200 if long_form else 20
    faults = (CUT, "pangkalan-bojong", "kertasari-bojong", OLT)
    orders = Orders(office.terminal)
    with listening(office.terminal, PORT + 9, office.terminal.folder / "heard") as heard:
        storm = STORM | {"KENTONGAN_NOTIFY__WEBHOOKS": heard.url}
        for _ in range(kills):
            with office.terminal.start("run", **storm) as running:
                running.wait_started()
                worsen(office.control, chance.choice(faults), chance)
                until(lambda: False, chance.uniform(0.8, 2.8))
                orders.note(heard.bodies())
                until(lambda: False, chance.uniform(0.0, 0.6))
                running.process.kill()
                running.process.wait()
        office.control.restore("all")
        with office.run(**storm) as running:
            assert until(lambda: office.all_up(running), 60)
            assert until(lambda: not office.terminal.json("incidents"), 60, 1.0), office.terminal.json("incidents")
            assert until(lambda: untold_ends(heard.bodies()) == set(), 20, 0.5), untold_ends(heard.bodies())
            assert until(lambda: "waiting" not in orders.states(), 20, 0.5)
        bodies = heard.bodies()
    assert orders.wrongly_answered() == {}
    assert orders.states().count("done"), "no order came through"
    of_incident: dict[str, list[str]] = {}
    of_notice: dict[str, str] = {}
    for body in bodies:
        id_ = body["incident"]["id"]
        assert of_notice.setdefault(body["id"], id_) == id_, "a repeat names another incident"
        of_incident.setdefault(id_, []).append(body["event"])
    begun = {"opened", "updated"}  # a late parent begins with the update that takes its children in
    assert {events[0] for events in of_incident.values()} <= begun, of_incident
    findings = office.terminal.json("check", "--audit")
    assert [each["severity"] for each in findings if "log" in each["about"]] == ["ok"], findings
    assert of_incident, "the storm made no incident"
    states = orders.states()
    soak.found(
        f"{kills} kills in a storm: {len(of_incident)} incidents, {len(bodies)} notices, each with its end; "
        f"{states.count('done')} of {len(states)} orders given just before a kill were done, the others refused"
    )


def worsen(control: Control, fault: str, chance: random.Random) -> None:
    """One order at random: cut or mend a link, take or give power, or mend all."""
    if chance.random() < 0.3:
        control.restore("all")
    elif fault.startswith("fo-"):
        control.cut(fault)
    elif fault == OLT:
        control.reboot(fault)
    else:
        control.power_off(fault)


def untold_ends(bodies: list[dict[str, Any]]) -> set[str]:
    """Incidents that were announced and whose end was not."""
    told = {body["incident"]["id"] for body in bodies}
    over = {body["incident"]["id"] for body in bodies if body["event"] == "resolved"}
    taken_in = {id_ for body in bodies for id_ in body["incident"]["mergedFrom"]}
    return told - over - taken_in


@pytest.mark.usefixtures("mended")
def test_a_full_disk_does_not_stop_the_polls(office: Office, tmp_path: Path) -> None:
    with tiny_disk(tmp_path / "disk", 48) as disk:
        state = disk / "var"
        state.mkdir(mode=0o750)
        for name in ("kentongan.db", "key"):
            shutil.copy2(office.terminal.folder / "var" / name, state / name)
        here = {"KENTONGAN_STATE__FOLDER": str(state)}
        with office.run(**here) as running:
            assert until(lambda: office.all_up(running), 40)
            assert until(lambda: empty_the_log(state / "kentongan.db"), 20)
            filler = fill(disk)
            polls = polls_made(running)
            office.control.cut(CUT)
            assert until(lambda: running.scrape().value("kentongan_database_failures_total") > 0, 30)
            assert until(lambda: office.sees_the_dark(running), 20)
            assert polls_made(running) > polls
            status, reason = running.get("/readyz")
            assert status == 503
            assert "full" in reason
            filler.unlink()
            assert until(lambda: running.scrape().value("kentongan_queue_length", queue="recorder") == 0, 20)
            assert until(lambda: running.get("/readyz")[0] == 200, 10)
            assert office.rows(**here)[OLT][:2] == ("down", "icmp-silent")


@pytest.mark.skipif(FAKETIME is None, reason="libfaketime is not installed (apt: faketime)")
def test_a_clock_that_jumps_changes_no_state_and_makes_no_rate(office: Office) -> None:
    offset = office.terminal.folder / "offset"
    offset.write_text("+0")
    octets = Octets()
    with office.run(**faked(FAKETIME_TIMESTAMP_FILE=str(offset), FAKETIME_CACHE_DURATION="1")) as running:
        assert until(lambda: office.all_up(running), 40)
        assert late_after(running, octets, 2) == set()
        octets.call_this_usual()
        changes = changes_made(running)
        for jump in ("+3600", "-7200"):
            offset.write_text(jump)
            assert until(lambda: running.value("kentongan_clock_trusted") == 0.0, 10)
            assert late_after(running, octets, 1) == set()
        offset.write_text("+0")
        assert until(lambda: running.value("kentongan_clock_trusted") == 1.0, 10)
        assert late_after(running, octets, 1) == set()
        assert changes_made(running) == changes
        assert office.all_up(running)
    assert octets.over_the_port() == {}
    assert octets.jumps() == {}


@pytest.mark.skipif(FAKETIME is None, reason="libfaketime is not installed (apt: faketime)")
def test_waking_in_2021_changes_no_state_and_is_told(office: Office) -> None:
    before, recorded = office.rows(), recorded_changes(office)
    past = faked(FAKETIME="@2021-01-03 04:05:06")
    with office.run(**past) as running:
        assert late_after(running, Octets(), 1) == set()
        assert office.all_up(running)
        assert changes_made(running) == 0
        assert running.value("kentongan_clock_trusted") == 0.0
    assert office.rows() == before
    assert recorded_changes(office) == recorded
    wrong = [f for f in office.terminal.json("check", status=1, **past) if f["severity"] == "wrong"]
    assert [finding["about"] for finding in wrong] == ["clock"]
    assert "2021-01-03" in wrong[0]["message"]


def faked(**how: str) -> dict[str, str]:
    """For one process: its wall clock is another one, its steady clock is not."""
    return {"LD_PRELOAD": str(FAKETIME), "FAKETIME_DONT_FAKE_MONOTONIC": "1", **how}
