"""The wallboard: what stands whole, what is folded, the last hour, one board for all who see the same, its stream."""

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from console.ports import Look, Words
from console.views.hour import MOST_LINES, hour_of
from console.views.wall import FOLDS_ABOVE, WHOLE, wall_of
from console.web import pulse as pulse_module
from console.web.pulse import Pulse
from domain.incidents import Incident, Phase, Place
from tests.unit.console.console_office import (
    IN_PLERED,
    INVENTORY,
    NAMES,
    NOW,
    ZONE,
    MemorySources,
    Office,
    incident,
    office,
)


@pytest.fixture
def here() -> Iterator[Office]:
    with office() as made:
        yield made


def many(count: int) -> tuple[Incident, ...]:
    """In turn in Plered, in Tegalwaru, and in both."""
    found = []
    for number in range(count):
        one = incident(f"many-{number:04d}", "rtr-citeko", f"v{number}", ("Plered", "Tegalwaru", "Plered")[number % 3])
        places = one.impact.villages + ((Place(f"w{number}", "Desa", "Tegalwaru"),) if number % 3 == 2 else ())
        found.append(replace(one, impact=replace(one.impact, villages=places)))
    return tuple(found)


def look_at(open_: tuple[Incident, ...]) -> Look:
    return Look(NOW, INVENTORY, NAMES, {}, open_)


def say(each: Incident) -> Words:
    return Words("PUTUS", "kita", "tim", each.id, (each.id,))


def test_a_few_stand_whole() -> None:
    wall = wall_of(look_at(many(FOLDS_ABOVE)), (), say, ZONE)
    assert (len(wall.rows), wall.folds) == (FOLDS_ABOVE, ())


def test_many_are_folded_by_kecamatan_and_none_is_lost() -> None:
    wall = wall_of(look_at(many(30)), (), say, ZONE)
    assert len(wall.rows) == WHOLE
    assert sum(len(fold.rows) for fold in wall.folds) == 30 - WHOLE
    folded = {fold.kecamatan: fold for fold in wall.folds}
    assert set(folded) == {"Kec. Plered", "Kec. Tegalwaru", "Several kecamatan"}
    plered = folded["Kec. Plered"]
    assert plered.villages == f"{len(plered.rows)} villages"
    assert plered.lasts == "1 h 00 m"


def test_the_last_hour_says_what_broke_and_what_came_back() -> None:
    open_ = replace(IN_PLERED, id="a", started_at=NOW - timedelta(minutes=30))
    over = replace(
        IN_PLERED,
        id="b",
        started_at=NOW - timedelta(hours=5),
        phase=Phase.RESOLVED,
        resolved_at=NOW - timedelta(minutes=15),
    )
    old = replace(IN_PLERED, id="c", started_at=NOW - timedelta(hours=5))
    taken = replace(open_, id="d", phase=Phase.MERGED)
    hour = hour_of((open_, over, old, taken), look_at(()), say, ZONE)
    assert hour.said == "1 broke, 1 came back"
    assert [(line.id, line.left, line.width) for line in hour.lines] == [("b", 0.0, 75.0), ("a", 50.0, 50.0)]
    assert hour.ticks == ((25.0, "09.15"), (50.0, "09.30"), (75.0, "09.45"))


def test_a_stormy_hour_is_counted_whole() -> None:
    hour = hour_of([replace(each, started_at=NOW) for each in many(30)], look_at(()), say, ZONE)
    assert (len(hour.lines), hour.more) == (MOST_LINES, 30 - MOST_LINES)
    assert all(line.left + line.width <= 100 for line in hour.lines)


def test_one_board_is_written_for_all_who_see_the_same(here: Office) -> None:
    asked: list[int] = []
    between = here.sources.between

    def counted(*times: object) -> object:
        asked.append(1)
        return between(*times)  # type: ignore[arg-type]

    here.sources.between = counted  # type: ignore[method-assign,assignment]
    for name in ("viewer", "noc", "engineer"):
        here.enter(name)
        first = here.client.get("/wall/board")
        assert first.text == here.client.get("/wall/board", headers={"Accept-Encoding": "identity"}).text
    assert len(asked) == 1
    here.enter("of-plered")
    assert "tgwr-0001" not in here.client.get("/wall/board").text
    assert len(asked) == 2
    here.sources.incidents = []
    here.look_again()
    here.enter("viewer")
    assert "All 2 villages have service" in here.client.get("/wall/board").text


def test_each_language_has_its_own_board(here: Office) -> None:
    here.enter("viewer")
    english = here.client.get("/wall/board").text
    here.client.cookies.set("kentongan-language", "id")
    assert here.client.get("/wall/board").text != english


def test_the_board_stands_alone_on_a_wall(here: Office) -> None:
    here.enter("viewer")
    wall, start = here.client.get("/wall").text, here.client.get("/").text
    assert "plrd-0001" in wall
    assert 'class="masthead"' in start
    assert 'class="masthead"' not in wall


@pytest.mark.parametrize("path", ["/wall", "/wall/board", "/live"])
def test_nobody_watches_who_is_not_logged_in(here: Office, path: str) -> None:
    assert here.client.get(path).status_code == 303
    answer = here.client.get(path, headers={"HX-Request": "true"})
    assert (answer.status_code, answer.headers["hx-redirect"]) == (401, "/login?to=/")


def test_a_stream_is_heard_while_nothing_happens_and_tells_one_start_from_another(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(pulse_module, "PING_SECONDS", 0.01)

    async def heard() -> list[str]:
        beats = Pulse(MemorySources()).beats()
        return [await anext(beats) for _beat in range(3)]

    first, *later = asyncio.run(heard())
    assert first.startswith("event: look\nid: ")
    assert "\nretry: 2000\n" in first, "a page comes back two seconds after the server was started again"
    assert all(beat.startswith("event: ping\n") for beat in later)
    again = asyncio.run(heard())
    assert again[0].startswith("event: look\n"), "whoever was away is told at once how it stands"
    assert again[0].splitlines()[1] != first.splitlines()[1]
