"""The areas of pages that this installation has, in the order in which the page of everything names them."""

from console.web.handover import handover_part
from console.web.health import health_part
from console.web.network import network_part
from console.web.part import Part
from console.web.people import people_part
from console.web.services import services_part
from console.web.sites import sites_part
from kentongan.installation import Installation
from kentongan.showing.charts import PrometheusCharts
from kentongan.showing.devices import DatabaseNetwork
from kentongan.showing.handover import InstalledShifts
from kentongan.showing.health import InstalledHealth
from kentongan.showing.people import people_book
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
        services_part(PolledServices(installation)),
        people_part(people_book(installation)),
        handover_part(InstalledShifts(installation)),
        health_part(InstalledHealth(installation)),
    )
