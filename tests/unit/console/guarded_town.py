"""A real installation of two kecamatan, wired as it is served: everything outside Plered carries a marker in its name.

An account of Plered (or of one agency there) must never see a marker, on no page and in no answer.
"""

import base64
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.routing import RouteContext, iter_route_contexts
from fastapi.testclient import TestClient
from sqlalchemy import inspect, text
from starlette.routing import Mount

from alerts.evidence.fades import DayMedian
from alerts.maintenance.windows import Scope, ScopeKind, Window, WorkKind
from alerts.store.maintenance import SqlMaintenance
from alerts.store.trends import SqlTrends
from collectors.store.plans import DeviceFacts
from console.entrance import hash_of
from console.ports.services import Board
from console.store import SqlAccounts, SqlSessions
from console.web.visit import COOKIE
from domain.accounts import Account, Session
from domain.changes import JobState, StepKind, StepState, Wave, new_job
from domain.changes.waves import WaveSite, WaveSiteState
from domain.coverage.evidence import UseDay
from domain.incidents import (
    Act,
    ActKind,
    Cause,
    CauseKind,
    Condition,
    Evidence,
    EvidenceKind,
    Impact,
    Incident,
    Liable,
    Member,
    Party,
    Phase,
    Place,
    Urgency,
    Verdict,
    VerdictKind,
)
from domain.incidents import Confidence as Sure
from domain.network import (
    Contract,
    Device,
    DeviceStatus,
    Link,
    Medium,
    Person,
    PersonRole,
    RegionCode,
    Role,
    Segment,
    SegmentKind,
    Service,
    Site,
    SiteKind,
    Stage,
    StageEntry,
    Village,
)
from domain.network.units import UnitQuestion
from domain.polling import Plan
from domain.services import CertificateFacts, CertificateRole, CheckKind, Finding, Hop, Phases, ServiceWord
from domain.services.standing import Standing
from domain.shell import HostKey
from domain.states import State, StateChange
from inventory.importing.shapes import Shape
from inventory.store.coverage import SqlCoverageStore
from inventory.store.rows import upsert
from inventory.store.shapes import SqlShapeStore
from inventory.store.tables import regions
from inventory.store.units import SqlUnits
from kentongan.backups import ConfigBackups, host_keys
from kentongan.console_adapters.server import application_of
from kentongan.console_adapters.services import PolledServices
from kentongan.console_adapters.tokens import Tokens
from kentongan.installation import Installation
from kentongan.settings import load_settings
from provisioning.backup import Why
from provisioning.store.changes import SqlJobStore
from provisioning.store.waves import SqlWaveStore

MARK = "rahasia"
PLERED, OUTSIDE = RegionCode("32.14.05"), RegionCode("32.14.10")
EVIL = """<script>alert(1)</script>"'><img src=x onerror=alert(1)>"""
AGENCY = "Dinas Pendidikan"
NAMES = {
    "32.14": "Kabupaten Purwakarta", PLERED: "Plered", f"{PLERED}.2001": "Citeko", f"{PLERED}.2002": "Gandamekar",
    OUTSIDE: f"{MARK}-Tegalwaru", f"{OUTSIDE}.2001": f"{MARK}-Cadassari", f"{OUTSIDE}.2002": f"{MARK}-Sukamulya",
}  # fmt: skip
NOW = datetime.now(UTC).replace(microsecond=0)
HOUR = timedelta(hours=1)


def _site(slug: str, kind: SiteKind, code: str | None, **more: object) -> Site:
    mark = f"{MARK}-" if slug.startswith(MARK) else ""
    texts = {name: f"{mark}{name} {slug}{EVIL}" for name in ("address", "access_note", "contact", "power_feeder")}
    more = {"contract": f"{mark}K-1", "document_no": f"{mark}BAST", **texts, **more}
    return Site(slug, f"{mark}Lokasi {slug}{EVIL}", kind, RegionCode(code) if code else None, **more)  # type: ignore[arg-type]


def _device(name: str, site: str, role: Role, address: str, **more: object) -> Device:
    mark = f"{MARK}-" if name.startswith(MARK) else ""
    texts = {each: f"{mark}{each}-{name}{EVIL}" for each in ("model", "serial", "asset_no", "owner", "zone")}
    return Device(name, site, role, "mikrotik-routeros", address=address, **{**texts, **more})  # type: ignore[arg-type]


SITES = (
    _site("desa-citeko", SiteKind.DESA, f"{PLERED}.2001", latitude=-6.64, longitude=107.39),
    _site("sd-citeko", SiteKind.OPD, f"{PLERED}.2001", organisation=AGENCY),
    _site("desa-gandamekar", SiteKind.DESA, f"{PLERED}.2002", stage=Stage.PLANNED),
    _site(f"{MARK}-cadassari", SiteKind.DESA, f"{OUTSIDE}.2001", latitude=-6.7, longitude=107.4, organisation=MARK),
    _site(f"{MARK}-sukamulya", SiteKind.DESA, f"{OUTSIDE}.2002", stage=Stage.PLANNED),
    _site(f"{MARK}-pop", SiteKind.POP, None, latitude=-6.5, longitude=107.5),
)
DEVICES = (
    _device("rtr-citeko", "desa-citeko", Role.ROUTER, "127.0.0.11", uplink=(f"{MARK}-olt",), mgmt_via=f"{MARK}-vpn",
            olt=f"{MARK}-olt", gateway="127.0.0.1"),
    _device("cam-citeko", "desa-citeko", Role.CAMERA, "127.0.0.12", uplink=("rtr-citeko",)),
    _device("rtr-sd", "sd-citeko", Role.ROUTER, "127.0.0.13", uplink=(f"{MARK}-olt",)),
    _device("onu-spare", "desa-citeko", Role.ONU, "", status=DeviceStatus.SPARE),
    _device(f"{MARK}-olt", f"{MARK}-pop", Role.OLT, "127.0.0.21"),
    _device(f"{MARK}-vpn", f"{MARK}-pop", Role.VPN, "127.0.0.22"),
    _device(f"{MARK}-rtr", f"{MARK}-cadassari", Role.ROUTER, "127.0.0.23", uplink=(f"{MARK}-olt", "rtr-citeko")),
    _device(f"{MARK}-cam", f"{MARK}-cadassari", Role.CAMERA, "127.0.0.24", uplink=(f"{MARK}-rtr",)),
    _device(f"{MARK}-spare", f"{MARK}-cadassari", Role.ONU, "", status=DeviceStatus.SPARE),
)  # fmt: skip
LINKS = (
    Link("fo-citeko", "rtr-citeko", "sfp1", f"{MARK}-olt", f"{MARK}-1/1/1", contract="K-1", segments=("kabel-1",),
         provider=f"Telkom{EVIL}", circuit_id=EVIL, owner=EVIL),
    Link(f"{MARK}-fo", f"{MARK}-rtr", "sfp1", f"{MARK}-olt", f"{MARK}-1/1/2", contract=f"{MARK}-K-2",
         segments=("kabel-1",), provider=f"{MARK}-net", circuit_id=f"{MARK}-cid"),
    Link(f"{MARK}-ring", f"{MARK}-olt", f"{MARK}-x", f"{MARK}-vpn", f"{MARK}-y", medium=Medium.RADIO),
)  # fmt: skip
VILLAGES = tuple(Village(RegionCode(code), 2026, 4000, 900) for code in NAMES if code.count(".") == 3)
OTHERS = (
    Segment("kabel-1", SegmentKind.CABLE, from_=f"{MARK}-pop", to=f"{MARK}-ujung"),
    Contract("K-1", f"Telkom{EVIL}", noc_phone=EVIL, noc_email=EVIL, penalty_rule=EVIL),
    Contract(f"{MARK}-K-1", f"{MARK}-net"),
    Contract(f"{MARK}-K-2", f"{MARK}-net"),
    Service(
        "web-citeko",
        f"Web Citeko{EVIL}",
        owner=EVIL,
        contact=EVIL,
        url="http://127.0.0.1:1/",
        host=f"{MARK}-vpn",
        site="desa-citeko",
    ),
    Service(f"{MARK}-sip", f"{MARK} SIP", owner=f"{MARK}-owner", url=f"http://{MARK}.id/", site=f"{MARK}-pop"),
    Service(f"{MARK}-lost", f"{MARK} nowhere"),
    StageEntry("desa-citeko", Stage.ACTIVE, NOW.date() - timedelta(days=300), f"BAST 1{EVIL}"),
    StageEntry(f"{MARK}-cadassari", Stage.ACTIVE, NOW.date() - timedelta(days=300), f"{MARK}-BAST"),
    Person("Asep", PersonRole.NOC, "Diskominfo", (PLERED,), "0811", "telegram:1"),
    Person(f"{MARK}-orang", PersonRole.NOC, f"{MARK}-opd", (OUTSIDE,), f"{MARK}-0812", f"telegram:{MARK}"),
)


def _place(key: str, name: str, kecamatan: str) -> Place:
    return Place(key, name, kecamatan)


OURS = (
    _place(f"{PLERED}.2001", f"Citeko{EVIL}", f"Plered{EVIL}"),
    _place("desa-citeko", f"Lokasi{EVIL}", f"Plered{EVIL}"),
)
THEIRS = (
    _place(f"{OUTSIDE}.2001", f"{MARK}-Cadassari", f"{MARK}-Tegalwaru"),
    _place(f"{MARK}-cadassari", f"{MARK}-Lokasi", f"{MARK}-Tegalwaru"),
)


def _incident(id_: str, cause: Cause, members: tuple[str, ...], places: tuple[Place, ...], **more: object) -> Incident:
    impact = Impact(places[::2], places[1::2], (), (), len(members), 8000)
    values = {"impact": impact, **more}
    incident = Incident(
        id_, Condition.OUTAGE, cause, "icmp-silent", Urgency.PAGE, NOW - 2 * HOUR, NOW - 2 * HOUR,
        tuple(Member(name, NOW - 2 * HOUR) for name in members),
    )  # fmt: skip
    return replace(incident, **values)  # type: ignore[arg-type]


WITNESSES = (
    Evidence(EvidenceKind.STAYED_ON, "rtr-citeko", NOW - HOUR),
    Evidence(EvidenceKind.STAYED_ON, f"{MARK}-rtr", NOW - HOUR, {"what": f"{MARK}-rtr", "others": f"{MARK}-cam"}),
)
INCIDENTS = (
    _incident("ours-0001", Cause(CauseKind.DEVICE, "rtr-citeko"), ("rtr-citeko", "cam-citeko"), OURS),
    _incident(
        "both-0001", Cause(CauseKind.SEGMENT, "kabel-1"), ("rtr-citeko", f"{MARK}-rtr"), (*OURS, *THEIRS),
        indistinct=(Cause(CauseKind.LINK, f"{MARK}-fo"),), liable=Liable(Party.PROVIDER, "Telkom"),
        verdict=Verdict(VerdictKind.FIBRE, Sure.STRONG, WITNESSES), detail=f"{MARK}-detail",
    ),
    _incident(
        "root-0001", Cause(CauseKind.DEVICE, f"{MARK}-olt"), ("rtr-citeko", f"{MARK}-rtr", f"{MARK}-olt"),
        (*OURS, *THEIRS), verdict=Verdict(VerdictKind.DEVICE, Sure.WEAK, WITNESSES),
    ),
    _incident(
        "over-0001", Cause(CauseKind.DEVICE, f"{MARK}-olt"), ("rtr-citeko", f"{MARK}-rtr"), (*OURS, *THEIRS),
        phase=Phase.RESOLVED, resolved_at=NOW - HOUR / 2,
    ),
    _incident(f"{MARK}-0001", Cause(CauseKind.DEVICE, f"{MARK}-rtr"), (f"{MARK}-rtr",), THEIRS),
    _incident(
        f"{MARK}-0002", Cause(CauseKind.SERVICE, f"{MARK}-sip"), (f"{MARK}-sip",), (), condition=Condition.SERVICE
    ),
)  # fmt: skip
ACTS = tuple(
    act
    for each in INCIDENTS
    for act in (
        Act(each.id, each.started_at, "kentongan", ActKind.OPENED, str(each.cause)),
        Act(each.id, NOW - HOUR, f"{MARK}-orang" if each.id.startswith(MARK) else "Asep", ActKind.ACKNOWLEDGED,
            f"catatan {each.id}{EVIL}", {"until": (NOW + HOUR).isoformat()}),
    )
)  # fmt: skip


def fill(made: Installation, folder: Path) -> None:
    engine = made.database.engine
    with engine.begin() as connection:
        upsert(connection, regions, [{"code": code, "name": name} for code, name in NAMES.items()])
    made.regions.set_home("32.14")
    made.inventory.write([*SITES, *DEVICES, *LINKS, *VILLAGES, *OTHERS])
    down = {member.name for each in INCIDENTS for member in each.members}
    polled = [each.name for each in DEVICES if each.status is DeviceStatus.IN_USE]
    began = [StateChange(NOW - 48 * HOUR, name, State.UNKNOWN, State.UP, "answers") for name in polled]
    fell = [StateChange(NOW - 2 * HOUR, name, State.UP, State.DOWN, "icmp-silent") for name in polled if name in down]
    made.states.apply([*began, *fell])
    made.incidents.save(INCIDENTS)
    made.acts.append(ACTS)
    for name in polled:
        mark = f"{MARK}-" if name.startswith(MARK) else ""
        near = {
            "protocol": "lldp", "local_interface": "ether5", "chassis_id": f"{mark}d4:ca:6d:00:00:0{len(mark)}",
            "sys_name": f"{mark}sw-asing{EVIL}", "port_id": f"{mark}ge1{EVIL}",
        }  # fmt: skip
        made.plans.write(name, Plan(()), DeviceFacts(NOW.timestamp(), model=f"{mark}hEX", serial=f"{mark}S", more={
            "sysName": f"{mark}{name}{EVIL}", "neighbours": [near]}))  # fmt: skip
        host_keys(made, "test").refuse(name, HostKey("ssh-ed25519", base64.b64encode(b"a" * 51).decode()))
    SqlUnits(engine).ask(
        [
            UnitQuestion(name, f"HE{n}", "", "", "", name, NOW, NOW)
            for n, name in enumerate(("rtr-citeko", f"{MARK}-rtr"))
        ]
    )
    SqlTrends(engine).keep(
        [DayMedian(name, f"{name} Rx", "sfp1", NOW.date() - timedelta(days=1), -20.0) for name in polled]
    )
    codes = [code for code in NAMES if code.count(".") == 3]
    SqlCoverageStore(engine).add_use([UseDay(code, NOW.date(), users=7) for code in codes])
    square = [[[107.3, -6.6], [107.5, -6.6], [107.5, -6.4], [107.3, -6.4], [107.3, -6.6]]]
    shape = json.dumps({"type": "Polygon", "coordinates": square})
    SqlShapeStore(engine).put([Shape(PLERED, shape), Shape(OUTSIDE, shape)], "test", NOW.timestamp())
    works = SqlMaintenance(engine)
    for number, scope in enumerate((
        (Scope(ScopeKind.SITE, "desa-citeko"), Scope(ScopeKind.SITE, f"{MARK}-cadassari")),
        (Scope(ScopeKind.DEVICE, f"{MARK}-rtr"),),
        (Scope(ScopeKind.AREA, OUTSIDE),),
        (Scope(ScopeKind.AREA, "32.14"),),
    )):  # fmt: skip
        reason = f"{MARK}-reason" if number in (1, 2) else f"gardu{EVIL}"
        works.save(Window(f"m-{number}", WorkKind.OWN, scope, NOW - HOUR, NOW + HOUR, reason=reason, made_by="Asep"))
    made.record_as("Asep", "shift taken over", PLERED, note=f"dari Plered{EVIL}", regions=[PLERED])
    made.record_as(f"{MARK}-orang", "shift taken over", OUTSIDE, note=f"{MARK}-note", regions=[OUTSIDE])
    _changed(made)


def _changed(made: Installation) -> None:
    jobs = SqlJobStore(made.database.engine, lambda: 0.0, lambda _holder: True)
    for number, (slug, device) in enumerate((
        ("desa-citeko", "rtr-citeko"), ("desa-gandamekar", "rtr-baru"), (f"{MARK}-cadassari", f"{MARK}-rtr"),
    )):  # fmt: skip
        mark = f"{MARK}-" if slug.startswith(MARK) else ""
        job = new_job(f"{number}a0b0c", slug, (device,), f"{mark}Asep", NOW - HOUR)
        steps = tuple(
            replace(each, state=StepState.DONE, evidence=f"{mark}bukti{EVIL}")
            if each.kind is StepKind.ALLOCATE
            else each
            for each in job.steps
        )
        done = replace(job, steps=steps, why=f"{mark}why{EVIL}", state=JobState.DONE if number != 1 else JobState.OPEN)
        jobs.put(done)
        made.record_as("Asep", "device told: push", device, job=job.id, said=[[f"{mark}cmd{EVIL}", f"{mark}ok{EVIL}"]])
    rows = tuple(
        WaveSite(slug, WaveSiteState.FAILED, why=f"{'' if slug == 'desa-gandamekar' else MARK}why")
        for slug in ("desa-gandamekar", f"{MARK}-sukamulya")
    )
    SqlWaveStore(made.database.engine).put(Wave("w1w1w1", "Asep", NOW - HOUR, rows, why=f"berhenti{EVIL}"))
    SqlWaveStore(made.database.engine).put(Wave("w2w2w2", f"{MARK}-orang", NOW - HOUR, rows[1:], why=MARK))
    repository = ConfigBackups(made).repository
    for name, site in (("rtr-citeko", "desa-citeko"), (f"{MARK}-rtr", f"{MARK}-cadassari")):
        mark = f"{MARK}-" if name.startswith(MARK) else ""
        for n, lines in enumerate(("/ip one\n", "/ip two\n")):
            repository.put(name, site, f"{mark}{lines}{EVIL}\n", Why(f"test{EVIL}", f"{mark}orang{EVIL}"), (1, n), NOW)


def _board(services: PolledServices) -> Board:
    """As the poller would lend it."""
    found = {}
    for each in services._subjects:
        mark = f"{MARK}-" if each.code.startswith(MARK) else ""
        shown = CertificateFacts(
            0, f"{mark}host", CertificateRole.LEAF, f"{mark}subject{EVIL}", f"CA{EVIL}", (f"{mark}name{EVIL}",),
            NOW - 9 * HOUR, NOW + 9 * HOUR, f"{mark}print",
        )  # fmt: skip
        found[each.code] = Standing(
            each.code, CheckKind.HTTP, NOW, Phases(0.1, total_seconds=0.2), State.DOWN, ServiceWord.WRONG_STATUS, NOW,
            503, 812, (Finding(ServiceWord.WRONG_STATUS, f"http://{mark}x", {"status": "503"}),),
            (Hop(f"http://{mark}x{EVIL}", 503, Phases()),), (shown,),
        )  # fmt: skip
    return Board(services._subjects, found, {f"{MARK}-aneh": f"{MARK}-why"})


UNSETTLED = {"console_session", "console_token"}
ROLES = {role.value: role for role in PersonRole}


@dataclass
class Town:
    client: TestClient
    app: FastAPI
    installed: Installation

    def enter(self, name: str) -> str:
        """As somebody who has logged in; the key of their forms."""
        session = Session(hash_of(name), name, f"form-of-{name}", NOW, datetime.now(UTC))
        SqlSessions(self.installed.database.engine).put(session)
        self.client.cookies.clear()
        self.client.cookies.set(COOKIE, name)
        return session.form_key

    def leave(self) -> None:
        self.client.cookies.clear()

    def kept(self) -> str:
        """All that is kept, but for who is logged in and when a token was used."""
        digest = sha256()
        with self.installed.database.engine.connect() as connection:
            for table in sorted(set(inspect(connection).get_table_names()) - UNSETTLED):
                digest.update(f"{table} {connection.execute(text(f'select * from {table}')).all()!r}".encode())
        for path in sorted(self.installed.loaded.folder.rglob("*.json")):
            digest.update(path.read_bytes())
        return digest.hexdigest()

    def token(self, name: str, *, read_only: bool = False) -> dict[str, str]:
        key, _token = Tokens(self.installed, "test").add(name, 1, read_only=read_only, note="")
        return {"Authorization": f"Bearer {key.reveal()}"}


@contextmanager
def town(folder: Path, *, secure: bool = False) -> Iterator[Town]:
    file = folder / "kentongan.toml"
    public = 'public_url = "https://kentongan.example"\n' if secure else ""
    file.write_text(f'[exporter]\nport = 0\n[console]\n{public}[ssh]\ncredential = ""\n', encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch, Installation(load_settings(file, {}), "test").prepare() as made:
        fill(made, folder)
        patch.setattr(PolledServices, "_read", _board)
        accounts = SqlAccounts(made.database.engine)
        for name, role in ROLES.items():
            accounts.put(Account(name, role))
            accounts.put(Account(f"{name}-plered", role, (PLERED,)))
        accounts.put(Account("agency", PersonRole.ENGINEER, agencies=(AGENCY,)))
        app = application_of(made)
        with TestClient(app, follow_redirects=False, base_url="https://test" if secure else "http://test") as client:
            yield Town(client, app, made)


def routes_of(app: Any, prefix: str = "") -> Iterator[tuple[str, RouteContext]]:
    """Every registered route with its whole path, also of what is mounted."""
    for each in app.routes:
        if isinstance(each, Mount):
            if hasattr(each.app, "routes"):
                yield from routes_of(each.app, prefix + each.path)
        else:
            for route in iter_route_contexts([each]):
                yield f"{prefix}{route.path}", route


def query_names(route: RouteContext) -> list[str]:
    """Also of its dependencies."""

    def of(dependant: Any) -> Iterator[str]:
        yield from (each.alias for each in dependant.query_params)
        for each in dependant.dependencies:
            yield from of(each)

    found = getattr(route, "dependant", None)
    return list(dict.fromkeys(of(found))) if found else []
