"""Echo requests by the round: paced, checked, and never falsely lost for want of a buffer.

`round` takes devices up, `step` sends what the pace allows, takes in what came and hands out each round once it is
complete. Whether a lost echo means anything is for others to say.
"""

import errno
import secrets
import time
from collections import Counter, deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from ipaddress import ip_address

import numpy as np
from numpy.typing import NDArray

from collectors.errors import CollectorError
from collectors.icmp.packets import REPLY4, REPLY6, REQUEST4, REQUEST6, heads, requests
from collectors.icmp.raw_sockets import BATCH, Replies, Wire, Wire4, Wire6, identifier_of_process
from domain.language import _
from domain.polling import PingRound
from domain.time import Clock, Moment

TIMEOUT_SECONDS = 3.0
"""Of a round that names no other: longer than a satellite's 0.6 s and a crowded LTE cell's second."""

PACKETS_PER_SECOND = 20_000.0
BURST_SECONDS = 0.25
"""A caller that comes late may catch up this much of the pace at once."""


class MachineClock:
    """The machine's clocks: the moments of sending are finer than the tick."""

    def now(self) -> Moment:
        return Moment(time.monotonic(), time.time())


@dataclass(slots=True)
class _Round:
    number: int
    token: int
    began: Moment
    timeout: float
    device: NDArray[np.int64]
    family: NDArray[np.uint8]  # 4, 6, or 0: no address
    address: NDArray[np.uint8]
    rtt: NDArray[np.float64]
    sent_steady: NDArray[np.float64]  # NaN: not sent yet
    sent_unix: NDArray[np.float64]
    lost: NDArray[np.bool_]  # the kernel refused to send it
    order: dict[int, NDArray[np.int64]]  # family → places in the order they are sent
    packets: dict[int, NDArray[np.uint8]]
    sent: dict[int, int] = field(default_factory=lambda: {4: 0, 6: 0})

    def complete(self, at: float) -> bool:
        if any(self.sent[family] < len(self.order[family]) for family in self.order):
            return False
        waiting = self.sent_steady[np.isnan(self.rtt) & ~self.lost & (self.family != 0)]
        return len(waiting) == 0 or bool(at - waiting.max() >= self.timeout)


class Pinger:
    """Open rounds may overlap. Call `step` ten times a second or more, and until it returns None each time."""

    def __init__(
        self,
        addresses: Sequence[str] = (),
        *,
        wires: dict[int, Wire] | None = None,
        clock: Clock | None = None,
        timeout_seconds: float = TIMEOUT_SECONDS,
        packets_per_second: float = PACKETS_PER_SECOND,
    ) -> None:
        """addresses: of devices 0, 1, 2 …; more with `assign`."""
        self._wires: dict[int, Wire] = wires if wires is not None else {4: Wire4(), 6: Wire6()}
        self._open: dict[int, Wire] = {}
        self._clock = clock or MachineClock()
        self._timeout = timeout_seconds
        self._pace = packets_per_second
        self._identifier = identifier_of_process()
        self._number = secrets.randbits(31)
        self._rounds: dict[int, _Round] = {}
        self._ready: deque[PingRound] = deque()
        self._allowed_at = float("-inf")
        self._family: NDArray[np.uint8] = np.zeros(0, np.uint8)
        self._address: NDArray[np.uint8] = np.zeros((0, 16), np.uint8)
        self.strangers = 0
        """Replies that nobody here had asked for, or that came from another address than asked, or came twice."""
        self.refused: Counter[str] = Counter()
        """Echoes the kernel would not send, by the name of its error (EPERM, ENETUNREACH…); they count as lost."""
        for device, address in enumerate(addresses):
            self.assign(device, address)

    def start(self) -> None:
        """Raises PermissionError where raw sockets are not allowed. A machine without IPv6 does without it."""
        for family, wire in self._wires.items():
            try:
                wire.start()
            except OSError as error:
                if family == 4 or error.errno not in (errno.EAFNOSUPPORT, errno.EPROTONOSUPPORT):
                    self.stop()
                    raise
            else:
                self._open[family] = wire

    def stop(self) -> None:
        for wire in self._open.values():
            wire.stop()
        self._open = {}
        self._rounds = {}

    @property
    def receive_drops(self) -> int:
        """Replies lost because the socket's buffer was full."""
        return sum(wire.receive_drops for wire in self._open.values())

    def assign(self, device: int, address: str) -> None:
        """Raises CollectorError for what is no address literal."""
        try:
            parsed = ip_address(address)
        except ValueError:
            raise CollectorError(
                _("{address} is no IPv4 or IPv6 address: mend the device's address").format(address=address)
            ) from None
        extra = device + 1 - len(self._family)
        if extra > 0:
            extra = max(extra, len(self._family), 64)
            self._family = np.concatenate([self._family, np.zeros(extra, np.uint8)])
            self._address = np.concatenate([self._address, np.zeros((extra, 16), np.uint8)])
        self._family[device] = parsed.version
        self._address[device] = np.frombuffer(parsed.packed.ljust(16, b"\0"), np.uint8)

    def release(self, device: int) -> None:
        """Forget an address; what is under way for this device is dropped and not told."""
        if device < len(self._family):
            self._family[device] = 0
        for round_ in self._rounds.values():
            round_.family[round_.device == device] = 0
            round_.device[round_.device == device] = -1

    def round(self, devices: NDArray[np.int64], now: Moment, timeout_seconds: float | None = None) -> None:
        """Take these up, each at most once in a round. A device without an address counts as lost."""
        count = len(devices)
        if count == 0:
            return
        self._number = (self._number + 1) & 0xFFFFFFFF
        known = devices < len(self._family)
        family = np.where(known, self._family[np.where(known, devices, 0)] if len(self._family) else 0, 0)
        family[~np.isin(family, list(self._open))] = 0
        token = secrets.randbits(64)
        order = {each: np.flatnonzero(family == each) for each in (4, 6) if (family == each).any()}
        kinds = {4: REQUEST4, 6: REQUEST6}
        self._rounds[self._number] = _Round(
            number=self._number,
            token=token,
            began=now,
            timeout=self._timeout if timeout_seconds is None else timeout_seconds,
            device=devices.astype(np.int64, copy=True),
            family=family.astype(np.uint8),
            address=self._address[np.where(known, devices, 0)]
            if len(self._family)
            else np.zeros((count, 16), np.uint8),
            rtt=np.full(count, np.nan),
            sent_steady=np.full(count, np.nan),
            sent_unix=np.full(count, np.nan),
            lost=np.zeros(count, np.bool_),
            order=order,
            packets={each: requests(count, self._identifier, token, self._number, kinds[each]) for each in order},
        )

    def step(self, now: Moment) -> PingRound | None:
        """Send, receive, and hand out the oldest round that is complete, if there is one."""
        if not self._ready:
            self._receive()
            self._send(now)
            self._receive()
            self._close(self._clock.now().steady_seconds)
        return self._ready.popleft() if self._ready else None

    def _send(self, now: Moment) -> None:
        at = now.steady_seconds
        self._allowed_at = max(self._allowed_at, at - BURST_SECONDS)
        allowed = int((at - self._allowed_at) * self._pace)
        used = 0
        for round_ in self._rounds.values():
            for family, order in round_.order.items():
                while round_.sent[family] < len(order) and used < allowed:
                    size = min(BATCH, allowed - used, len(order) - round_.sent[family])
                    done = self._send_batch(round_, family, order[round_.sent[family] :][:size])
                    round_.sent[family] += done
                    used += done
                    if done < size:  # the socket is full: the rest goes out at the next step
                        self._allowed_at += used / self._pace
                        return
                    self._receive()
        self._allowed_at += used / self._pace

    def _send_batch(self, round_: _Round, family: int, places: NDArray[np.int64]) -> int:
        before = self._clock.now()
        sent = self._open[family].send(round_.packets[family][places], round_.address[places])
        after = self._clock.now()
        share = np.arange(sent.done) / max(sent.done, 1)  # the batch leaves one after another
        steady = after.steady_seconds - before.steady_seconds
        gone = places[: sent.done]
        round_.sent_steady[gone] = before.steady_seconds + share * steady
        round_.sent_unix[gone] = before.unix_seconds + share * steady
        for place, error in sent.refused.items():
            round_.lost[places[place]] = True
            self.refused[errno.errorcode.get(error, str(error))] += 1
        return sent.done

    def _receive(self) -> None:
        for family, wire in self._open.items():
            more = True
            while more:
                replies = wire.receive()
                more = replies.more
                if len(replies.heads):
                    self._match(replies, REPLY4 if family == 4 else REPLY6)

    def _match(self, replies: Replies, kind: int) -> None:
        arrived = self._clock.now().steady_seconds
        head = heads(replies.heads)
        ours = (head["type"] == kind) & (head["identifier"] == self._identifier)
        matched = 0
        for number in np.unique(head["round"][ours]).tolist():
            round_ = self._rounds.get(number)
            if round_ is None:
                continue
            at = np.flatnonzero(ours & (head["round"] == number) & (head["token"] == round_.token))
            at = at[head["place"][at] < len(round_.device)]
            place = head["place"][at].astype(np.int64)
            right = (replies.sources[at] == round_.address[place]).all(axis=1)
            right &= np.isnan(round_.rtt[place]) & ~np.isnan(round_.sent_steady[place])
            at, place = at[right], place[right]
            longest = arrived - round_.sent_steady[place]
            by_kernel = replies.stamps[at] - round_.sent_unix[place]
            # a wall clock that jumped in between shows as a time that cannot be
            sane = (by_kernel > 0) & (by_kernel <= longest)
            round_.rtt[place] = np.where(sane, by_kernel, longest)
            matched += len(np.unique(place))
        self.strangers += len(head) - matched

    def _close(self, at: float) -> None:
        for number in [number for number, each in self._rounds.items() if each.complete(at)]:
            round_ = self._rounds.pop(number)
            told = round_.device >= 0
            self._ready.append(
                PingRound(
                    round_.device[told],
                    round_.began.unix_seconds,
                    np.where(round_.rtt[told] <= round_.timeout, round_.rtt[told], np.nan),
                    round_.began.steady_seconds,
                )
            )
