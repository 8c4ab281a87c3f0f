"""Reports of the console come from the desk, in a process of its own and in the name of who asked; contracts beside."""

from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from console.ports.reports import Asked, NoReportError, ReportRefusedError
from domain.language import speaking
from domain.network import Check, Contract, Device, Link, Role, Site, SiteKind
from kentongan.console_adapters.contracts import InstalledContracts
from kentongan.console_adapters.reports import DeskReports, run_here
from kentongan.installation import Installation
from kentongan.settings import Loaded, load_settings
from kentongan.words import speak


@pytest.fixture(scope="module")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    speak("en")
    folder: Path = tmp_path_factory.mktemp("reports")
    file = folder / "kentongan.toml"
    file.write_text("", encoding="utf-8")
    with Installation(load_settings(file, {}), "test").prepare() as made:
        yield made


def test_a_report_is_made_in_the_name_of_who_asked(installation: Installation) -> None:
    asked: list[tuple[str, str, str]] = []

    def run(loaded: Loaded, who: str, language: str, method: str, arguments: tuple[Any, ...]) -> Any:
        asked.append((who, language, method))
        with speaking("en"):
            return run_here(loaded, who, "en", method, arguments)

    reports = DeskReports(installation, run)
    with speaking("id"):
        made = reports.make("siti", Asked("incidents", "2026-01"), "csv")
    assert (made.octets[:2], len(made.sha256), made.edition) == (b"PK", 64, "")
    assert asked == [("siti", "id", "make")]
    entry = installation.journal.read(0, 10)[-1]
    assert (entry.actor, entry.action) == ("siti", "report made")
    for wrong in (Asked("poem", "2026-01"), Asked("incidents", "soon")):
        with pytest.raises(ReportRefusedError):
            reports.make("siti", wrong, "pdf")
    with pytest.raises(NoReportError):
        reports.get("none", "pdf")
    assert {each.kind for each in reports.offers()} >= {"availability", "coverage", "evaluation"}


def test_what_a_month_owes_is_worked_out_beside_the_page(installation: Installation) -> None:
    installation.inventory.write(
        (
            Site("dc", "Pusat data", SiteKind.DATACENTER),
            Device("rtr", "dc", Role.ROUTER, check=Check.NONE),
            Link("isp", "rtr", provider="Telkom", contract="K/01"),
            Contract("K/01", "Telkom", sla_percent=98, price_month=Decimal(1_000_000), penalty_rule="nonsense"),
        )
    )
    waiting: list[Callable[[], None]] = []
    contracts = InstalledContracts(installation, waiting.append)
    assert contracts.month().at is None
    assert contracts.month().at is None
    assert len(waiting) == 1, "once, however many look"
    waiting[0]()
    month = contracts.month()
    assert month.at is not None
    assert "nonsense" in month.owed["K/01"].problem
    assert len(waiting) == 1, "it is fresh"
    assert contracts.inventory() is contracts.inventory()
