"""What is being told: how far the telling of each incident has come, the incident as it stands, what lies around it."""

from datetime import date

from alerts.dispatch.areas import Area
from alerts.dispatch.directory import Directory
from alerts.dispatch.routing import Routing
from alerts.dispatch.track import Track
from alerts.texts import Surroundings
from domain.incidents import Incident

Seen = tuple[Incident, Surroundings]


class Ledger:
    """tracks and incidents have the same keys: ids of incidents. elsewhere: the words for a cause outside an area."""

    def __init__(self, routing: Routing, directory: Directory, elsewhere: str) -> None:
        self.routing = routing
        self.directory = directory
        self._elsewhere = elsewhere
        self.tracks: dict[str, Track] = {}
        self.incidents: dict[str, Incident] = {}
        self._arounds: dict[str, tuple[Incident, Surroundings]] = {}
        self._parts: dict[str, dict[Area, tuple[Incident, Seen]]] = {}

    def take_over(self, routing: Routing, directory: Directory) -> None:
        """A changed inventory: from now on these people and places count."""
        self.routing, self.directory = routing, directory
        self._arounds.clear()
        self._parts.clear()

    def follow(self, incident: Incident) -> Track:
        """The track of an incident, which stands like this from now on."""
        self.incidents[incident.id] = incident
        return self.tracks.setdefault(incident.id, Track(incident.id))

    def drop(self, id_: str) -> None:
        del self.tracks[id_]
        del self.incidents[id_]
        self._arounds.pop(id_, None)
        self._parts.pop(id_, None)

    def around(self, incident: Incident) -> Surroundings:
        if incident.id not in self.tracks:  # nobody would drop it
            return self.directory.around(incident)
        held = self._arounds.get(incident.id)
        if held is None or held[0] is not incident:
            held = self._arounds[incident.id] = (incident, self.directory.around(incident))
        return held[1]

    def seen(self, incident: Incident, channel: str, day: date) -> Seen:
        """The incident and what lies around it, as far as it lies in the area of a channel of people on that day."""
        area = self.routing.area(channel, day)
        if area is None:
            return incident, self.around(incident)
        held = self._parts.setdefault(incident.id, {}) if incident.id in self.tracks else {}
        if area not in held or held[area][0] is not incident:
            found = self.directory.within(area).seen(incident, self.around(incident), self._elsewhere)
            held[area] = incident, found
        return held[area][1]

    def may_wake(self, incident: Incident, day: date) -> bool:
        """On that day of the kabupaten's calendar."""
        return self.routing.may_wake(incident, self.around(incident), day)
