"""The HTTP server of the service: metrics, service discovery, readiness, heartbeats of sites, states of checks."""

from typing import TYPE_CHECKING

from collectors.heartbeat import heartbeat_routes
from exporters.catalogue import own
from exporters.exposition import Page
from exporters.http import HttpServer, json_route, metrics_app
from exporters.own_health import OwnHealth
from kentongan import __version__
from kentongan.run import service_states
from kentongan.run.health import Ready

if TYPE_CHECKING:
    from kentongan.run.service import Service


def exporter_of(service: "Service", health: OwnHealth) -> HttpServer:
    """Not started yet."""
    page = Page(
        service.renderer,
        lambda: service.ledger.table(service.board.codes),
        lambda: health.text() + service.takeover.places,
        service.clock,
    )
    observe = health.histogram(own.SCRAPE_SECONDS).observe
    app = metrics_app(page, Ready(service), version=__version__, observe_seconds=observe)
    beats = service.beats
    app.router.routes += heartbeat_routes(lambda: beats.tokens, beats.take, service.clock, counts=beats.counts)
    app.router.routes.append(json_route(service_states.PATH, lambda: service_states.service_states(service.services)))
    where = service.installation.loaded.settings.exporter
    return HttpServer(app, where.host, where.port)
