"""The receiver as a site, a careless site and a stranger meet it: through the ASGI interface, without a socket."""

import asyncio
import json
from collections.abc import AsyncIterator

import httpx
import pytest
from starlette.applications import Starlette

from collectors.heartbeat import HeartbeatCounts, HeartbeatLimits, heartbeat_routes
from collectors.rate import Rate
from domain.services import Heartbeat, PathTest, SiteTokens, hash_of, make_token
from domain.time import Moment

TOKEN = make_token(b"k" * 20)
OTHER = make_token(b"o" * 20).reveal()
PATH = f"/heartbeat/{TOKEN.reveal()}"


class Desk:
    """Routes with their callback, a clock that stands where it is put, and an HTTP client."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self.taken: list[Heartbeat] = []
        self.counts = HeartbeatCounts()
        routes = heartbeat_routes(
            lambda: SiteTokens({hash_of(TOKEN): "desa-1"}),
            self.taken.append,
            self,
            rate=Rate(burst=3, refill_seconds=10),
            limits=HeartbeatLimits(octets=500, read_seconds=0.05),
            counts=self.counts,
        )
        self.client = httpx.AsyncClient(
            transport=httpx.ASGITransport(Starlette(routes=routes), client=("10.0.0.7", 5)), base_url="http://k"
        )

    def now(self) -> Moment:
        return Moment(self.seconds, 1e9 + self.seconds)


@pytest.fixture
def desk() -> Desk:
    return Desk()


async def post(desk: Desk, path: str = PATH, **more: object) -> httpx.Response:
    return await desk.client.post(path, **more)  # type: ignore[arg-type]


def test_form_json_and_query_are_taken(desk: Desk) -> None:
    async def steps() -> None:
        assert (await post(desk, content=b"uptime=60&internet=1.1.1.1,0,9")).status_code == 200
        assert (await post(desk, json={"uptime": 61, "internet": [{"target": "a.id", "loss": 0}]})).status_code == 200
        answer = await desk.client.get(PATH, params={"uptime": "1d00:00:01", "leases": "5"})
        assert (answer.status_code, answer.text, answer.headers["cache-control"]) == (200, "ok\n", "no-store")

    asyncio.run(steps())
    form, body, query = desk.taken
    assert (form.site, form.sender, form.uptime_seconds) == ("desa-1", "10.0.0.7", 60)
    assert body.internet == (PathTest("a.id", 0.0),)
    assert (query.uptime_seconds, query.dhcp_leases) == (86_401, 5)
    assert desk.counts == HeartbeatCounts(taken=3)


@pytest.mark.parametrize("path", [f"/heartbeat/{OTHER}", "/heartbeat/x", "/heartbeat/" + "a" * 4_000, "/nothing"])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_stranger_learns_nothing(desk: Desk, path: str, method: str) -> None:
    """Neither a body that is too long nor one that is no heartbeat makes an unknown token answer differently."""

    async def steps() -> list[httpx.Response]:
        bodies = (b"", b"uptime=bad", b"x" * 10_000) if method == "POST" else (b"",)
        return [await desk.client.request(method, path, content=body) for body in bodies]

    answers = asyncio.run(steps())
    assert {(a.status_code, a.text, a.headers["content-type"]) for a in answers} == {
        (404, "Not Found", "text/plain; charset=utf-8")
    }
    assert desk.taken == []


def test_head_is_no_heartbeat(desk: Desk) -> None:
    assert asyncio.run(desk.client.head(PATH)).status_code == 404
    assert asyncio.run(desk.client.put(PATH)).status_code == 405
    assert asyncio.run(desk.client.put(f"/heartbeat/{OTHER}")).status_code == 405
    assert desk.taken == []


@pytest.mark.parametrize(
    ("content", "kind", "status"),
    [
        (b"uptime=soon", "", 400),
        (b"[1]", "application/json", 400),
        (b"{", "application/json", 400),
        (b"[" * 400, "application/json; charset=utf-8", 400),
        (b'{"uptime": NaN}', "application/json", 400),
        (b"\xff\xfe", "", 400),
        (b"a=1&" * 100, "", 400),
        (b"x" * 501, "", 413),
        (json.dumps({"uptime": "9" * 300}).encode(), "application/json", 400),
    ],
)
def test_nonsense_is_refused(desk: Desk, content: bytes, kind: str, status: int) -> None:
    answer = asyncio.run(post(desk, content=content, headers={"content-type": kind} if kind else {}))
    assert answer.status_code == status
    assert desk.taken == []
    assert desk.counts.refused == 1
    assert TOKEN.reveal() not in answer.text


def test_a_long_query_is_refused(desk: Desk) -> None:
    assert asyncio.run(desk.client.get(PATH + "?" + "a" * 600)).status_code == 413


def test_who_dribbles_is_cut_off(desk: Desk) -> None:
    async def dribble() -> AsyncIterator[bytes]:
        yield b"uptime"
        await asyncio.sleep(5)
        yield b"=1"

    assert asyncio.run(post(desk, content=dribble())).status_code == 408


def test_too_often_is_held_and_time_heals_it(desk: Desk) -> None:
    async def steps() -> list[int]:
        first = [(await post(desk, content=b"uptime=1")).status_code for _ in range(5)]
        desk.seconds = 10.0
        return [*first, (await post(desk)).status_code, (await post(desk)).status_code]

    assert asyncio.run(steps()) == [200, 200, 200, 429, 429, 200, 429]
    assert desk.counts == HeartbeatCounts(taken=4, limited=3)


def test_a_clock_that_goes_back_gives_nothing_away() -> None:
    rate = Rate(burst=1, refill_seconds=10)
    assert rate.admit("a", 100.0)
    assert not rate.admit("a", 50.0)
    assert rate.admit("a", 60.0)
    assert rate.admit("b", 60.0)
