"""The sweep: polls any number of SNMPv2c and SNMPv3 devices over IPv4 through one socket, cheaply at any batch size.

Hand it devices with `begin`, call `step` whenever the socket is readable or `next_due` has come; each step brings the
polls that have ended. One request is in flight per device. Nothing here waits, walks or decides how a device is.
"""

from collections import deque
from dataclasses import dataclass
from functools import partial
from math import inf
from time import perf_counter

import numpy as np
from numpy.typing import NDArray

from collectors.datagrams import Datagrams, socket_address, source_word
from collectors.errors import CollectorError
from collectors.snmp.counts import SweepCounts
from collectors.snmp.course import Course
from collectors.snmp.engines import EngineBook
from collectors.snmp.harvest import Harvest
from collectors.snmp.intake import Intake
from collectors.snmp.keys import KeyRing
from collectors.snmp.memory import CellMemory
from collectors.snmp.roster import ASKING, IDLE, MOST_DEVICES, QUEUED, Roster
from collectors.snmp.secure.lane import SecureLane
from collectors.snmp.sending import Sender
from collectors.snmp.templates import TemplateBook
from domain.language import _
from domain.polling import Endpoint, Fleet, Sweep
from domain.secrets import SnmpCommunity, SnmpUser, SnmpVersion
from domain.time import Moment

_ANSWER_MEMORY_BYTES = 4096  # what one answer of up to 1,472 octets may take of the receive buffer, with some to spare
_OLDEST_ARRIVAL_SECONDS = 1.0
_QUEUE_SECONDS = 0.01  # between two looks at polls that wait for the window or the pace
_BEAT_SHARE = 1 / 48
"""Queued polls begin at most so often, as a share of their deadline (every second for one of 48 s): devices that begin
together are sent to, decoded and judged together, and a batch of eighty costs little more than one of twenty."""

_FIRST_TRY = np.uint64(1)
_ROUNDS = 64  # batches taken in by one step, so that a flood of answers cannot hold it for ever


@dataclass(frozen=True, slots=True)
class SweepLimits:
    """in_flight: devices asked at once, those aside that are silent; the receive buffer that was granted may lower it.
    polls_per_second: how many may begin in a second, in bursts of a tenth of it (inf: no limit)."""

    in_flight: int = 4096
    polls_per_second: float = 20_000.0


def speaks_to(endpoint: Endpoint) -> bool:
    """Whether a sweep can poll this device."""
    access = endpoint.access
    return not endpoint.is_ipv6 and not (isinstance(access, SnmpCommunity) and access.version is SnmpVersion.V1)


class Sweeper:
    """Opens its socket with `start`, closes it with `stop`. Not for two threads."""

    def __init__(
        self,
        fleet: Fleet,
        datagrams: Datagrams,
        limits: SweepLimits | None = None,
        seed: int = 0,
        *,
        engines: EngineBook | None = None,
        keys: KeyRing | None = None,
    ) -> None:
        """seed: of the first request-ids; hand in something random outside tests. engines, keys: of SNMPv3, shared with
        whoever else asks the same devices."""
        self._fleet = fleet
        self._datagrams = datagrams
        self._limits = limits or SweepLimits()
        self._roster = Roster(seed)
        self._book = TemplateBook()
        self._memory = CellMemory(fleet)
        self._names: list[str] = []  # by device
        self._communities: list[bytes | None] = []
        self._spoken: dict[bytes, bytes] = {}  # each of them once
        self._queue: deque[tuple[NDArray[np.int64], NDArray[np.int64]]] = deque()
        self.counts = SweepCounts()
        self._course = Course(self._roster, self._book, self.counts)
        self._lane = SecureLane(datagrams, self._roster, self._course, self.counts, engines, keys)
        self._sender = Sender(datagrams, self._roster, self._book, self.counts, self._lane)
        self._intake = Intake(fleet, datagrams, self._roster, self._book, self._memory, self._course, self.counts)
        self._harvest = Harvest(fleet, self._roster, self._memory, self._course)
        self._window = self._limits.in_flight
        self._tokens = 0.0
        self._earliest = inf
        self._last_steady = -inf
        self._beat_seconds = 0.0
        self._beat_at = -inf
        fleet.watch(self._forget_texts)

    def start(self) -> None:
        self._datagrams.start()
        self._window = max(1, min(self._limits.in_flight, self._datagrams.granted_bytes // _ANSWER_MEMORY_BYTES))

    def stop(self) -> None:
        self._datagrams.stop()

    def fileno(self) -> int:
        return self._datagrams.fileno()

    @property
    def window(self) -> int:
        """Devices that may be asked at once, as the kernel's receive buffer allows."""
        return self._window

    @property
    def in_flight(self) -> int:
        return self._course.in_flight

    @property
    def queued(self) -> int:
        return sum(len(devices) for devices, _generations in self._queue)

    @property
    def receive_drops(self) -> int:
        return self._datagrams.receive_drops

    def assign(self, device: int, endpoint: Endpoint) -> None:
        """Say where and with what community the device of this index is asked, from its next poll on.

        Raises CollectorError for anything but SNMPv2c and SNMPv3 over IPv4.
        """
        access = endpoint.access
        if not speaks_to(endpoint):
            raise CollectorError(
                _(
                    "{address}: the sweep speaks SNMPv2c and SNMPv3 over IPv4 only, ask this device by the client"
                ).format(address=endpoint.address)
            )
        if device >= MOST_DEVICES:
            raise CollectorError(_("one sweep serves {most} devices: divide the zone").format(most=MOST_DEVICES))
        address = socket_address(endpoint.address, endpoint.port)
        self.withdraw(device)
        roster = self._roster
        roster.fit(device + 1)
        more = roster.size - len(self._names)
        self._names += [""] * more
        self._communities += [None] * more
        roster.address[device] = address
        roster.source[device] = source_word(address)
        if isinstance(access, SnmpUser):
            self._lane.assign(device, endpoint, access, int(roster.source[device]))
            self._communities[device] = self._lane.community
        else:
            community = access.community.reveal().encode()
            self._communities[device] = self._spoken.setdefault(community, community)
        self._names[device] = self._fleet.name(device)

    def withdraw(self, device: int) -> None:
        """Ask this device no more; a poll that is going on is dropped. A device that was never assigned is no error."""
        if device >= len(self._communities) or self._communities[device] is None:
            return
        roster = self._roster
        self._cancel(device)
        self._names[device], self._communities[device] = "", None
        self._lane.withdraw(device)
        roster.bound[device] = -1
        roster.source[device] = 0
        roster.patience[device] = 0
        self._course.forget(device)

    def _cancel(self, device: int) -> None:
        roster = self._roster
        if roster.state[device] == ASKING:
            self._drop(np.array([device]))
        roster.state[device] = IDLE

    def _drop(self, devices: NDArray[np.int64]) -> None:
        """End polls that nobody wants any more."""
        self._course.cancel(devices)
        self._memory.desks.clear(devices)
        self._memory.desks.give_back(devices)

    def begin(
        self, devices: NDArray[np.int64], now: Moment, deadline_seconds: float | NDArray[np.float64]
    ) -> NDArray[np.int64]:
        """Queue one poll of each (no device twice) for the next `step` to begin.

        Its attempts are spread over `deadline_seconds`, counted from its first request. Returns the devices that
        cannot be polled: still in flight, without plan or endpoint.
        """
        roster, fleet = self._roster, self._fleet
        roster.fit(fleet.size)
        self._memory.fit()
        generation = fleet.generation[devices]
        stale = (roster.bound[devices] != generation).nonzero()[0]
        for place in stale.tolist():
            self._bind(int(devices[place]))
        fit = (roster.bound[devices] == generation) & (roster.state[devices] == IDLE)
        rejected = devices[:0]
        interval = np.empty(len(devices))
        interval[:] = deadline_seconds
        if np.count_nonzero(fit) < len(fit):
            rejected = devices[~fit]
            self.counts.rejected += len(rejected)
            devices, generation, interval = devices[fit], generation[fit], interval[fit]
        if len(devices):
            roster.state[devices] = QUEUED
            roster.interval[devices] = interval
            self._beat_seconds = _BEAT_SHARE * float(interval[0])
            self._queue.append((devices, generation))
        return rejected

    def _bind(self, device: int) -> None:
        roster, fleet = self._roster, self._fleet
        if roster.state[device] == ASKING and roster.generation[device] == fleet.generation[device]:
            return
        self._cancel(device)
        known = device < len(self._communities)
        plan, community = fleet.plan(device), self._communities[device] if known else None
        if plan is None or community is None or not plan.columns or self._names[device] != fleet.name(device):
            return
        script = self._book.script(plan, community, self._course.varbinds.get(device, plan.budget.varbinds))
        roster.first[device], roster.stop[device] = script.first, script.stop
        roster.pause[device] = plan.budget.pause_seconds
        roster.odd[device] = roster.uneven[device] = any(
            seconds for _table, seconds in self._book.period[script.first : script.stop]
        )
        roster.bound[device] = fleet.generation[device]

    def next_due(self) -> float:
        """Steady seconds by which to call `step` even if nothing arrives (it may turn out to be too early); inf if
        nothing is going on."""
        if not self._queue:
            return self._earliest
        return min(self._earliest, max(self._last_steady + _QUEUE_SECONDS, self._beat_at))

    def step(self, now: Moment) -> Sweep | None:
        """Take in all answers, send what is due, and hand over the polls that have ended: the first of them, if there
        are many. Ask for the `rest` until there is none."""
        began = perf_counter()
        self._memory.fit()
        at = now.steady_seconds
        for _round in range(_ROUNDS):
            arrivals = self._datagrams.receive()
            if not len(arrivals):
                break
            at = now.steady_seconds + perf_counter() - began
            believed = self._lane.open(arrivals, at) if self._lane.peers else arrivals
            if len(believed):
                self._intake.take_in(believed, at, partial(self._heard, now, at))
            if len(arrivals) < self._datagrams.batch:
                break
            self._flush(at)
        if self._datagrams.errors_pending:
            self._intake.take_in_errors()
        if at >= self._earliest:
            self._expire(at)
            self._earliest = float(self._roster.due[self._roster.due.argmin()])
        if self._queue and at >= self._beat_at:
            self._fill(at)
            if not self._queue:
                self._beat_at = at + self._beat_seconds
        if self._course.ready or self._course.resting:
            self._flush(now.steady_seconds + perf_counter() - began)
        self._last_steady = now.steady_seconds
        return self.rest(now)

    def rest(self, now: Moment) -> Sweep | None:
        """More of the polls that ended in the last step."""
        return self._harvest.gather(now, self._intake.answers.texts)

    def _heard(self, now: Moment, at: float, stamps: NDArray[np.float64]) -> NDArray[np.float64]:
        """The kernel's wall-clock stamps on the steady clock. A wall clock that jumps cannot move them out of the time
        since the last step."""
        steady = stamps + np.array(now.steady_seconds - now.unix_seconds)
        earliest = max(self._last_steady, now.steady_seconds - _OLDEST_ARRIVAL_SECONDS)
        heard: NDArray[np.float64] = np.fmin(np.maximum(steady, np.array(earliest)), np.array(at))
        return heard  # fmin gives `at` where there is no stamp

    def _flush(self, at: float) -> None:
        ready = self._course.ready
        if ready:
            devices = ready[0] if len(ready) == 1 else np.concatenate(ready)
            ready.clear()
            self._sender.send(devices, at)
            due = self._roster.due[devices]
            self._earliest = min(self._earliest, float(due[due.argmin()]))
        if self._course.resting:
            self._earliest = min(self._earliest, *self._course.resting)
            self._course.resting.clear()

    def _expire(self, at: float) -> None:
        """One scan of all deadlines: what has waited long enough is asked again or given up."""
        roster, fleet = self._roster, self._fleet
        due = (roster.due <= np.array(at)).nonzero()[0]
        if not len(due):
            return
        current = fleet.generation[due] == roster.generation[due]
        if not current.all():
            self._drop(due[~current])
            due = due[current]
        exhausted = self._course.is_exhausted(due, at)
        if exhausted.any():
            self._course.give_up(due[exhausted], at)
            due = due[~exhausted]
        if len(due):
            self._course.ready.append(due)

    def _fill(self, at: float) -> None:
        """Begin as many queued polls as the window and the pace allow."""
        rate = self._limits.polls_per_second
        if rate == inf:
            self._tokens = inf
        elif self._last_steady == -inf:
            self._tokens = rate / 10
        else:
            self._tokens = min(rate / 10, self._tokens + rate * (at - self._last_steady))
        while self._queue:
            room = min(self._window - self._expected(), self._tokens)
            if room < 1:
                return
            devices, generation = self._queue.popleft()
            if len(devices) > room:
                self._queue.appendleft((devices[int(room) :], generation[int(room) :]))
                devices, generation = devices[: int(room)], generation[: int(room)]
            devices = self._still_wanted(devices, generation)
            if len(devices):
                self._tokens -= len(devices)
                self._memory.desks.lend(devices, self._fleet.count[devices])
                self._course.start(devices, at)

    def _expected(self) -> int:
        """Devices whose answer may come at any moment. Who has been silent to an attempt is not one of them: hundreds
        of dark devices would keep the others waiting for most of their own interval."""
        in_flight = self._course.in_flight
        if in_flight < self._window:
            return in_flight
        return in_flight - int(np.count_nonzero(self._roster.tries > _FIRST_TRY))

    def _still_wanted(self, devices: NDArray[np.int64], generation: NDArray[np.int64]) -> NDArray[np.int64]:
        roster = self._roster
        wanted = (roster.state[devices] == QUEUED) & (roster.bound[devices] == generation)
        current = wanted & (self._fleet.generation[devices] == generation)
        if np.count_nonzero(current) == len(current):
            return devices
        roster.state[devices[wanted & ~current]] = IDLE
        self.counts.superseded += int(len(devices) - current.sum())
        rest: NDArray[np.int64] = devices[current]
        return rest

    def _forget_texts(self, start: int, stop: int) -> None:
        texts = self._intake.answers.texts
        for cell in [cell for cell in texts if start <= cell < stop]:
            del texts[cell]
