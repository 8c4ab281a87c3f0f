"""`kentongan site apply` against simulated RouterOS over real SSH: built, verified, taken back; locked out, healed."""

import json
import re
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from domain.network import DeviceStatus, Stage
from domain.secrets import Secret, SshLogin
from lab.cli import SimulatedDevice, running_cli
from tests.real.planned_office import FIRST_PASSWORD, LATER_PASSWORD, POP, ROUTER, SITE, Office, Place, set_up

pytestmark = [pytest.mark.real, pytest.mark.timeout(60)]


class Bench:
    """The office, its router and its PoP's."""

    def __init__(self, office: Office, pop: SimulatedDevice, router: SimulatedDevice) -> None:
        self.office = office
        self.pop = pop
        self.router = router

    def exports(self) -> tuple[str, str]:
        return told(self.pop), told(self.router)


def told(device: SimulatedDevice) -> str:
    """Without the hour at its head."""
    return re.sub(r"^# .* by RouterOS", "# by RouterOS", device.configuration(), flags=re.MULTILINE)


@pytest.fixture
def bench(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Iterator[Bench]:
    monkeypatch.setenv("LANGUAGE", "en")
    monkeypatch.chdir(tmp_path)
    pop = SimulatedDevice.routeros("7.16", hostname="pop", serial="POP0001", boot_seconds=0.3)
    router = SimulatedDevice.routeros("7.16", hostname="baru", serial="HE108PZ0LAB", boot_seconds=0.3)
    first = SshLogin("first", "admin", Secret(FIRST_PASSWORD))
    for device in (pop, router):
        device.advance(600)  # what is scheduled for their start has run
    with ExitStack() as stack:
        at_pop = stack.enter_context(running_cli(pop, user="admin", password=FIRST_PASSWORD, host="127.0.0.2"))
        at = stack.enter_context(running_cli(router, user="admin", password=FIRST_PASSWORD, host="127.0.0.3"))
        office = Office(tmp_path, capsys)
        set_up(
            office,
            "mikrotik-routeros",
            Place(at_pop.host, at_pop.port, first),
            Place(at.host, at.port, first, "HE108PZ0LAB"),
        )
        yield Bench(office, pop, router)


def steps(office: Office) -> dict[str, str]:
    """Of the last job: name → state."""
    (job, *_older) = json.loads(office.call("site", "jobs", SITE, "--json")[1])
    return {f"{each['step']} {each['device'] or ''}".rstrip(): each["state"] for each in job["steps"]}


def test_an_office_is_built_verified_and_taken_back(bench: Bench) -> None:
    office, before = bench.office, bench.exports()
    status, out, err = office.call("site", "apply", SITE)
    assert status == 0, out + err
    assert "kentongan dinkes lan" in told(bench.pop)
    assert "name=rtr-dinkes" in told(bench.router)
    # Nothing is left that would bring the old back, and nothing that holds a secret.
    assert "kentongan-revert" not in told(bench.router) + told(bench.pop)
    assert [name for name in bench.router.model.file_names() if name.endswith(".rsc")] == []
    with office.open() as installation:
        inventory = installation.inventory.read()
        router = next(each for each in inventory.devices if each.name == ROUTER)
        assert (router.status, router.credential, router.uplink) == (DeviceStatus.IN_USE, "office-snmp", (POP,))
        assert inventory.site_by_slug[SITE].stage is Stage.BUILT
        said = " ".join(str(each.detail) for each in installation.journal.read(0, 1000))
    assert "/import file-name" in said
    assert not [secret for secret in ("sandi-auth", "sandi-priv", FIRST_PASSWORD, LATER_PASSWORD) if secret in said]
    sheet = json.loads(next((office.folder / "var" / "acceptance").glob("*.json")).read_text())
    assert {each["name"]: each["outcome"] for each in sheet["checks"]} == {
        "reachable": "passed",
        "no-default-credentials": "passed",
    }
    # Applied again there is nothing to do for the devices: the job is new, the configuration is not.
    status, out, err = office.call("site", "rollback", SITE)
    assert status == 0, out + err
    assert bench.exports() == before
    with office.open() as installation:
        inventory = installation.inventory.read()
        assert next(each for each in inventory.devices if each.name == ROUTER).status is DeviceStatus.PLANNED
        assert inventory.site_by_slug[SITE].stage is Stage.PLANNED
        assert not [each for each in inventory.prefixes if each.site == SITE]


def test_a_push_that_locks_us_out_is_taken_back_by_the_router(bench: Bench) -> None:
    """The management network leaves us out: our own session is cut in the middle of it."""
    office, before = bench.office, bench.exports()
    office.call("site", "set", "--kabupaten", "management_networks=10.9.0.0/24")
    (office.folder / "kentongan.toml").write_text("[changes]\nrevert_seconds = 6\n")
    status, out, err = office.call("site", "apply", SITE)
    assert status == 1
    assert "taken back" in out, out + err
    assert bench.exports() == before
    assert bench.router.reboots == 1
    found = steps(office)
    assert found[f"revert {ROUTER}"] == found["release"] == "done"
    assert "verify" not in {name for name, state in found.items() if state == "done"}
    assert "in quarantine" in office.call("pool", "show", "lan")[1]
