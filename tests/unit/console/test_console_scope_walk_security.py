"""Who sees one kecamatan is shown nothing of another: every registered address is walked, pages and REST interface.

And no text that somebody wrote, or some device says of itself, is more than text on any page.
"""

import re
from collections import Counter
from collections.abc import Iterator
from itertools import product
from urllib.parse import quote, urlencode

import httpx
import pytest
from fastapi.routing import RouteContext

from tests.unit.console.guarded_town import INCIDENTS, MARK, OUTSIDE, PLERED, Town, query_names, routes_of, town

STREAMS = {"/live", "/api/v1/events"}
"""They never end; what they tell is a mark alone."""

DEVICES = ["rtr-citeko", "rtr-sd", f"{MARK}-rtr", "onu-spare", f"{MARK}-spare"]
SITES = ["desa-citeko", "sd-citeko", f"{MARK}-cadassari", f"{MARK}-sukamulya"]
CODES = [f"{PLERED}.2001", f"{OUTSIDE}.2001", "web-citeko", f"{MARK}-sip", "cam-citeko", f"{MARK}-cam"]
STOOD = {
    "id_": [each.id for each in INCIDENTS], "id": [each.id for each in INCIDENTS], "code": CODES, "slug": SITES,
    "number": ["w1w1w1", "w2w2w2"], "wave": ["w1w1w1", "w2w2w2"],
    "language": ["en"], "format_": ["pdf"], "format": ["pdf"], "device": DEVICES,
    "name": [*DEVICES, "fo-citeko", f"{MARK}-fo"],
}  # fmt: skip
"""What may stand in an address, by the name of its part."""

KINDS = {
    "/charts": ["device-answer", "link-traffic", "site-traffic"],
    "/sites": ["rollback", "replace", "decommission"],
}
ASKED = {
    "of": ["rtr-citeko", f"{MARK}-rtr", f"{MARK}-cadassari", f"{MARK}-fo"], "device": DEVICES[:3], "like": SITES[2:],
    "site": ["desa-gandamekar", SITES[3]], "id": ["K-1", f"{MARK}-K-2"], "kecamatan": ["Plered", f"{MARK}-Tegalwaru"],
    "q": ["citeko", "adassari"], "provider": [f"{MARK}-net"], "job": ["0a0b0c", "2a0b0c"], "since": ["2026-01-01"],
    "ended": ["true"], "ended_days": ["30"], "span": ["24h"], "budget": ["100000000000"],
}  # fmt: skip
"""What may be asked for, by the name of the field."""


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    with town(tmp_path_factory.mktemp("guarded")) as made:
        yield made


def values_of(path: str, name: str) -> list[str]:
    if name == "kind":
        return next(values for start, values in KINDS.items() if path.startswith(start))
    return STOOD.get(name, [*DEVICES, *SITES, "w1w1w1", "w2w2w2"])


def addresses(path: str, route: RouteContext, *, asks: bool) -> Iterator[tuple[str, list[str]]]:
    """Every address that this route may have here, with the names of ours that stand in it. asks: with fields too."""
    names = re.findall(r"{(\w+)(?::\w+)?}", path)
    asked = [(name, value) for name in query_names(route) for value in ASKED.get(name, ()) if asks]
    for chosen in product(*(values_of(path, name) for name in names)):
        at = path
        for value in chosen:
            at = re.sub(r"{[^}]+}", quote(value, safe=""), at, count=1)
        yield at, list(chosen)
        if not names or any(name in ("of", "job", "like") for name, _value in asked):
            yield from ((f"{at}?{urlencode([each])}", [*chosen, each[1]]) for each in asked)


def shown(answer: httpx.Response, echoed: list[str]) -> str:
    """All that came, without what was sent by whoever asks."""
    text = answer.text + repr(answer.headers.items())
    for value in sorted(echoed, key=len, reverse=True):
        for form in {value, quote(value), quote(value, safe=""), value.casefold()}:
            text = text.replace(form, "")
    return text


FOREIGN = rf"{MARK}|{re.escape(OUTSIDE)}"
OF_THE_VILLAGE = "desa-citeko|rtr-citeko|cam-citeko|web-citeko|fo-citeko|desa-gandamekar|Gandamekar|ours-0001"
"""What stands in the same village and kecamatan, and is none of the agency's."""


@pytest.mark.parametrize(
    ("name", "outside", "asks"),
    [
        ("admin-plered", FOREIGN, True),
        ("agency", f"{FOREIGN}|{OF_THE_VILLAGE}", False),
    ],
    ids=("kecamatan", "agency"),
)
def test_nothing_from_outside_is_shown(here: Town, name: str, outside: str, asks: bool) -> None:
    here.enter(name)
    tried, bearer, wrong = Counter[int](), here.token(name), []
    for path, route in routes_of(here.app):
        if "GET" not in (route.methods or ()) or path in STREAMS:
            continue
        bearer = here.token(name) if path.startswith("/api/") else {}  # none is used more often than is allowed
        for at, echoed in addresses(path, route, asks=asks or "{kind}" in path):
            answer = here.client.get(at, headers=bearer)
            tried[answer.status_code] += 1
            leak = re.search(rf".{{0,60}}({outside}).{{0,60}}", shown(answer, echoed))
            evil = "html" in answer.headers.get("content-type", "") and re.search(
                "<script>alert|<img src=x", answer.text
            )
            if leak or evil or answer.status_code in (401, 429, 500):
                wrong.append(f"{at}: {answer.status_code} {leak and leak.group()}")
    assert tried[200] > 50
    assert tried[404] > 50
    assert wrong == [], len(wrong)


NOBODYS = {
    "id_": ("tidak-0001", f"{MARK}-0001"), "id": ("tidak-0001", f"{MARK}-0001"), "slug": ("tidak-ada", SITES[2]),
    "code": (f"{PLERED}.2999", f"{OUTSIDE}.2001"), "number": ("w9w9w9", "w2w2w2"), "wave": ("w9w9w9", "w2w2w2"),
    "device": ("tidak-ada", f"{MARK}-rtr"), "name": ("tidak-ada", f"{MARK}-rtr"),
}  # fmt: skip


def test_what_is_outside_is_as_if_it_were_not(here: Town) -> None:
    """Status, words and headers are those of a name that nobody has: nothing tells that there is something."""
    here.enter("admin-plered")
    bearer, told = here.token("admin-plered"), []
    for path, route in routes_of(here.app):
        names = re.findall(r"{(\w+)(?::\w+)?}", path)
        if "GET" not in (route.methods or ()) or not set(names) & NOBODYS.keys():
            continue
        answers = []
        for which in (0, 1):
            at = path
            for name in names:
                value = NOBODYS[name][which] if name in NOBODYS else values_of(path, name)[0]
                at = re.sub(r"{[^}]+}", quote(value, safe=""), at, count=1)
            answer = here.client.get(at, headers=bearer if path.startswith("/api/") else {})
            text = re.sub("|".join(re.escape(each[which]) for each in NOBODYS.values()), "?", answer.text)
            answers.append((answer.status_code, text, sorted(set(answer.headers) - {"content-length"})))
        if answers[0] != answers[1] or answers[0][0] not in (403, 404):
            told.append(path)
    assert told == []
