"""The HTTP application without a network: routes, status, headers, bodies."""

import asyncio
from collections.abc import Iterator, Sequence

import httpx
import pytest

from exporters.exposition import CONTENT_TYPE
from exporters.http import Compression, metrics_app


class FakePage:
    zones = ("jatiluhur", "kota")

    def begin(self, zone: str | None = None, *, own_health: bool = True) -> Iterator[bytes]:
        yield f"zone {zone}\n".encode()
        yield f"own {own_health}\n".encode()

    def begin_own_health(self) -> Iterator[bytes]:
        yield b"own alone\n"


class FakeReadiness:
    def __init__(self, *reasons: str) -> None:
        self._reasons = reasons

    async def reasons(self) -> Sequence[str]:
        return self._reasons


def ask(path: str, method: str = "GET", encoding: str = "identity", **options: object) -> httpx.Response:
    readiness = options.pop("readiness", FakeReadiness())
    app = metrics_app(FakePage(), readiness, version="1.2.3", **options)  # type: ignore[arg-type]

    async def request() -> httpx.Response:
        transport = httpx.ASGITransport(app, client=("10.0.0.9", 40000))
        async with httpx.AsyncClient(transport=transport, base_url="http://monitor:9275") as client:
            return await client.request(method, path, headers={"Accept-Encoding": encoding})

    return asyncio.run(request())


def test_metrics_are_plain_text_of_the_known_version() -> None:
    answer = ask("/metrics")
    assert (answer.status_code, answer.headers["content-type"]) == (200, CONTENT_TYPE)
    assert answer.text == "zone None\nown True\n"
    assert "content-encoding" not in answer.headers


def test_gzip_where_it_is_accepted() -> None:
    answer = ask("/metrics", encoding="gzip")
    assert answer.headers["content-encoding"] == "gzip"
    assert answer.text == "zone None\nown True\n"
    assert "content-encoding" not in ask("/metrics", encoding="gzip", compression=Compression.NEVER).headers


def test_one_zone_own_health_alone_and_a_zone_that_is_not() -> None:
    assert ask("/metrics?zone=kota").text == "zone kota\nown False\n"
    assert ask("/metrics?part=own").text == "own alone\n"
    answer = ask("/metrics?zone=atlantis")
    assert answer.status_code == 404
    assert "atlantis" in answer.text


def test_head_writes_no_text() -> None:
    seen: list[float] = []
    answer = ask("/metrics", "HEAD", observe_seconds=seen.append)
    assert (answer.status_code, answer.content, seen) == (200, b"", [])


def test_the_time_a_scrape_took_is_told() -> None:
    seen: list[float] = []
    ask("/metrics", observe_seconds=seen.append)
    assert len(seen) == 1


def test_discovery_names_this_exporter_as_it_was_asked() -> None:
    (group,) = ask("/sd/prometheus").json()
    assert group == {"targets": ["monitor:9275"], "labels": {"__meta_kentongan_zones": "jatiluhur,kota"}}


def test_discovery_by_zone_has_a_target_each_and_one_for_own_health() -> None:
    labels = [group["labels"] for group in ask("/sd/prometheus?by=zone").json()]
    assert labels == [
        {"zone": "jatiluhur", "__param_zone": "jatiluhur"},
        {"zone": "kota", "__param_zone": "kota"},
        {"__param_part": "own"},
    ]


def test_health_and_readiness() -> None:
    assert ask("/healthz").text == "ok\n"
    ready = ask("/readyz")
    assert (ready.status_code, ready.json()) == (200, {"ready": True, "reasons": []})
    waiting = ask("/readyz", readiness=FakeReadiness("No device was polled yet."))
    assert (waiting.status_code, waiting.json()["reasons"]) == (503, ["No device was polled yet."])


def test_the_first_page_links_what_there_is_and_loads_nothing() -> None:
    page = ask("/").text
    assert all(f'href="{path}"' in page for path in ("/metrics", "/sd/prometheus", "/healthz", "/readyz"))
    assert "http://" not in page
    assert "https://" not in page
    assert "src=" not in page


@pytest.mark.parametrize(("path", "method", "status"), [("/nothing", "GET", 404), ("/metrics", "POST", 405)])
def test_errors_are_short(path: str, method: str, status: int) -> None:
    answer = ask(path, method)
    assert answer.status_code == status
    assert len(answer.content) < 40
