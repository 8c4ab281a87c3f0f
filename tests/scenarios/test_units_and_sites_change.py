"""A unit exchanged, a site suspended, resumed and taken down: killed at every step, it goes on or comes back whole."""

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import replace
from datetime import UTC, date, datetime
from io import StringIO
from pathlib import Path

import pytest

from alerts.store.maintenance import SqlMaintenance
from collectors.store.heartbeat_tokens import SqlTokenStore
from domain.changes import Job, JobKind, JobState
from domain.incidents import ActKind, Cause, CauseKind, Condition, Incident, Member, Urgency
from domain.network import DeviceStatus, Inventory, Stage
from domain.secrets import Secret, SshLogin
from domain.services import hash_of, make_token
from domain.services.tokens import TOKEN_OCTETS
from domain.shell import Command, HostKey, ShellTarget, UnreachableError
from inventory.store.units import SqlUnits
from kentongan.addresses import address_plan
from kentongan.changing import ending, replacing
from kentongan.changing.changes import SiteChanges
from kentongan.changing.swapping import first_kept
from kentongan.errors import UsageError
from kentongan.installation import Installation
from kentongan.planning.sources import provisioning_folder
from lab.cli import SimulatedDevice
from provisioning.backup import Why
from provisioning.profiles import Layer, site_profiles
from provisioning.profiles.assembling import requests_of
from tests.command_line import status_of
from tests.real.planned_office import FIRST_PASSWORD, POP, ROUTER, SITE, Office, Place, set_up
from tests.simulated_shells import SimulatedShell, SimulatedShells

URL = "https://nms.example.go.id"
OLD, NEW = "HE108PZ0OLD", "HGQ09NEW123"
LAMA = """\
/system identity set name=lama
/ip address add address=10.1.1.1/24 interface=ether2
/ppp secret add name=a password=***
"""
TOKEN = make_token(bytes(TOKEN_OCTETS))
KEY = HostKey("ssh-ed25519", "AAAAC3NzaC1lZDI1NTE5AAAAIOLD")


class Killed(BaseException):
    """As by kill -9."""


def told(device: SimulatedDevice) -> str:
    """Without the hour at its head."""
    return re.sub(r"^# .* by RouterOS", "# by RouterOS", device.configuration(), flags=re.MULTILINE)


def dark(id_: str, *names: str) -> Incident:
    cause, since = Cause(CauseKind.DEVICE, names[0]), datetime(2026, 11, 20, tzinfo=UTC)
    members = tuple(Member(name, since) for name in names)
    return Incident(id_, Condition.OUTAGE, cause, "silent", Urgency.PAGE, since, since, members)


class World:
    """An office in use, its PoP, and the unit that stands in its router's place."""

    def __init__(self, office: Office) -> None:
        self.office = office
        self.pop = SimulatedDevice.routeros("7.16", hostname="pop", serial="POP0001", boot_seconds=0.01)
        self.unit = SimulatedDevice.routeros(
            "7.18", hostname="MikroTik", serial=NEW, board="L009UiGS", boot_seconds=0.01
        )
        for device in (self.pop, self.unit):
            device.model.add_login("admin", FIRST_PASSWORD, "")
        self.bare = told(self.pop), told(self.unit)
        first = SshLogin("first", "admin", Secret(FIRST_PASSWORD))
        set_up(
            office, "mikrotik-routeros", Place("127.0.0.2", 22, first), Place("127.0.0.3", 22, first, OLD), checks=""
        )
        self.shells = SimulatedShells({"127.0.0.2": self.pop, "127.0.0.3": self.unit})
        with office.open() as installation:
            self._begin(installation)
        self.lines = told(self.pop)

    def _begin(self, installation: Installation) -> None:
        inventory = installation.inventory.read()
        site = replace(inventory.site_by_slug[SITE], stage=Stage.ACTIVE, stage_date=date(2026, 1, 31))
        rows = [replace(each, status=DeviceStatus.IN_USE, model="RB760iGS") for each in inventory.devices]
        pop = next(each for each in inventory.devices if each.name == POP)
        installation.inventory.write(
            [site, replace(pop, serial="POP0001"), *(each for each in rows if each.name == ROUTER)]
        )
        profile = site_profiles(provisioning_folder(installation.loaded.folder).profiles).get("bench-office")
        now = installation.clock.now().utc
        address_plan(installation).allocate(requests_of(profile, SITE, site.region_code or ""), now)
        changes = self.changes(installation)
        plan, parties = changes.planned(SITE)
        shell = self.shells.open(parties[POP].first)
        for line in next(each for each in plan.configurations if each.device == POP).lines():
            assert shell.run(Command(line)).text.strip() == "", line
        changes.config.keys.refuse(ROUTER, KEY)
        changes.config.keys.accept(ROUTER)

    def changes(
        self,
        installation: Installation,
        reached: Callable[[str], None] = lambda _moment: None,
        contacts: Mapping[str, str] | None = None,
    ) -> SiteChanges:
        def pause(seconds: float) -> None:
            for device in self.shells.devices.values():
                device.advance(seconds)

        made = SiteChanges(installation, URL, reached=reached, pause=pause, contacts=contacts)
        made.config.shells = self.shells  # type: ignore[assignment]
        made.config.backups._shells = self.shells
        return made

    def state(self, installation: Installation) -> tuple[object, ...]:
        """Everything that a change may change."""
        inventory: Inventory = installation.inventory.read()
        given = [(each.label, each.text, each.until is None) for each in address_plan(installation).allocations(SITE)]
        folder = provisioning_folder(installation.loaded.folder)
        windows = [each.id for each in SqlMaintenance(installation.database.engine).read() if each.ended_at is None]
        return (
            inventory.devices,
            (inventory.site_by_slug[SITE].stage, inventory.site_by_slug[SITE].stage_date),
            [each for each in inventory.prefixes if each.site == SITE],
            sorted(given),
            folder.read(Layer.SITE, SITE).values,
            self.changes(installation).config.keys.known(ROUTER),
            SqlUnits(installation.database.engine).replaced(),
            windows,
            told(self.pop),
            told(self.unit),
        )


Begin = Callable[[SiteChanges], Job]


def replaces(changes: SiteChanges) -> Job:
    order = replacing.Replacement(ROUTER, NEW, fate=DeviceStatus.RMA, login="first", reason="petir")
    made = replacing.prepare(changes, order)
    return changes.begin(SITE, made.kind, made.told, made.order, first_kept(changes, made), made.profile)


def ends(kind: JobKind) -> Begin:
    def begin(changes: SiteChanges) -> Job:
        made = ending.prepare(changes, kind, SITE, "kontrak habis")
        return changes.begin(SITE, kind, made.told, made.order, made.kept, made.profile)

    return begin


BEGINS = {
    JobKind.REPLACE: replaces,
    JobKind.SUSPEND: ends(JobKind.SUSPEND),
    JobKind.DECOMMISSION: ends(JobKind.DECOMMISSION),
}


class QuietOffice(Office):
    """Its commands print nothing."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def call(self, *words: str) -> tuple[int, str, str]:
        with redirect_stdout(StringIO()) as said, redirect_stderr(StringIO()) as errors:
            return status_of(*words), said.getvalue(), errors.getvalue()


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """One for all: each test leaves it as it was, but for what backups keep."""
    folder = tmp_path_factory.mktemp("office")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LANGUAGE", "en")
        patch.chdir(folder)
        yield World(QuietOffice(folder))


def whole(world: World, run: Begin, *steps: str) -> Job:
    """Killed after each of these steps has acted, before that is written down; said again until it is over."""
    left = {f"{step}: acted" for step in steps}

    def reached(moment: str) -> None:
        if moment in left:
            left.remove(moment)
            raise Killed

    order = run
    for _turn in range(len(steps) + 1):
        try:
            with world.office.open() as installation:
                job = order(world.changes(installation, reached))
        except Killed:
            order = go_on
        else:
            assert not left, job.why
            return job
    raise AssertionError(left)


def go_on(changes: SiteChanges) -> Job:
    return changes.apply(SITE)


def take_back(changes: SiteChanges) -> Job:
    return changes.rollback(SITE)


def test_without_intent_the_last_backup_is_what_the_new_unit_gets(world: World) -> None:
    """And a unit of another platform, or one that works elsewhere, is not begun with."""
    folder = world.office.folder / "var" / "provisioning"
    intent = folder / "variables" / "sites" / f"{SITE}.yaml"
    kept = intent.read_text()
    intent.unlink()
    with world.office.open() as installation:
        changes = world.changes(installation)
        order = replacing.Replacement(ROUTER, NEW, login="first")
        with pytest.raises(UsageError, match="neither an intent nor a backup"):
            replacing.prepare(changes, order)
        text = LAMA
        changes.config.repository.put(ROUTER, SITE, text, Why("test"), (3, 0), installation.clock.now().utc)
        with pytest.raises(UsageError, match="huawei-vrp"):
            replacing.prepare(changes, replace(order, platform="huawei-vrp"))
        with pytest.raises(UsageError, match=POP):
            replacing.prepare(changes, replace(order, serial="POP0001"))
        made = replacing.prepare(changes, order)
        assert made.lacking == ("/ppp secret add name=a password=***",)
        job = changes.begin(SITE, made.kind, made.told, made.order, first_kept(changes, made), made.profile)
        assert job.state is JobState.DONE, job.why
        assert "set name=lama" in told(world.unit)
        assert "address=10.1.1.1/24" in told(world.unit)
        job = changes.rollback(SITE)
        assert job.state is JobState.UNDONE
        assert told(world.unit) == world.bare[1]
    intent.write_text(kept)


def test_a_replacement_killed_at_every_step_goes_on_and_gives_the_old_unit_back(world: World) -> None:
    with world.office.open() as installation:
        before = world.state(installation)
        of_device = (f"{step} {ROUTER}" for step in ("arm", "push", "confirm", "disarm", "backup"))
        job = whole(world, BEGINS[JobKind.REPLACE], "meet", *of_device, "swap")
        assert job.state is JobState.DONE, job.why
        check_done(JobKind.REPLACE, world, installation)
        assert whole(world, take_back, f"revert {ROUTER}", "restore").state is JobState.UNDONE
        assert world.state(installation) == before


def test_a_decommission_killed_goes_on_and_the_site_comes_back(world: World) -> None:
    with world.office.open() as installation:
        before, tokens = world.state(installation), SqlTokenStore(installation.database.engine, lambda: 1e9)
        tokens.put(SITE, hash_of(TOKEN))
        job = whole(world, BEGINS[JobKind.DECOMMISSION], "retire", "free")
        assert job.state is JobState.DONE, job.why
        check_done(JobKind.DECOMMISSION, world, installation)
        assert tokens.read().site_of(TOKEN.reveal()) is None
        with pytest.raises(UsageError, match="new slug"):
            world.changes(installation).apply(SITE)
        assert whole(world, take_back, f"revert {POP}", "restore").state is JobState.UNDONE
        assert world.state(installation) == before
        assert tokens.read().site_of(TOKEN.reveal()) == SITE
        tokens.revoke(SITE)


def test_a_wrong_serial_is_told_nothing_and_the_right_one_is_named(world: World) -> None:
    with world.office.open() as installation:
        before = world.state(installation)
        changes = world.changes(installation)
        made = replacing.prepare(changes, replacing.Replacement(ROUTER, "HF200OTHER9", login="first"))
        job = changes.begin(SITE, made.kind, made.told, made.order, first_kept(changes, made), made.profile)
        assert job.state is JobState.OPEN
        assert f"kentongan device replace {ROUTER} --serial {NEW}" in job.why
        with pytest.raises(UsageError, match="site rollback"):
            replaces(changes)
        assert changes.rollback(SITE).state is JobState.UNDONE
        assert world.state(installation) == before


def check_done(kind: JobKind, world: World, installation: Installation) -> None:
    inventory = installation.inventory.read()
    rows = {each.name: each for each in inventory.devices}
    stage = inventory.site_by_slug[SITE].stage
    given = address_plan(installation).allocations(SITE)
    match kind:
        case JobKind.REPLACE:
            old = rows.pop(f"{ROUTER}-{OLD}")
            assert (old.serial, old.model, old.status) == (OLD, "RB760iGS", DeviceStatus.RMA)
            assert (rows[ROUTER].serial, rows[ROUTER].model, rows[ROUTER].status) == (
                NEW,
                "L009UiGS",
                DeviceStatus.IN_USE,
            )
            (done,) = SqlUnits(installation.database.engine).replaced()
            assert (done.reason, done.old_name) == ("petir", old.name)
            assert "name=rtr-dinkes" in told(world.unit)
            assert told(world.pop) == world.lines
        case JobKind.SUSPEND:
            assert stage is Stage.SUSPENDED
            assert all(each.until is None for each in given)
            assert rows[ROUTER].status is DeviceStatus.IN_USE
            assert "disabled=yes" in told(world.pop)
            assert "disabled" not in world.lines
            (window,) = SqlMaintenance(installation.database.engine).read(installation.clock.now().utc)
            assert (str(window.scopes[0]), window.reason) == ("site:dinkes", "isolir: kontrak habis")
        case JobKind.DECOMMISSION:
            assert stage is Stage.RETIRED
            assert all(each.until is not None for each in given)
            assert rows[ROUTER].status is DeviceStatus.SPARE
            assert told(world.pop) == world.bare[0]
        case _:
            raise AssertionError(kind)
    assert "kentongan-revert" not in told(world.pop) + told(world.unit)


def test_a_suspended_site_is_resumed_in_its_stage(world: World) -> None:
    """What was open there alone is closed by who suspended it; nothing is built there meanwhile."""
    with world.office.open() as installation:
        before = world.state(installation)
        installation.incidents.save([dark("alone", ROUTER), dark("wider", ROUTER, POP)])
        job = whole(world, BEGINS[JobKind.SUSPEND], "stage")
        assert job.state is JobState.DONE, job.why
        check_done(JobKind.SUSPEND, world, installation)
        assert job.steps[-1].evidence == "active → suspended"  # closed by the try before
        (closed,) = installation.acts.of("alone")
        assert (closed.kind, closed.actor, closed.text) == (ActKind.CLOSED, "siti", "kontrak habis")
        assert closed.values == {"cause": "isolir"}
        assert installation.acts.of("wider") == ()
        with pytest.raises(UsageError, match=f"kentongan site resume {SITE}"):
            world.changes(installation).apply(SITE)
        with pytest.raises(UsageError, match="suspended"):
            BEGINS[JobKind.SUSPEND](world.changes(installation))
        job = ends(JobKind.RESUME)(world.changes(installation))
        assert job.state is JobState.DONE, job.why
        assert world.state(installation) == before


def test_what_is_exchanged_already_is_written_down_and_its_key_believed(world: World) -> None:
    offered = HostKey("ssh-ed25519", "AAAAC3NzaC1lZDI1NTE5AAAAINEW")
    with world.office.open() as installation:
        before = world.state(installation)
        changes = world.changes(installation)
        changes.config.keys.refuse(ROUTER, offered)
        made = replacing.prepare(changes, replacing.Replacement(ROUTER, NEW, "L009UiGS", already=True))
        job = changes.begin(SITE, made.kind, made.told, made.order, first_kept(changes, made))
        assert (job.state, [step.name for step in job.steps]) == (JobState.DONE, ["swap"])
        assert changes.config.keys.known(ROUTER) == offered
        assert told(world.unit) == world.bare[1]
        assert installation.inventory.read().used_by_name[ROUTER].serial == NEW
        assert changes.rollback(SITE).state is JobState.UNDONE
        assert world.state(installation) == before


class Moving(SimulatedShells):
    """At its planned address the unit answers only while it is what it was told to be."""

    def open(self, target: ShellTarget) -> SimulatedShell:
        moved = "name=rtr-dinkes" in told(self.devices["127.0.0.9"])
        if (target.address == "127.0.0.3") is not moved and target.address != "127.0.0.2":
            raise UnreachableError(target.device, f"nobody answers at {target.address}")
        return super().open(target)


def test_the_address_of_first_contact_is_said_once(world: World) -> None:
    """To the apply that goes on after a kill, to the rollback, and to an apply after that, nobody says it again."""
    at = {ROUTER: "127.0.0.9"}
    shells, world.shells = world.shells, Moving({**world.shells.devices, "127.0.0.9": world.unit})
    with world.office.open() as installation:
        inventory = installation.inventory.read()
        row = inventory.used_by_name[ROUTER]
        installation.inventory.write([replace(row, serial=NEW)])

        def killed(moment: str) -> None:
            if moment == f"arm {ROUTER}: acted":
                raise Killed

        with pytest.raises(Killed):
            world.changes(installation, killed, at).apply(SITE)
        job = world.changes(installation).apply(SITE)
        assert job.state is JobState.DONE, job.why
        assert "name=rtr-dinkes" in told(world.unit)
        job = world.changes(installation).rollback(SITE)
        assert (job.state, told(world.unit)) == (JobState.UNDONE, world.bare[1]), job.why
        with pytest.raises(Killed):
            world.changes(installation, killed).apply(SITE)
        assert world.changes(installation).rollback(SITE).state is JobState.UNDONE
        installation.inventory.write([row, *(each for each in inventory.prefixes if each.site == SITE)])
    world.shells = shells


def test_a_router_that_has_just_started_is_told_nothing_for_a_minute(world: World) -> None:
    """What it is armed with for its next start would run at this one."""
    with world.office.open() as installation:
        before = world.state(installation)
        world.pop.reboot()
        world.pop.advance(5)
        job = BEGINS[JobKind.SUSPEND](world.changes(installation))
        assert job.state is JobState.DONE, job.why
        (armed,) = (step for step in job.steps if step.name == f"arm {POP}")
        assert armed.evidence.startswith("It had just started; waited 5")
        assert world.changes(installation).rollback(SITE).state is JobState.UNDONE
        assert world.state(installation) == before
