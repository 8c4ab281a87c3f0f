"""No page leads anywhere that its reader may not go: links of every page are followed, by every role of the whole
kabupaten, of one kecamatan and of one agency."""

import re
from collections import Counter, deque
from collections.abc import Iterator
from html import unescape
from urllib.parse import urljoin, urlsplit

import pytest

from console.store import SqlAccounts
from domain.accounts import Account
from tests.unit.console.guarded_town import AGENCY, ROLES, Town, town

LINK = re.compile(r'(?:href|hx-get|data-map|src)="([^"]*)"')
IN_JSON = re.compile(r'"(/[a-z][^"]*)"')
LEFT = ("/static/", "/charts/", "/language/", "/live", "/logout", "/oidc")
"""Files for everybody, the language that is spoken, the stream that never ends."""
ALLOWED = (200, 303, 409)
"""409: what cannot be done as it stands, said on a page of its own."""
OF_A_KIND = {"": 1, "-plered": 1, "-agency": 2}
"""So many pages of one kind are looked at, of what somebody sees of all, of a kecamatan, of an agency."""
AGAIN = re.compile(r"[?&]sort=|\.csv\b")
"""The same page in another order or as a sheet, which asks for the same right."""
READERS = [(role, part) for role in ROLES for part in OF_A_KIND]


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    with town(tmp_path_factory.mktemp("links")) as made:
        accounts = SqlAccounts(made.installed.database.engine)
        for name, role in ROLES.items():
            accounts.put(Account(f"{name}-agency", role, agencies=(AGENCY,)))
        yield made


def links_of(at: str, kind: str, text: str) -> Iterator[str]:
    if "html" not in kind and "json" not in kind:
        return
    for each in (LINK if "html" in kind else IN_JSON).findall(text):
        found = urlsplit(urljoin(f"http://test{at}", unescape(each)))
        if (
            found.netloc == "test"
            and not found.path.startswith(LEFT)
            and not AGAIN.search(f"{found.path}?{found.query}")
        ):
            yield f"{found.path}?{found.query}" if found.query else found.path


def kind_of(at: str) -> str:
    """The address without the names in it, and without what is asked."""
    return re.sub(r"/[^/]*[-0-9][^/]*", "/*", at.partition("?")[0])


@pytest.mark.parametrize(("role", "part"), READERS, ids=lambda each: each or "all")
def test_every_link_may_be_followed(here: Town, role: str, part: str) -> None:
    here.enter(f"{role}{part}")
    come_from, left, dead, seen = {"/": "", "/more": ""}, deque(["/", "/more"]), [], Counter[str]()
    while left:
        at = left.popleft()
        seen[kind_of(at)] += 1
        if seen[kind_of(at)] > OF_A_KIND[part]:
            continue
        answer = here.client.get(at)
        if answer.status_code not in ALLOWED:
            dead.append(f"{come_from[at]} -> {at}: {answer.status_code}")
        for link in links_of(at, answer.headers.get("content-type", ""), answer.text):
            if link not in come_from:
                come_from[link] = at
                left.append(link)
    assert dead == []
    assert len(come_from) > 25
