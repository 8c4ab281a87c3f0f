"""What is being told: how far the telling of each incident has come, the incident as it stands, what lies around it."""

from datetime import date

from alerts.dispatch.directory import Directory
from alerts.dispatch.routing import Routing
from alerts.dispatch.track import Track
from alerts.texts import Surroundings
from domain.incidents import Incident


class Ledger:
    """tracks and incidents have the same keys: ids of incidents."""

    def __init__(self, routing: Routing, directory: Directory) -> None:
        self.routing = routing
        self.directory = directory
        self.tracks: dict[str, Track] = {}
        self.incidents: dict[str, Incident] = {}
        self._arounds: dict[str, tuple[Incident, Surroundings]] = {}

    def take_over(self, routing: Routing, directory: Directory) -> None:
        """A changed inventory: from now on these people and places count."""
        self.routing, self.directory = routing, directory
        self._arounds.clear()

    def follow(self, incident: Incident) -> Track:
        """The track of an incident, which stands like this from now on."""
        self.incidents[incident.id] = incident
        return self.tracks.setdefault(incident.id, Track(incident.id))

    def drop(self, id_: str) -> None:
        del self.tracks[id_]
        del self.incidents[id_]
        self._arounds.pop(id_, None)

    def around(self, incident: Incident) -> Surroundings:
        held = self._arounds.get(incident.id)
        if held is None or held[0] is not incident:
            held = self._arounds[incident.id] = (incident, self.directory.around(incident))
        return held[1]

    def may_wake(self, incident: Incident, day: date) -> bool:
        """On that day of the kabupaten's calendar."""
        return self.routing.may_wake(incident, self.around(incident), day)
