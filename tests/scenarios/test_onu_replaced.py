"""An ONU on its OLT: another unit in its place, and the site behind it suspended; told, looked at, taken back."""

import re
from contextlib import redirect_stdout
from dataclasses import replace
from importlib.resources import files
from io import StringIO
from pathlib import Path

import pytest

from domain.changes import JobKind, JobState
from domain.network import Check, Device, Role, Stage
from domain.secrets import Secret, SshLogin
from kentongan.changing import ending
from kentongan.changing.changes import SiteChanges
from kentongan.changing.replacing import Replacement, prepare
from kentongan.changing.swapping import first_kept
from kentongan.errors import UsageError
from kentongan.installation import Installation
from kentongan.planning.sources import provisioning_folder
from kentongan.settings import load_settings
from lab.cli import SimulatedDevice
from lab.cli.conversation import Login
from provisioning.platforms.pushing import PUSHING
from provisioning.profiles import Layer
from tests.command_line import status_of
from tests.simulated_shells import SimulatedShells
from tests.site_office import NOW, SLUG, make_office
from tests.told_device import ToldDevice

OLT, POP, ONU = "olt-sukatani", "rtr-sukatani", f"onu-{SLUG}"
OLD, NEW = "ZTEGC0FFEE01", "ZTEG00AB12CD"
POOLS = (
    ("lo", "10.32.0.0/24", "--length", "32", "--purpose", "loopback"),
    ("link", "10.32.1.0/24", "--length", "30", "--purpose", "link"),
    ("mgmt", "10.32.8.0/21", "--length", "28", "--purpose", "management"),
    ("lan", "10.33.0.0/16", "--length", "24", "--purpose", "lan"),
    ("vlan-up", "100-109", "--kind", "vlan", "--purpose", "uplink"),
    ("vlan-mgmt", "20-29", "--kind", "vlan", "--purpose", "management"),
)


def prepared(folder: Path) -> Installation:
    """A desa on fibre that is in use. Its ONU's serial stands in devices.csv and in the site's variables."""
    installation = Installation(load_settings(None), "siti").prepare()
    office = make_office(installation.loaded.folder / "provisioning")
    there: dict[str, object] = {"tcont_profile": "10M", "traffic_profile": None, "olt_uplink": "gei_1/3/1"}
    office.folder.write(Layer.DEVICE, OLT, there)
    office.folder.write(Layer.SITE, SLUG, {"profile": "desa-diam"})
    shipped = files("provisioning.profiles").joinpath("desa-fibre.yaml").read_text("utf-8")
    quiet = shipped.replace("profile: desa-fibre", "profile: desa-diam")
    office.folder.profiles.mkdir()
    (office.folder.profiles / "desa-diam.yaml").write_text(re.sub(r"checks: .*", "checks: []", quiet))
    installation.vault.put(SshLogin("olt-ssh", "noc", Secret("rahasia")))
    devices = [
        replace(each, address="10.9.0.2", credential="olt-ssh") if each.name == OLT else each
        for each in office.inventory.devices
    ]
    sites = [replace(each, stage=Stage.ACTIVE) for each in office.inventory.sites]
    onu = Device(ONU, SLUG, Role.ONU, serial=OLD, model="F660", check=Check.NONE, olt=OLT, olt_port="1/1/3", onu_id="5")
    installation.inventory.write([*sites, *devices, onu])
    with redirect_stdout(StringIO()):
        assert {status_of("pool", "add", *words) for words in POOLS} == {0}
    return installation


def variables(installation: Installation) -> dict[str, object]:
    return dict(provisioning_folder(installation.loaded.folder).read(Layer.SITE, SLUG).values)


def test_the_olt_alone_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANGUAGE", "en")
    monkeypatch.chdir(tmp_path)
    device = SimulatedDevice.zte_olt()
    with prepared(tmp_path) as installation:
        changes = SiteChanges(installation, "https://nms.example.go.id")
        changes.config.shells = shells = SimulatedShells({"10.9.0.2": device})  # type: ignore[assignment]
        changes.config.backups._shells = shells
        plan = changes.planner().plan(SLUG, NOW, profile="desa-diam")
        wanted = next(each for each in plan.configurations if each.device == OLT)
        building = ToldDevice(device, PUSHING[wanted.platform], wanted, shared=True)
        building.push()
        building.keep()
        built = device.configuration()
        assert OLD in built

        made = prepare(changes, Replacement(ONU, NEW, login="olt-ssh"))
        assert made.told == (OLT,)
        job = changes.begin(SLUG, made.kind, made.told, made.order, first_kept(changes, made), made.profile)
        assert job.state is JobState.DONE, job.why
        assert NEW in device.configuration()
        assert OLD not in device.configuration()
        rows = {each.name: each for each in installation.inventory.read().devices}
        assert (rows[ONU].serial, rows[ONU].onu_id, rows[f"{ONU}-{OLD}"].onu_id) == (NEW, "5", "")
        assert variables(installation)["onu_serial"] == NEW

        job = changes.rollback(SLUG)
        assert job.state is JobState.UNDONE, job.why
        assert device.configuration() == built
        assert variables(installation)["onu_serial"] == OLD


def test_a_site_on_fibre_is_switched_off_on_its_olt_and_its_pop_and_on_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LANGUAGE", "en")
    monkeypatch.chdir(tmp_path)
    devices = {"10.9.0.2": SimulatedDevice.zte_olt(), "10.9.0.3": SimulatedDevice.routeros("7.16", hostname="pop")}
    with prepared(tmp_path) as installation:
        pop = next(each for each in installation.inventory.read().devices if each.name == POP)
        installation.inventory.write([replace(pop, address="10.9.0.3", credential="olt-ssh")])
        changes = SiteChanges(installation, "https://nms.example.go.id", pause=lambda _seconds: None)
        changes.config.shells = shells = SimulatedShells(devices)  # type: ignore[assignment]
        changes.config.backups._shells = shells
        plan = changes.planner().plan(SLUG, NOW, profile="desa-diam")
        for device, name in zip(devices.values(), (OLT, POP), strict=True):
            wanted = next(each for each in plan.configurations if each.device == name)
            device.model.add_login("noc", "rahasia", "")
            console = device.open(Login("noc", device.manager, rows=0))
            before = ("configure terminal",) if name == OLT else ()
            for line in (*before, *wanted.lines()):
                if name == OLT and not line.startswith(" ") and "(config-" in console.prompt():
                    device.take(console, "noc", "exit")
                assert "rror" not in device.take(console, "noc", line.strip()).text, line
        built = [shown(each) for each in devices.values()]

        def ended(kind: JobKind) -> list[list[str]]:
            made = ending.prepare(changes, kind, SLUG, "tagihan")
            assert made.told == (OLT, POP)
            job = changes.begin(SLUG, kind, made.told, made.order, made.kept, made.profile)
            assert job.state is JobState.DONE, job.why
            return [shown(each) for each in devices.values()]

        olt, router = ended(JobKind.SUSPEND)
        assert [line.strip() for line in built[0] if line not in olt] == [
            "service-port 1 vport 1 user-vlan 100 vlan 100"
        ]
        assert ["disabled=yes" in " ".join(each) for each in (built[1], router)] == [False, True]
        site = installation.inventory.read().site_by_slug[SLUG]
        assert site.stage is Stage.SUSPENDED
        assert ended(JobKind.RESUME) == built


def shown(device: SimulatedDevice) -> list[str]:
    """Without the hour."""
    return [line for line in device.configuration().splitlines() if not line.startswith("# ")]


def test_without_an_intent_nobody_knows_what_the_olt_is_to_be_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LANGUAGE", "en")
    monkeypatch.chdir(tmp_path)
    with prepared(tmp_path) as installation:
        (installation.loaded.folder / "provisioning" / "variables" / "sites" / f"{SLUG}.yaml").unlink()
        changes = SiteChanges(installation, "https://nms.example.go.id")
        with pytest.raises(UsageError, match=f"device replace {ONU} --serial {NEW} --already"):
            prepare(changes, Replacement(ONU, NEW))
