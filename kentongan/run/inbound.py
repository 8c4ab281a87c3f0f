"""The listener for telephones, gateways and Alertmanager: its own socket, its own few addresses, nothing else.

Apart from the metrics, because those are read inside and these from outside: whoever fills this one's connections
cannot keep Prometheus away. Without `notify.base_url` and `notify.inbound_credential` nothing listens at all.
"""

from collections import Counter
from collections.abc import Mapping
from datetime import datetime

from alerts.channels.acknowledge_links import acknowledge_routes
from alerts.channels.alert_receiver import alert_routes
from alerts.channels.answers import reply_routes
from alerts.channels.inbound import Came, Routes, Way, inbound_app
from domain.language import _
from domain.network import Inventory
from exporters.errors import AddressTakenError
from exporters.http import HttpServer
from kentongan.errors import KentonganError
from kentongan.installation import Installation
from kentongan.run.orders import Orders
from kentongan.run.outage import OutageDesk
from kentongan.run.phones import PhoneDesk
from kentongan.run.reported import ReportedAlerts
from kentongan.run.telling import link_signer, secret_of, wording_of
from kentongan.words import speak_here


class InboundError(KentonganError):
    """What comes in cannot be listened to."""


class Inbound:
    """`know` each inventory; `start`, `stop`. counts: what came in, by way and outcome."""

    def __init__(self, installation: Installation, outage: OutageDesk, orders: Orders) -> None:
        settings = installation.loaded.settings
        self._clock = installation.clock
        self.counts: Counter[tuple[Way, Came]] = Counter()
        self.desk = PhoneDesk(installation, outage, orders)
        self.reported = ReportedAlerts(installation, outage, orders)
        routes = self._routes(installation)
        listen, language = settings.inbound, wording_of(settings).language
        app = inbound_app(routes, lambda: speak_here(language))  # as the messages speak, whatever the program does
        self._server = HttpServer(app, listen.host, listen.port) if routes else None

    @property
    def url(self) -> str:
        """Where it listens; empty if it does not."""
        return self._server.url if self._server else ""

    def know(self, inventory: Inventory) -> None:
        self.desk.know(inventory.people)
        self.reported.know(inventory)

    async def start(self) -> None:
        """Raises InboundError."""
        if self._server is None:
            return
        try:
            await self._server.start()
        except AddressTakenError as error:
            raise InboundError(
                _(
                    "What telephones send cannot be listened to at {url}: {reason}. Set inbound.host and inbound.port"
                    " in kentongan.toml (KENTONGAN_INBOUND__PORT)."
                ).format(url=self._server.url, reason=error.__cause__ or error)
            ) from error

    async def stop(self) -> None:
        if self._server is not None:
            await self._server.stop()

    def figures(self) -> Mapping[tuple[str, ...], float]:
        return {(way.value, came.value): count for (way, came), count in self.counts.items()}

    def _routes(self, installation: Installation) -> Routes:
        notify = installation.loaded.settings.notify
        routes: Routes = []
        if notify.base_url:
            routes += acknowledge_routes(self.desk, link_signer(installation), self._now, self._count)
        if notify.inbound_credential:
            secret = secret_of(installation, notify.inbound_credential, "notify.inbound_credential")
            routes += reply_routes(self.desk, secret, self._now, self._count)
            routes += alert_routes(self.reported.report, secret, self._now, self._count)
        return routes

    def _now(self) -> datetime:
        return self._clock.now().utc

    def _count(self, way: Way, came: Came) -> None:
        self.counts[way, came] += 1
