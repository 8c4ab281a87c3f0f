"""Streams end with their session and are not taken by one alone; files are named without a trick; logins by mail."""

import asyncio
import csv
from types import SimpleNamespace
from typing import Any

import pytest

import console.web.wall as wall_module
from console.oidc import Client, SignOnError
from console.oidc.joining import Joining
from console.oidc.provider import REST_SECONDS, Asking
from console.oidc.records import Identity
from console.views.sheet import defused, sheet_of
from console.web.sheet import file_header
from console.web.wall import MOST_STREAMS, wall_routes
from domain.accounts import Account
from domain.network import PersonRole
from tests.unit.console.console_office import NOW, MemoryAccounts

ISSUER = "https://login.example"


class Pulse:
    is_full = False

    async def beats(self) -> Any:
        while True:
            yield "event: ping\n\n"


def live(known: dict[str, bool]) -> tuple[Any, Any]:
    """The route, and a desk whose sessions are good as said."""
    entrance = SimpleNamespace(still=lambda key, _now: key if known[key] else None)
    desk = SimpleNamespace(pulse=Pulse(), entrance=entrance, utc=lambda: NOW)
    routes = {route.path: route for route in wall_routes(None).routes}  # type: ignore[arg-type,attr-defined]
    return routes["/live"].endpoint, desk  # type: ignore[attr-defined]


def visit(key: str) -> tuple[Any, Any]:
    return SimpleNamespace(cookies={"kentongan": key}), SimpleNamespace(session=SimpleNamespace(key_hash=key))


def test_a_stream_ends_soon_after_its_session(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wall_module, "AGAIN_SECONDS", 0.0)
    known = {"a": True}
    endpoint, desk = live(known)

    async def watched() -> list[str]:
        request, visitor = visit("a")
        answer = await endpoint(request, desk, visitor)
        told = []
        async for beat in answer.body_iterator:
            told.append(beat)
            known["a"] = len(told) < 3
        return told

    assert len(asyncio.run(watched())) == 3


def test_one_session_does_not_take_every_place() -> None:
    endpoint, desk = live({"a": True, "b": True})

    async def opened() -> None:
        streams = []
        for _tab in range(MOST_STREAMS):
            request, visitor = visit("a")
            streams.append((await endpoint(request, desk, visitor)).body_iterator)
            await anext(streams[-1])
        request, visitor = visit("a")
        with pytest.raises(Exception, match="503"):
            await endpoint(request, desk, visitor)
        request, visitor = visit("b")
        assert await endpoint(request, desk, visitor)
        await streams.pop().aclose()
        request, visitor = visit("a")
        assert await endpoint(request, desk, visitor), "a place is free again"
        for each in streams:
            await each.aclose()

    asyncio.run(opened())


@pytest.mark.parametrize(
    "name", ['a"; filename="b.exe', "a\r\nX-Evil: 1", "../../etc/passwd", ".htaccess", "désa/☃.pdf"]
)
def test_the_name_of_a_file_is_a_name(name: str) -> None:
    said = file_header(name)["Content-Disposition"]
    assert said.isascii()
    assert said.count('"') == 2
    inside = said.partition('"')[2][:-1]
    assert not inside.startswith(".")
    assert set(inside) <= set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_")


@pytest.mark.parametrize("verified", [None, False, "true", 1])
def test_a_mail_address_that_nobody_confirmed_opens_no_account(verified: object) -> None:
    accounts = MemoryAccounts({"siti@office": Account("siti@office", PersonRole.ADMIN, proof="sso")})
    client = Client(ISSUER, "kentongan", "https://k.example/back", name_claim="email")
    joining = Joining(client, accounts, lambda _code: True, lambda action, account, address="": None)
    claims = {"email": "siti@office", "email_verified": verified}
    with pytest.raises(SignOnError, match="mail address"):
        joining.account_of(Identity(ISSUER, "mallory", claims))
    assert accounts.kept["siti@office"].proof == "sso"
    assert joining.account_of(Identity(ISSUER, "siti", claims | {"email_verified": True})).name == "siti@office"
    assert joining.account_of(Identity(ISSUER, "siti", claims)).name == "siti@office", "known by her number since"


def test_nobody_waits_in_line_for_a_login_server_that_is_away() -> None:
    steady, asked = [0.0], []

    class Away(Asking):
        def _fetch(self, *given: Any, **_more: Any) -> Any:
            asked.append(given)
            raise SignOnError("away")

    asking = Away(Client(ISSUER, "kentongan", "https://k.example/back"), lambda: steady[0])
    for _person in range(5):
        with pytest.raises(SignOnError):
            asking.provider()
    assert len(asked) == 1
    steady[0] += REST_SECONDS
    with pytest.raises(SignOnError):
        asking.provider()
    assert len(asked) == 2


@pytest.mark.parametrize(
    "text", ["=1+1", "+1", "-1", "@sum", "\t=1", "\r=1", "a;=cmd|' /c calc'!A0;b", ";;@x", "a;-1", "a;\t=1"]
)
def test_no_cell_is_run(text: str) -> None:
    row = sheet_of(["head"], [[text], [7], [None]]).splitlines()[1]
    for cell in next(csv.reader([row])), row.strip('"').split(";"):  # an Indonesian Excel begins a cell at a semicolon
        assert not any(part.startswith(("=", "+", "-", "@", "\t", "\r")) for part in cell), row
    assert defused("a; b - c; 2+2") == "a; b - c; 2+2"
