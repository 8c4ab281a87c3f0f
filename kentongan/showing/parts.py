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
from kentongan.installation import Installation
from kentongan.showing.backups import RepositoryBackups
from kentongan.showing.charts import PrometheusCharts
from kentongan.showing.contracts import InstalledContracts
from kentongan.showing.devices import DatabaseNetwork
from kentongan.showing.discovery import queue_of
from kentongan.showing.handover import InstalledShifts
from kentongan.showing.health import InstalledHealth
from kentongan.showing.people import people_book
from kentongan.showing.reports import DeskReports
from kentongan.showing.services import PolledServices
from kentongan.showing.sites import sites_of
from kentongan.showing.villages import DatabaseVillages


def parts_of(installation: Installation) -> tuple[Part, ...]:
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
        health_part(InstalledHealth(installation)),
    )
