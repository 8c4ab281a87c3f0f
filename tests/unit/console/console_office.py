"""A console over a small kabupaten in memory: two kecamatan, an incident in each, and somebody of every role."""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from fastapi import FastAPI
from fastapi.testclient import TestClient

from console.api import make_api
from console.api.limits import made_door
from console.entrance import Entrance
from console.oidc import Accounts as DoorAccounts
from console.oidc import SignOn
from console.passwords import Passwords
from console.ports import Look, OrderFailedError, Place, Silence, Words
from console.ports.trouble import NO_TROUBLES, Troubles
from console.tokens import made_token
from console.web import make_app
from console.web.pages import Pages
from console.web.part import Part
from console.web.pulse import Pulse
from console.web.visit import Desk
from domain.accounts import AccessToken, Account, Session
from domain.incidents import Act, ActKind, Cause, CauseKind, Condition, Impact, Incident, Member, Urgency
from domain.incidents import Place as Spot
from domain.network import Device, Inventory, PersonRole, RegionCode, Role, Site, SiteKind
from domain.secrets import Secret
from domain.states import DeviceState, State
from kentongan.words import speak

ZONE = ZoneInfo("Asia/Jakarta")
NOW = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)
PASSWORD = "empat kata yang mudah"
PLERED, TEGALWARU = RegionCode("32.14.05"), RegionCode("32.14.10")
NOT_IN_THE_BOOKS = RegionCode("32.14.99")
NAMES = {"32.14": "Purwakarta", PLERED: "Plered", TEGALWARU: "Tegalwaru"}
EVIL = "<script>alert(1)</script>"
INVENTORY = Inventory(
    sites=(
        Site(
            "desa-citeko", "Desa Citeko", SiteKind.DESA, RegionCode("32.14.05.2001"), latitude=-6.64, longitude=107.39
        ),
        Site("desa-cadassari", f"Desa Cadassari{EVIL}", SiteKind.DESA, RegionCode("32.14.10.2001")),
        Site("dc", "Pusat data", SiteKind.DATACENTER),
    ),
    devices=(
        Device("rtr-citeko", "desa-citeko", Role.ROUTER, model=f"=cmd{EVIL}"),
        Device("rtr-cadassari", "desa-cadassari", Role.ROUTER, address="127.0.0.9"),
        Device("srv-1", "dc", Role.SERVER),
    ),
)


def incident(id_: str, device: str, village: str, kecamatan: str) -> Incident:
    return Incident(
        id_,
        Condition.OUTAGE,
        Cause(CauseKind.DEVICE, device),
        "icmp-silent",
        Urgency.PAGE,
        NOW - timedelta(hours=1),
        NOW - timedelta(minutes=59),
        (Member(device, NOW - timedelta(hours=1)),),
        impact=Impact(villages=(Spot(village, f"Desa {EVIL}", kecamatan),), devices=1),
    )


IN_PLERED = incident("plrd-0001", "rtr-citeko", "32.14.05.2001", "Plered")
IN_TEGALWARU = incident("tgwr-0001", "rtr-cadassari", "32.14.10.2001", "Tegalwaru")


@dataclass
class MemoryAccounts:
    kept: dict[str, Account] = field(default_factory=dict)

    def all(self) -> tuple[Account, ...]:
        return tuple(self.kept[name] for name in sorted(self.kept))

    def get(self, name: str) -> Account | None:
        return self.kept.get(name)

    def put(self, account: Account) -> None:
        self.kept[account.name] = account

    def attempted(self, name: str, failures: int, locked_until: datetime | None) -> None:
        self.kept[name] = replace(self.kept[name], failures=failures, locked_until=locked_until)

    def prove(self, name: str, proof: str, *, must_change: bool) -> None:
        self.kept[name] = replace(self.kept[name], proof=proof, must_change=must_change)

    def remove(self, name: str) -> None:
        del self.kept[name]


@dataclass
class MemorySessions:
    kept: dict[str, Session] = field(default_factory=dict)

    def get(self, key_hash: str) -> Session | None:
        return self.kept.get(key_hash)

    def put(self, session: Session) -> None:
        self.kept[session.key_hash] = session

    def end(self, key_hash: str) -> None:
        self.kept.pop(key_hash, None)

    def seen(self, key_hash: str, at: datetime) -> None:
        if key_hash in self.kept:
            self.kept[key_hash] = replace(self.kept[key_hash], seen_at=at)

    def end_of(self, account: str, *, but_newest: int = 0) -> None:
        own = sorted((each for each in self.kept.values() if each.account == account), key=lambda each: each.seen_at)
        for each in own[: max(0, len(own) - but_newest)]:
            del self.kept[each.key_hash]

    def prune(self, seen_before: datetime, made_before: datetime) -> int:
        return 0


@dataclass
class MemoryTokens:
    kept: dict[str, AccessToken] = field(default_factory=dict)

    def of(self, account: str) -> tuple[AccessToken, ...]:
        return tuple(each for each in self.kept.values() if each.account == account)

    def get(self, key_hash: str) -> AccessToken | None:
        return next((each for each in self.kept.values() if each.key_hash == key_hash), None)

    def find(self, id_: str) -> AccessToken | None:
        return self.kept.get(id_)

    def put(self, token: AccessToken) -> None:
        self.kept[token.id] = token

    def mark_used(self, id_: str, at: datetime) -> None:
        self.kept[id_] = replace(self.kept[id_], used_at=at)

    def remove(self, id_: str) -> None:
        del self.kept[id_]


@dataclass
class MemorySources:
    now: datetime = NOW
    incidents: list[Incident] = field(default_factory=lambda: [IN_PLERED, IN_TEGALWARU])
    silent: Silence | None = None
    acts: list[Act] = field(default_factory=list)

    def look(self) -> Look:
        down = {each.members[0].name for each in self.incidents if each.is_open}
        states = {
            device.name: DeviceState(device.name, State.DOWN if device.name in down else State.UP, "icmp-silent", NOW)
            for device in INVENTORY.devices
        }
        open_ = tuple(each for each in self.incidents if each.is_open)
        since = self.now if self.silent else None
        return Look(self.now, INVENTORY, NAMES, states, open_, self.silent, since, len(open_))

    def incident(self, id_: str) -> Incident | None:
        return next((each for each in self.incidents if each.id == id_), None)

    def between(self, since: datetime, until: datetime) -> Sequence[Incident]:
        return self.incidents

    def timeline(self, id_: str) -> Sequence[Act]:
        return [act for act in self.acts if act.incident == id_]

    def words(self, incident: Incident, language: str) -> Words:
        title = f"{incident.cause.name} {'mati' if language == 'id' else 'down'}"
        return Words(
            "PUTUS", "kita", "tim", title, (title, EVIL), (EVIL,), f"PUTUS\n{EVIL}", f"Ticket for the provider {EVIL}"
        )

    def reason(self, reason: str) -> str:
        return reason


@dataclass
class MemoryOrders:
    given: list[Act] = field(default_factory=list)
    dark: tuple[str, ...] = ()
    fails: str = ""
    tokens: list[str] = field(default_factory=list)

    def act(self, act: Act, token: str = "") -> tuple[str, ...]:
        if self.fails:
            raise OrderFailedError(self.fails)
        self.given.append(act)
        self.tokens.append(token)
        return self.dark if act.kind is ActKind.DONE else ()


def square(code: str, west: float) -> dict[str, Any]:
    """The outline of a kecamatan, a tenth of a degree wide."""
    ring = [[west, -6.5], [west + 0.1, -6.5], [west + 0.1, -6.6], [west, -6.6], [west, -6.5]]
    geometry = {"type": "Polygon", "coordinates": [ring]}
    return {"type": "Feature", "properties": {"code": code, "name": EVIL}, "geometry": geometry}


def counts(villages: int, connected: int, served: int, on_paper: int, claimed: int) -> dict[str, Any]:
    unmeasured = villages - served - on_paper
    return {
        "villages": villages,
        "connected": connected,
        "served": served,
        "notServed": on_paper,
        "unmeasured": unmeasured,
        "onPaper": on_paper,
        "connectedUnmeasured": claimed,
    }


def village(code: str, name: str, kecamatan: str, measured: str, reason: str) -> dict[str, Any]:
    return {
        "code": code,
        "name": name,
        "kecamatan": kecamatan,
        "kind": "desa",
        "connected": True,
        "measured": measured,
        "reason": reason,
        "stage": "active",
        "availabilityPercent": 74.5,
    }


def target(value: int, due: str, reached_on: str | None, slip: int) -> dict[str, Any]:
    return {
        "dueOn": due,
        "indicator": "desa",
        "value": value,
        "kind": "rkpd",
        "document": f"RKPD {due[:4]}",
        "replaced": [],
        "short": max(0, value - 102),
        "reachedOn": reached_on,
        "slipDays": slip,
    }


GAINED = {
    "before": 0,
    "gained": [
        {"code": "32.14.05.2001", "name": "Citeko", "kecamatan": "Plered"},
        {"code": "32.14.10.2001", "name": f"Cadassari{EVIL}", "kecamatan": "Tegalwaru"},
    ],
    "lost": [],
}


def plan_document(budget: int) -> Mapping[str, Any]:
    """One candidate of the evil village, one village that nobody can rank."""
    cost = 63_000_000
    spent = cost if budget >= cost else None
    candidate = {
        "rank": 1, "code": "32.14.10.2002", "name": f"Sukamulya{EVIL}", "kecamatan": "Tegalwaru", "people": 4310,
        "internet": "none", "stage": None, "medium": "fibre", "cost": cost, "value": 1.5, "joins": "pop-tegalwaru",
        "newKm": 1.0, "alongKm": 2.5, "pop": "pop-tegalwaru", "mast": None, "mastKm": None, "lineOfSight": None,
        "chosen": spent is not None, "spent": spent,
    }  # fmt: skip
    gap = {"code": "32.14.10.2003", "name": "Galumpit", "kecamatan": "Tegalwaru", "reason": "no-coordinates"}
    assumed = {
        "detour": 1.3, "fibreKm": 6.0, "radioKm": 12.0, "fibreSiteRupiah": 35_000_000, "fibreRupiahPerKm": 28_000_000,
        "radioSiteRupiah": 65_000_000, "satelliteSiteRupiah": 40_000_000, "equity": 1.0, "weights": {"none": 1.5},
        "lineOfSight": "not-checked",
    }  # fmt: skip
    return {
        "budget": budget, "spent": spent or 0, "chosen": int(spent is not None), "people": 4310,
        "ranked": [candidate], "unranked": [gap], "assumptions": assumed,
    }  # fmt: skip


class MemoryCoverage:
    """42, then 102; Plered has ten villages, Tegalwaru five."""

    def document(self, on: date, since: date | None) -> Mapping[str, Any]:
        nobody = counts(0, 0, 0, 0, 0)
        return {
            "at": on.isoformat(),
            "kecamatan": [
                {"code": PLERED, "name": "Plered", "desa": counts(10, 8, 6, 1, 1), "kelurahan": nobody},
                {"code": TEGALWARU, "name": "Tegalwaru", "desa": counts(5, 4, 2, 1, 1), "kelurahan": nobody},
            ],
            "villages": [
                village("32.14.05.2001", "Citeko", "Plered", "not-served", "unavailable"),
                village("32.14.10.2001", f"Cadassari{EVIL}", "Tegalwaru", "unmeasured", "nothing"),
            ],
            "targets": [target(42, "2019-11-30", "2019-11-20", -10), target(112, "2020-12-31", None, 2152)],
            "forecast": {"pacePerMonth": 0.0, "months": 24, "expected": None, "earliest": None, "latest": None},
            "notes": ["A note."],
            **({"since": {"at": since.isoformat(), "connected": GAINED, "served": GAINED}} if since else {}),
        }

    def plan(self, budget: int) -> Mapping[str, Any]:
        return plan_document(budget)

    def curve(self, on: date) -> Sequence[tuple[date, int]]:
        return [(date(2018, 1, 31), 0), (date(2019, 11, 30), 42), (date(2020, 12, 31), 102), (on, 102)]

    def outlines(self) -> Mapping[str, Any]:
        return {
            "type": "FeatureCollection",
            "features": [square(PLERED, 107.4), square(TEGALWARU, 107.5), square(NOT_IN_THE_BOOKS, 107.6)],
        }


@dataclass
class Office:
    client: TestClient
    accounts: MemoryAccounts
    sessions: MemorySessions
    sources: MemorySources
    orders: MemoryOrders
    journal: list[tuple[str, str]]
    clock: list[datetime]
    pulse: Pulse
    tokens: MemoryTokens
    steady: list[float]
    api: FastAPI

    def token(self, account: str, *, read_only: bool = False, lasts: timedelta = timedelta(days=1)) -> dict[str, str]:
        """The header that a program sends."""
        key, token = made_token(account, self.clock[0], lasts, read_only=read_only)
        self.tokens.put(token)
        return {"Authorization": f"Bearer {key.reveal()}"}

    def look_again(self) -> None:
        """The next look, without waiting for it."""
        self.pulse.look = self.sources.look()

    def later(self, span: timedelta) -> None:
        self.clock[0] += span

    def enter(self, name: str, password: str = PASSWORD) -> int:
        """The status of logging in; the client then carries the key."""
        self.client.cookies.clear()
        return self.client.post("/login", data={"name": name, "password": password}).status_code

    def form_key(self) -> str:
        return next(iter(self.sessions.kept.values())).form_key


@contextmanager
def office(
    *, secure: bool = False, parts: Sequence[Part] = (), sign_on: Callable[[DoorAccounts], SignOn] | None = None,
    troubles: Troubles = NO_TROUBLES,
) -> Iterator[Office]:  # fmt: skip
    speak("en")  # and know Indonesian
    passwords = Passwords(rounds=1, kibibytes=64)
    proof = passwords.proof_of(Secret(PASSWORD))
    accounts = MemoryAccounts({role.value: Account(role.value, role, proof=proof) for role in PersonRole})
    accounts.put(Account("of-plered", PersonRole.NOC, (PLERED,), proof))
    accounts.put(replace(accounts.kept["viewer"], name="new", must_change=True))
    accounts.put(replace(accounts.kept["viewer"], name="closed", disabled=True))
    sessions, sources, orders, clock = MemorySessions(), MemorySources(), MemoryOrders(), [NOW]
    journal: list[tuple[str, str]] = []

    def audit(action: str, account: str, address: str = "") -> None:
        journal.append((action, account))

    entrance = Entrance(accounts, sessions, audit, passwords)
    place = Place("Purwakarta")
    pulse = Pulse(sources)
    desk = Desk(entrance, sources, orders, MemoryCoverage(), pulse, Pages(place, ZONE), ZONE, lambda: clock[0])
    tokens, steady = MemoryTokens(), [0.0]
    gate = made_door(accounts, tokens, lambda: steady[0])
    api = make_api(desk, gate, [part.api for part in parts if part.api], troubles)
    door = sign_on(DoorAccounts(accounts, entrance, lambda _code: True, audit)) if sign_on else None
    app = make_app(desk, place, language="en", secure=secure, api=api, parts=parts, sign_on=door, troubles=troubles)
    with TestClient(app, base_url="https://test" if secure else "http://test", follow_redirects=False) as client:
        while pulse.look is None:  # or the first look could come after a test has changed what there is to see
            time.sleep(0.001)
        yield Office(client, accounts, sessions, sources, orders, journal, clock, pulse, tokens, steady, api)
