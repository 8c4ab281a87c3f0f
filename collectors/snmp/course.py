"""The course of each poll: request after request, one in flight per device, detours after errors, and its end.

Knows no socket: devices whose request is to be sent are put into `ready`, those whose poll has ended into `finished`.
"""

import numpy as np
from numpy.typing import NDArray

from collectors.snmp import pdu
from collectors.snmp.counts import SweepCounts
from collectors.snmp.error_recovery import Detour, Piece, react, tables_of
from collectors.snmp.roster import ASKING, ATTEMPTS, IDLE, Roster
from collectors.snmp.templates import TemplateBook
from domain.polling import Outcome

DECIDE = 255
"""In place of an Outcome: a device answered, its cells tell whether in full."""

_ATTEMPTS_BEFORE_OTHERS = 4  # of a request that is silent while others wait behind it
_LOST_IN_A_ROW = 2
_REFUSALS = 2
_SUSPECT = np.uint8(0x80)  # beside the count of answers that could not be credited
_ONE = np.array(1)


class Course:
    def __init__(self, roster: Roster, book: TemplateBook, counts: SweepCounts) -> None:
        self._roster = roster
        self._book = book
        self._counts = counts
        self.in_flight = 0
        self.ready: list[NDArray[np.int64]] = []
        self.resting: list[float] = []
        """When devices that are given a rest are due again."""
        self.finished: list[tuple[NDArray[np.int64], NDArray[np.uint8]]] = []
        self.failed_tables: dict[int, set[str]] = {}
        self.left_out: dict[int, list[tuple[int, int]]] = {}
        """Device → ranges of columns that were not asked in this poll, because their table's time had not come."""
        self.varbinds: dict[int, int] = {}
        """Device → how many varbinds its agent can answer at once, where it has said that more is too big."""
        self._detours: dict[int, Detour] = {}
        self._any_lost = False
        self._any_garbled = False
        self._any_doubted = False
        self._asked_at: dict[tuple[int, str], float] = {}

    def start(self, devices: NDArray[np.int64], at: float) -> None:
        roster = self._roster
        roster.state[devices] = ASKING
        roster.row[devices] = roster.first[devices]
        roster.generation[devices] = roster.bound[devices]
        roster.started[devices] = at
        roster.until[devices] = at + roster.interval[devices]
        roster.answered[devices] = np.nan
        roster.round_trip[devices] = np.nan
        roster.most_tries[devices] = 0
        roster.octets[devices] = 0
        roster.refused[devices] = 0
        if self._any_garbled:
            roster.garbled[devices] = 0
        if self._any_doubted:
            roster.doubted[devices] = False
        if self._any_lost:
            roster.lost[devices] = 0
        self.in_flight += len(devices)
        self._counts.polls += len(devices)
        self.ready.append(devices)

    def accept(self, devices: NDArray[np.int64], at: float) -> None:
        """Their requests have been answered and the values taken: go on to the next one, or to the end."""
        roster = self._roster
        if self._any_lost:
            roster.lost[devices] = 0
        self._close_request(devices)
        odd = roster.odd[devices]
        if np.count_nonzero(odd):
            for device in devices[odd].tolist():
                self._go_on(device, at)
            devices = devices[~odd]
            if not len(devices):
                return
        following = roster.row[devices] + _ONE
        done = following == roster.stop[devices]
        ended = np.count_nonzero(done)
        if ended == len(done):
            self.finish(devices)
            return
        if ended:
            self.finish(devices[done])
            going = ~done
            devices, following = devices[going], following[going]
        if len(devices):
            roster.row[devices] = following
            self._ask(devices, at)

    def _close_request(self, devices: NDArray[np.int64]) -> None:
        roster = self._roster
        tries = roster.tries[devices]
        roster.most_tries[devices] = np.maximum(roster.most_tries[devices], tries)
        if self._any_garbled:
            roster.garbled[devices] = 0
        roster.renew(devices, tries)

    def _ask(self, devices: NDArray[np.int64], at: float) -> None:
        """Now, or after the rest that the budget gives the device; not behind the poll's end."""
        roster = self._roster
        when = roster.pause[devices] + np.array(at)
        over = when >= roster.until[devices]
        if np.count_nonzero(over):
            for device in devices[over].tolist():
                self._end_early(device)
            devices, when = devices[~over], when[~over]
        resting = (when > np.array(at)).nonzero()[0]
        if len(resting):
            roster.due[devices[resting]] = when[resting]
            self.resting.append(float(when[resting].min()))
            devices = np.delete(devices, resting)
        if len(devices):
            self.ready.append(devices)

    def _go_on(self, device: int, at: float) -> None:
        """The next request of one device that is on a detour or has tables of rare polls."""
        roster = self._roster
        detour = self._detours.get(device)
        if detour is not None:
            if detour.pending:
                self._ask_piece(device, detour, at)
                return
            roster.row[device] = detour.instead_of
            self._leave_detour(device)
        row, stop = int(roster.row[device]) + 1, int(roster.stop[device])
        while row < stop and not self._is_time(device, row):
            columns = self._book.asked[row]
            self.left_out.setdefault(device, []).append((columns[0].place, columns[-1].place + 1))
            row += 1
        one = np.array([device])
        if row == stop:
            self.finish(one)
            return
        roster.row[device] = row
        self._ask(one, at)

    def _is_time(self, device: int, row: int) -> bool:
        table, seconds = self._book.period[row]
        if not seconds:
            return True
        started = float(self._roster.started[device])
        last = self._asked_at.get((device, table), -np.inf)
        # A poll comes a little early or late; a tenth of a period is no harm.
        if last != started and started - last < 0.9 * seconds:
            return False
        self._asked_at[device, table] = started
        return True

    def _ask_piece(self, device: int, detour: Detour, at: float) -> None:
        if detour.row >= 0:
            self._book.release(detour.row)
        row = self._book.loose(detour.pending.pop(0), self._book.community[detour.instead_of])
        detour.row = row
        self._roster.row[device] = row
        self._ask(np.array([device]), at)

    def _leave_detour(self, device: int) -> None:
        detour = self._detours.pop(device)
        self._roster.odd[device] = self._roster.uneven[device]
        if detour.row >= 0:
            self._book.release(detour.row)

    def object(self, device: int, answer: pdu.Pdu, at: float) -> None:
        """The agent answered its request with an error-status: ask otherwise, or do without."""
        roster = self._roster
        self._counts.error(answer.error_word)
        row = int(roster.row[device])
        reaction = react(self._book.asked[row], answer.error_status, answer.error_index)
        if reaction.varbinds:
            self.varbinds[device] = min(reaction.varbinds, self.varbinds.get(device, reaction.varbinds))
            roster.bound[device] = -1
        self._fail(device, reaction.failed)
        roster.lost[device] = 0
        self._close_request(np.array([device]))
        self._detour(device, row, reaction.pieces)
        self._go_on(device, at)

    def _detour(self, device: int, row: int, pieces: tuple[Piece, ...]) -> None:
        detour = self._detours.get(device)
        if detour is None:
            detour = self._detours[device] = Detour(row, -1)
            self._roster.odd[device] = True
        detour.pending[:0] = pieces

    def _fail(self, device: int, tables: tuple[str, ...]) -> None:
        if tables:
            self.failed_tables.setdefault(device, set()).update(tables)

    def suspect(self, devices: NDArray[np.int64]) -> None:
        """Something unreadable came from their address. It may be from anybody: only marked, the poll goes on."""
        self._any_garbled = True
        self._roster.garbled[devices] |= _SUSPECT

    def garble(self, devices: NDArray[np.int64], at: float) -> None:
        """Answers came that cannot be credited: the second one to a request ends it, waiting on would bring more."""
        roster = self._roster
        self._any_garbled = True
        np.add.at(roster.garbled, devices, np.uint8(1))
        ended = np.unique(devices[roster.garbled[devices] & ~_SUSPECT >= 2])
        if len(ended):
            self.give_up(ended, at)

    def refuse(self, devices: NDArray[np.int64]) -> None:
        """Their port was found closed. Once may be an agent that is just being restarted."""
        roster = self._roster
        roster.refused[devices] += 1
        ended = devices[(roster.refused[devices] >= _REFUSALS) & np.isnan(roster.answered[devices])]
        if len(ended):
            self.give_up(ended, np.inf)

    def ask_again(self, device: int, at: float) -> None:
        """The same request under a new request-id, with all its attempts: it went wrong for a reason that is mended."""
        one = np.array([device])
        self._close_request(one)
        if at < self._roster.until[device]:
            self.ready.append(one)

    def doubt(self, device: int) -> None:
        """It answers, but not its user: what stays silent of it is no silence."""
        self._any_doubted = True
        self._roster.doubted[device] = True

    def deny(self, device: int, at: float) -> None:
        """It has said that it will not answer this user."""
        if not np.isnan(self._roster.answered[device]):
            self._lose(device, at)
            return
        one = np.array([device])
        self._close_request(one)
        self.finish(one, np.array([Outcome.UNAUTHORISED], np.uint8))

    def is_exhausted(self, devices: NDArray[np.int64], at: float) -> NDArray[np.bool_]:
        """Whether another attempt would be one too many."""
        roster = self._roster
        tries = roster.tries[devices]
        others = ~np.isnan(roster.answered[devices]) & (roster.row[devices] + 1 < roster.stop[devices])
        most = np.where(others, np.uint64(_ATTEMPTS_BEFORE_OTHERS), np.uint64(ATTEMPTS))
        return (tries >= most) | (at >= roster.until[devices])

    def give_up(self, devices: NDArray[np.int64], at: float) -> None:
        """Their requests stay without an answer that can be read."""
        roster = self._roster
        never = np.isnan(roster.answered[devices])
        dead = devices[never]
        if len(dead):
            outcome = np.where(roster.refused[dead] > 0, Outcome.REFUSED, Outcome.SILENT)
            outcome[roster.doubted[dead]] = Outcome.UNAUTHORISED
            outcome[roster.garbled[dead] > 0] = Outcome.GARBLED
            self._close_request(dead)
            self.finish(dead, outcome.astype(np.uint8))
        for device in devices[~never].tolist():
            self._lose(device, at)

    def _lose(self, device: int, at: float) -> None:
        roster = self._roster
        self._fail(device, tables_of(self._book.asked[int(roster.row[device])]))
        self._any_lost = True
        roster.lost[device] += 1
        self._close_request(np.array([device]))
        if roster.lost[device] >= _LOST_IN_A_ROW or at >= roster.until[device]:
            self._end_early(device)
        else:
            self._go_on(device, at)

    def _end_early(self, device: int) -> None:
        """What has not been asked yet counts as not answered."""
        roster = self._roster
        detour = self._detours.get(device)
        row = int(roster.row[device])
        if detour is not None:
            for piece in (self._book.asked[row], *detour.pending):
                self._fail(device, tables_of(piece))
            row = detour.instead_of + 1
        for rest in range(row, int(roster.stop[device])):
            self._fail(device, tables_of(self._book.asked[rest]))
        self.finish(np.array([device]))

    def finish(self, devices: NDArray[np.int64], outcome: NDArray[np.uint8] | None = None) -> None:
        self._rest(devices)
        self.finished.append((devices, np.full(len(devices), DECIDE, np.uint8) if outcome is None else outcome))

    def cancel(self, devices: NDArray[np.int64]) -> None:
        """End polls whose device has got another plan or has gone; nothing of them is told."""
        self._close_request(devices)
        self._rest(devices)
        self._counts.superseded += len(devices)
        for device in devices.tolist():
            self.failed_tables.pop(device, None)
            self.left_out.pop(device, None)

    def _rest(self, devices: NDArray[np.int64]) -> None:
        roster = self._roster
        roster.state[devices] = IDLE
        roster.due[devices] = np.inf
        self.in_flight -= len(devices)
        if self._detours:
            for device in devices[roster.odd[devices]].tolist():
                if device in self._detours:
                    self._leave_detour(device)

    def forget(self, device: int) -> None:
        """What was learnt of a device that will not come back."""
        self.varbinds.pop(device, None)
        for key in [key for key in self._asked_at if key[0] == device]:
            del self._asked_at[key]
