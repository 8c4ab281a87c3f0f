"""Who is told and in which words, put together from the settings; and what was told before a restart."""

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from alerts.dispatch.directory import Directory
from alerts.dispatch.dispatcher import Dispatcher
from alerts.dispatch.routing import Routing
from alerts.dispatch.timing import Timing
from alerts.dispatch.track import KIND
from alerts.dispatch.writing import Addresses, Writer
from alerts.store.tellings import SqlTellings
from alerts.texts import Wording
from domain.language import active_language
from domain.network import Inventory
from domain.time import Moment
from kentongan.installation import Installation
from kentongan.run.outage import OutageDesk
from kentongan.settings import Settings


def make_dispatcher(settings: Settings, machines: Sequence[str]) -> Dispatcher:
    """Knows nobody yet: people and places come with the inventory."""
    zone = ZoneInfo(settings.language.timezone)
    writer = Writer(Wording(active_language(), zone), Addresses())
    return Dispatcher(Routing(()), Directory(Inventory(), {}), writer, Timing(zone=zone), tuple(machines))


def restore_outages(outage: OutageDesk, installation: Installation, now: Moment) -> None:
    """What was open, and what telling remembers of it, as it was kept."""
    memories = SqlTellings(installation.database.engine).read()
    told = {}
    for memory in memories:
        incident = installation.incidents.get(memory.key) if memory.kind == KIND else None
        if incident is not None:
            told[incident.id] = incident
    outage.restore(installation.incidents.open(), memories, told, now)
