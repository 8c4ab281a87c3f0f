"""Links of Grafana's dashboards to the console lead to pages that it has, with filters that these pages know."""

import re
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from starlette.routing import compile_path

from console.web.contracts import contracts_part
from console.web.health import health_part
from console.web.network import network_part
from console.web.services import services_part
from domain.network import Role
from exporters.grafana.shipped import shipped
from tests.unit.console.console_health import MemoryHealth
from tests.unit.console.console_ledgers import MemoryContracts
from tests.unit.console.console_office import office
from tests.unit.console.console_services import MemoryServices
from tests.unit.console.guarded_town import query_names, routes_of
from tests.unit.console.network_office import MemoryCharts, MemoryNetwork, MemoryVillages

Pages = Mapping[str, set[str]]
"""The path of a page, and the filters it knows."""

BASE = "${console}"


def links_of(plain: Any) -> Iterator[str]:
    """Every address in a dashboard that begins at the console."""
    match plain:
        case dict():
            for each in plain.values():
                yield from links_of(each)
        case list():
            for each in plain:
                yield from links_of(each)
        case str() if plain.startswith(BASE):
            yield plain.removeprefix(BASE)


LINKS = sorted({(board.uid, link) for board in shipped() for link in links_of(board.model)})


@pytest.fixture(scope="module")
def pages() -> Iterator[Pages]:
    parts = (
        network_part(MemoryNetwork(), MemoryVillages(), MemoryCharts()),
        services_part(MemoryServices()),
        contracts_part(MemoryContracts()),
        health_part(MemoryHealth()),
    )
    with office(parts=parts) as made:
        yield {
            path: set(query_names(route))
            for path, route in routes_of(made.client.app)
            if "GET" in (getattr(route, "methods", None) or ())
        }


def page_of(pages: Pages, path: str) -> str | None:
    return next((each for each in pages if compile_path(each)[0].fullmatch(path)), None)


def test_every_dashboard_leads_to_the_console() -> None:
    assert {uid for uid, _link in LINKS} == {board.uid for board in shipped()}


@pytest.mark.parametrize(("uid", "link"), LINKS)
def test_a_link_leads_to_a_page(pages: Pages, uid: str, link: str) -> None:
    parts = urlsplit(re.sub(r"\$\{[^}]+\}", "sumber-1", link))
    page = page_of(pages, parts.path)
    assert page is not None, f"{uid}: {link}"
    asked = dict(parse_qsl(parts.query, keep_blank_values=True))
    assert set(asked) <= pages[page], f"{uid}: {link}"
    assert asked.get("role", "router") in tuple(Role)


def test_a_page_that_is_not_there_is_seen(pages: Pages) -> None:
    assert page_of(pages, "/gossip") is None
    assert "role" in pages["/devices"]
