"""Loss and round trip far from the device's own baseline: when it is told, and when it is over.

Judges only devices that are lit and warm. What was said before a fall or a restart stays until it can be judged anew.
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from alerts.degraded.baselines import FAST_LOSS, WARM, Baselines, Usual
from alerts.degraded.complaints import SOURCE, Complaint, ComplaintBook, Who
from alerts.degraded.figures import shown
from alerts.degraded.measures import Measure, unit_of
from alerts.degraded.rulebook import NONE, Rulebook
from alerts.degraded.subjects import Subjects
from domain.incidents import Cause, CauseKind, Evidence, EvidenceKind
from domain.polling import Fleet, PingRound
from domain.polling.strips import with_room

CHANCE: Final = 4.0
"""Standard deviations by which the loss of now must stand out from the usual: once in a year by chance."""

_DOUBT: Final = 0.005
_MEASURES: Final = (Measure.LOSS, Measure.LATENCY)


class PathWatch:
    """Beside the baselines 14 octets a device."""

    def __init__(self, fleet: Fleet, rules: Rulebook, book: ComplaintBook) -> None:
        self._fleet, self._rules, self._book = fleet, rules, book
        self.baselines = Baselines()
        self._subjects = Subjects()
        self._names: list[str] = []  # of whom the columns speak: an index may be given to another device
        self._met: NDArray[np.bool_] = np.zeros(0, np.bool_)  # since the inventory changed
        self._rule: dict[str, NDArray[np.uint16]] = {each: np.zeros(0, np.uint16) for each in _MEASURES}
        self._raised: dict[str, NDArray[np.bool_]] = {each: np.zeros(0, np.bool_) for each in _MEASURES}
        self._since: dict[str, NDArray[np.float32]] = {each: np.zeros(0, np.float32) for each in _MEASURES}
        self._epoch = float("nan")
        self._kept: dict[str, Usual] = {}

    def know(self, subjects: Subjects) -> None:
        self._subjects = subjects
        self._met[:] = False
        for measure in _MEASURES:
            for who in self._book.all_of(measure):
                if who[1] not in subjects.devices:
                    self._book.withdraw(who)

    def expect(self, usual: tuple[Usual, ...]) -> None:
        """What was kept before a restart, to be believed when its devices are met."""
        self._kept = {each.device: each for each in usual}

    def usual(self) -> tuple[Usual, ...]:
        """What is to be kept, by device."""
        found = (self.baselines.usual(device, name) for device, name in enumerate(self._names) if name)
        return tuple(sorted((each for each in found if each is not None), key=lambda each: each.device))

    def is_usual(self, name: str) -> bool:
        """Whether its baseline is known and its loss no more than it always is."""
        device = self._fleet.index(name) if name in self._fleet else -1
        if not 0 <= device < len(self._names) or self._names[device] != name:
            return False
        if self.baselines.attempts[device] < WARM or self._rule[Measure.LOSS][device] == NONE:
            return False
        return not self._raised[Measure.LOSS][device] and not self._since[Measure.LOSS][device]

    def note(self, pings: PingRound, light: NDArray[np.int8], now: float) -> None:
        """light: by device, 1 for lit. now: steady seconds."""
        if not len(pings.device):
            return
        if np.isnan(self._epoch):
            self._epoch = now - 1.0
        self._meet(pings.device, len(light))
        device = self.baselines.note(pings, light, now)
        device = device[self.baselines.attempts[device] >= WARM]
        if not len(device):
            return
        lines = self.baselines
        usual = lines.loss[device]
        loss = 100.0 * (lines.loss_now[device] - usual)
        # what always loses much strays much by chance: an exponential mean of draws, with a little doubt of nought
        stray = np.sqrt((usual + _DOUBT) * (1 - usual) * FAST_LOSS / (2 - FAST_LOSS))
        stray *= np.where(self._raised[Measure.LOSS][device], CHANCE / 2, CHANCE)
        loss[loss < 100.0 * stray] = 0.0
        self._weigh(Measure.LOSS, device, loss, None, now)
        times = np.exp(lines.trip_now[device] - lines.trip[device])
        self._weigh(Measure.LATENCY, device, times, device, now)

    def _weigh(
        self,
        measure: Measure,
        device: NDArray[np.int64],
        value: NDArray[np.float32],
        grown: NDArray[np.int64] | None,
        now: float,
    ) -> None:
        rule, raised, since = self._rule[measure], self._raised[measure], self._since[measure]
        levels = self._rules.levels
        mine = rule[device]
        contrary = value >= levels.raise_above[mine]
        busy = np.flatnonzero(contrary | raised[device] | (since[device] > 0))
        if not len(busy):
            return
        device, value, mine, contrary = device[busy], value[busy], mine[busy], contrary[busy]
        if grown is not None:
            lines = self.baselines
            least = np.exp(lines.trip_now[device]) - np.exp(lines.trip[device]) >= levels.least[mine] / 1000
            contrary &= least
        stands = raised[device]
        contrary = np.where(stands, value < levels.clear_below[mine], contrary)
        at = np.float32(now - self._epoch)
        since[device] = np.where(contrary, np.where(since[device] > 0, since[device], at), 0)
        turned = contrary & (at - since[device] >= levels.seconds[mine])
        since[device[turned]] = 0
        raised[device[turned]] = ~stands[turned]
        for one in np.flatnonzero(turned).tolist():
            self._turn(measure, int(device[one]), int(mine[one]), begins=not stands[one])

    def _turn(self, measure: Measure, device: int, number: int, *, begins: bool) -> None:
        name = self._fleet.name(device)
        threshold = self._rules[number]
        who: Who = (measure, name, threshold.reason, "")
        if not begins:
            self._book.withdraw(who)
            return
        lines = self.baselines
        if measure is Measure.LOSS:
            value, usual = 100 * float(lines.loss_now[device]), 100 * float(lines.loss[device])
            limit = usual + threshold.raise_above
        else:
            value, usual = (1000 * float(np.exp(trip[device])) for trip in (lines.trip_now, lines.trip))
            limit = max(usual * threshold.raise_above, usual + threshold.least)
        values = {
            SOURCE: measure.value,
            "what": name,
            "value": shown(value),
            "before": shown(usual),
            "limit": shown(limit),
            "unit": unit_of(measure),
        }
        cause = Cause(CauseKind.DEVICE, name)
        evidence = Evidence(EvidenceKind.THRESHOLD, name, None, values)
        self._book.say(who, Complaint(cause, threshold.reason, frozenset({name}), evidence, threshold.urgency))

    def _meet(self, devices: NDArray[np.int64], size: int) -> None:
        """Give every device of a round its thresholds once, after each change of the inventory."""
        if len(self._names) < size:
            self._names += [""] * (size - len(self._names))
            self._met = with_room(self._met, size)
            for measure in _MEASURES:
                self._rule[measure] = with_room(self._rule[measure], size)
                self._raised[measure] = with_room(self._raised[measure], size)
                self._since[measure] = with_room(self._since[measure], size)
        met = self._met[devices]
        if not met.all():
            self._met[devices] = True
            for device in devices[~met].tolist():
                self._take(device, self._fleet.name(device))

    def _take(self, device: int, name: str) -> None:
        if self._names[device] not in ("", name):
            self.baselines.forget(device)
        self._names[device] = name
        known = self._subjects.devices.get(name)
        for measure in _MEASURES:
            number = self._rules.one(measure, known, self._subjects.kind(known)) if known else NONE
            self._rule[measure][device] = number
            reason = self._rules[number].reason if number else ""
            self._raised[measure][device] = (measure, name, reason, "") in self._book
            self._since[measure][device] = 0
            for who in self._book.of(measure, name):
                if who[2] != reason:
                    self._book.withdraw(who)
        kept = self._kept.pop(name, None)
        if kept is not None:
            self.baselines.believe(device, kept)
