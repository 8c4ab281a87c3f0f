"""The other end of the dead man's switch: a silence is told once to whoever is reached, its end to whoever knows."""

import asyncio
from dataclasses import dataclass, field
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from alerts.channels.watchdog import AGAIN_SECONDS, Lookout, Watchdog, watchdog_routes
from alerts.dispatch.messages import Delivered, Later, Message, Refused, Result
from alerts.texts import Wording
from domain.secrets import Secret
from domain.time import Moment

START = datetime(2026, 11, 21, 20, 12, tzinfo=UTC).timestamp()
PLACE = "kantor-pusat"


@dataclass
class Telephone:
    answers: list[Result] = field(default_factory=list)
    got: list[Message] = field(default_factory=list)

    async def deliver(self, message: Message) -> Result:
        result = self.answers.pop(0) if self.answers else Delivered()
        if isinstance(result, Delivered):
            self.got.append(message)
        return result

    @property
    def texts(self) -> list[object]:
        return [message.payload["text"] for message in self.got]


@pytest.fixture
def telephone() -> Telephone:
    return Telephone()


@pytest.fixture
def lookout(telephone: Telephone) -> Lookout:
    dogs = {PLACE: Watchdog("kantor pusat", 300.0, Moment(0.0, START))}
    return Lookout(dogs, ["telegram:1"], {"telegram": telephone}, Wording("id", ZoneInfo("Asia/Jakarta")))


def turn(lookout: Lookout, seconds: float) -> None:
    asyncio.run(lookout.turn(Moment(seconds, START + seconds)))


def test_a_silence_is_told_once_and_so_is_its_end(lookout: Lookout, telephone: Telephone) -> None:
    turn(lookout, 299)
    assert telephone.got == []
    turn(lookout, 300)
    assert telephone.texts == ["KENTONGAN DIAM sejak 03.12 WIB · kantor pusat · periksa mesin dan listriknya"]
    turn(lookout, 900)
    assert len(telephone.got) == 1
    assert lookout.hear(PLACE, Moment(960, START + 960))
    turn(lookout, 961)
    assert len(telephone.got) == 2
    assert "16 m" in str(telephone.texts[1])
    turn(lookout, 1000)
    assert len(telephone.got) == 2


def test_who_was_not_reached_is_tried_again_until_the_place_is_heard(lookout: Lookout, telephone: Telephone) -> None:
    telephone.answers = [Later("nobody there"), Later("nobody there")]
    turn(lookout, 300)
    turn(lookout, 301)
    assert len(telephone.answers) == 1, "not at every turn"
    turn(lookout, 301 + AGAIN_SECONDS)
    turn(lookout, 302 + 2 * AGAIN_SECONDS)
    assert len(telephone.got) == 1
    telephone.got.clear()
    lookout.hear(PLACE, Moment(400, START + 400))
    turn(lookout, 401)
    assert len(telephone.got) == 1, "its end"


def test_who_never_heard_of_a_silence_hears_nothing_of_its_end(lookout: Lookout, telephone: Telephone) -> None:
    telephone.answers = [Later("nobody there")]
    turn(lookout, 300)
    lookout.hear(PLACE, Moment(310, START + 310))
    turn(lookout, 311)
    turn(lookout, 311 + AGAIN_SECONDS)
    assert telephone.got == []


def test_what_is_refused_is_not_sent_for_ever(lookout: Lookout, telephone: Telephone) -> None:
    telephone.answers = [Refused("no such chat")]
    turn(lookout, 300)
    turn(lookout, 300 + 2 * AGAIN_SECONDS)
    assert telephone.got == []


def test_only_who_brings_the_token_is_heard() -> None:
    heard: list[str] = []

    def hear(place: str) -> bool:
        heard.append(place)
        return place == PLACE

    client = TestClient(Starlette(routes=watchdog_routes(hear, Secret("rahasia"))))
    assert client.post(f"/alive/rahasia/{PLACE}").status_code == 200
    assert client.post(f"/alive/salah/{PLACE}").status_code == 404
    assert client.post("/alive/rahasia/entah").status_code == 404
    assert client.get(f"/alive/rahasia/{PLACE}").status_code == 405
    assert heard == [PLACE, "entah"]
