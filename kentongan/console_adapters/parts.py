"""The areas of pages that this installation has, in the order in which the page of everything names them."""

from console.web.assets import assets_part
from console.web.backups import backups_part
from console.web.contracts import contracts_part
from console.web.discovery import discovery_part
from console.web.handover import handover_part
from console.web.health import health_part
from console.web.network import network_part
from console.web.part import Part
from console.web.people import people_part
from console.web.reports import reports_part
from console.web.services import services_part
from console.web.sites import sites_part
from exporters.http import Tally
from kentongan.console_adapters.backups import RepositoryBackups
from kentongan.console_adapters.charts import PrometheusCharts
from kentongan.console_adapters.contracts import InstalledContracts
from kentongan.console_adapters.devices import DatabaseNetwork
from kentongan.console_adapters.discovery import queue_of
from kentongan.console_adapters.handover import InstalledShifts
from kentongan.console_adapters.health import InstalledHealth, ended_of
from kentongan.console_adapters.people import people_book
from kentongan.console_adapters.reports import DeskReports
from kentongan.console_adapters.services import PolledServices
from kentongan.console_adapters.sites import sites_of
from kentongan.console_adapters.villages import DatabaseVillages
from kentongan.installation import Installation


def parts_of(installation: Installation, tally: Tally | None = None) -> tuple[Part, ...]:
    network, villages, charts = (
        DatabaseNetwork(installation),
        DatabaseVillages(installation),
        PrometheusCharts(installation),
    )
    return (
        network_part(network, villages, charts, installation.loaded.settings.console.tiles_url),
        sites_part(sites_of(installation)),
        backups_part(RepositoryBackups(installation)),
        discovery_part(queue_of(installation)),
        services_part(PolledServices(installation)),
        contracts_part(InstalledContracts(installation)),
        assets_part(),
        reports_part(DeskReports(installation)),
        people_part(people_book(installation)),
        handover_part(InstalledShifts(installation)),
        health_part(InstalledHealth(installation, ended=lambda: ended_of(tally))),
    )
