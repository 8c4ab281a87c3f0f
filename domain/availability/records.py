"""What is known of a period: inventory, states and incidents as they were kept; timelines are made of it on demand."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from domain.availability.charging import Blame, Held
from domain.availability.kinds import LOSS_LIMITS, Kind, kind_of
from domain.availability.spans import Micros, Span, Spans, spans_of, whole_second_of
from domain.availability.timeline import (
    Timeline,
    best_of,
    constant,
    dark_to_planned,
    dark_to_unknown,
    overlay,
    timeline_of,
    to_unknown,
)
from domain.incidents import Cause, CauseKind, Condition, Incident, Member, Party, Phase
from domain.network import Check, Device, DeviceStatus, Inventory, Role
from domain.states import State

Reported = tuple[Micros, State, str]
"""When, to which state, for what reason."""

_CARRIES: Final[Mapping[Role, int]] = {
    role: place
    for place, roles in enumerate(
        (
            (Role.ROUTER, Role.FIREWALL),
            (Role.SWITCH, Role.OLT),
            (Role.AP, Role.ONU, Role.MODEM, Role.RADIO, Role.CONVERTER, Role.VPN),
            (Role.SERVER, Role.VM, Role.NVR, Role.CAMERA, Role.SENSOR, Role.INVERTER, Role.UPS),
        )
    )
    for role in roles
}
"""Which of a site's devices its service hangs on: those of the first of these groups that it has."""


@dataclass(frozen=True, slots=True)
class Work:
    """Announced work. names: devices, sites (slugs) and links that it covers, with all that lies behind them."""

    span: Span
    names: frozenset[str]


@dataclass(frozen=True, slots=True)
class Records:
    """span: the period. initial: state and reason of each device at its start. changes: by device, in their order.

    blames: by incident. blind: when Kentongan itself did not look. planned: our own work; provider_work: theirs.
    """

    span: Span
    inventory: Inventory
    initial: Mapping[str, tuple[State, str]] = field(default_factory=dict)
    changes: Mapping[str, Sequence[Reported]] = field(default_factory=dict)
    incidents: Sequence[Incident] = ()
    blames: Mapping[str, Blame] = field(default_factory=dict)
    blind: Spans = ()
    planned: Sequence[Work] = ()
    provider_work: Sequence[Work] = ()


class History:
    """The timelines of one period, each made once."""

    def __init__(self, records: Records) -> None:
        self.records = records
        self.devices = {device.name: device for device in records.inventory.devices}
        self._at_site: dict[str, list[Device]] = defaultdict(list)
        for device in records.inventory.devices:
            if device.status is DeviceStatus.IN_USE and device.check is not Check.NONE:
                self._at_site[device.site].append(device)
        self._timelines: dict[str, Timeline] = {}
        self._held: dict[str, list[Held]] = defaultdict(list)
        self._lost_sight: dict[str, list[Span]] = defaultdict(list)
        self._planned: dict[str, list[Span]] = defaultdict(list)
        self._of_lines: dict[tuple[CauseKind, str], list[tuple[int, Incident]]] = defaultdict(list)
        for place, incident in enumerate(records.incidents):
            self._take(incident)
            if incident.cause.kind in _LINES:
                self._of_lines[incident.cause.kind, _folded(incident.cause)].append((place, incident))

    def carriers(self, site: str) -> list[Device]:
        """The devices that a site's service hangs on; empty if nothing there is watched."""
        there = self._at_site.get(site, [])
        first = min((_CARRIES[device.role] for device in there), default=0)
        return [device for device in there if _CARRIES[device.role] == first]

    def of_site(self, site: str) -> Timeline:
        """Up if any of its carriers is."""
        return self.of_devices([device.name for device in self.carriers(site)])

    def of_devices(self, names: Sequence[str]) -> Timeline:
        """Up if any of them is; unknown throughout if there is none."""
        if not names:
            return constant(Kind.UNKNOWN, *self.records.span)
        return best_of([self.of_device(name) for name in names])

    def of_device(self, name: str) -> Timeline:
        found = self._timelines.get(name)
        if found is None:
            found = self._timelines[name] = self._made(name)
        return found

    def held(self, names: Iterable[str]) -> list[Held]:
        """The incidents that held these devices dark, each span of each."""
        return [each for name in names for each in self._held.get(name, ())]

    def of_lines(self, causes: Iterable[Cause]) -> list[Incident]:
        """Those whose cause is one of these links, segments or providers, in the order in which they are known."""
        found = [
            each for cause in dict.fromkeys(causes) for each in self._of_lines.get((cause.kind, _folded(cause)), ())
        ]
        return [incident for _place, incident in sorted(found, key=_place_of)]

    def span_of(self, incident: Incident) -> Span:
        end = whole_second_of(incident.resolved_at) if incident.resolved_at else self.records.span[1]
        return whole_second_of(incident.started_at), end

    def held_by(self, incident: Incident, member: Member) -> Span:
        """How long the incident held one of its members, as far as it remembers."""
        back = member.back_at or incident.resolved_at
        return whole_second_of(member.since), whole_second_of(back) if back else self.records.span[1]

    def work(self, works: Sequence[Work], names: Iterable[str]) -> Spans:
        wanted = frozenset(names)
        return spans_of(work.span for work in works if wanted & work.names)

    def _made(self, name: str) -> Timeline:
        records = self.records
        device = self.devices.get(name)
        limit = LOSS_LIMITS[device.poll_class] if device else 40.0
        state, reason = records.initial.get(name, (State.UNKNOWN, ""))
        changes = records.changes.get(name, ())
        kinds = ((at, kind_of(state, reason, limit)) for at, state, reason in changes)
        made = timeline_of(kind_of(state, reason, limit), kinds, *records.span)
        made = overlay(made, spans_of(self._lost_sight.get(name, ())), dark_to_unknown)
        made = overlay(made, records.blind, to_unknown)
        names = (name, device.site) if device else (name,)
        planned = spans_of([*self.work(records.planned, names), *self._planned.get(name, ())])
        return overlay(made, planned, dark_to_planned)

    def _take(self, incident: Incident) -> None:
        if incident.phase is Phase.MERGED or incident.condition not in _ABOUT_STATES:
            return
        blame = self.records.blames.get(incident.id)
        for member in incident.members:
            span = self.held_by(incident, member)
            if incident.handling.relapses:  # a member that fell again has forgotten when it fell first
                span = self.span_of(incident)[0], span[1]
            if incident.condition is not Condition.OUTAGE:
                self._lost_sight[member.name].append(span)
            elif blame is not None and blame.liable.party is Party.PLANNED:
                self._planned[member.name].append(span)
            elif blame is not None and span[0] < span[1]:
                self._held[member.name].append(Held(span, blame))


_ABOUT_STATES: Final = frozenset({Condition.OUTAGE, Condition.MANAGEMENT, Condition.BLIND})
_LINES: Final = frozenset({CauseKind.LINK, CauseKind.SEGMENT, CauseKind.PROVIDER})


def _folded(cause: Cause) -> str:
    """Providers are written in one way here and in another there."""
    return cause.name.casefold() if cause.kind is CauseKind.PROVIDER else cause.name


def _place_of(found: tuple[int, Incident]) -> int:
    return found[0]
