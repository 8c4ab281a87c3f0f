"""Polls that have ended, as one Sweep in columns."""

import numpy as np
from numpy.typing import NDArray

from collectors.snmp.course import DECIDE, Course
from collectors.snmp.memory import CellMemory
from collectors.snmp.roster import Roster
from domain.polling import Fleet, Outcome, Sweep
from domain.time import Moment

MOST_AT_ONCE = 512
"""Polls in one sweep. Whoever takes a sweep in makes dozens of arrays of its length; more polls make none cheaper."""

_DECIDE = np.array(DECIDE, np.uint8)


class Harvest:
    def __init__(self, fleet: Fleet, roster: Roster, memory: CellMemory, course: Course) -> None:
        self._fleet = fleet
        self._roster = roster
        self._memory = memory
        self._course = course

    def gather(self, now: Moment, texts: dict[int, bytes]) -> Sweep | None:
        """What has finished and was not told yet, MOST_AT_ONCE polls at most; takes its texts out of `texts`."""
        course, roster = self._course, self._roster
        if not course.finished:
            return None
        device, outcome = course.finished[0]
        if len(course.finished) > 1:
            device = np.concatenate([devices for devices, _outcomes in course.finished])
            outcome = np.concatenate([outcomes for _devices, outcomes in course.finished])
        course.finished.clear()
        if len(device) > MOST_AT_ONCE:
            course.finished.append((device[MOST_AT_ONCE:], outcome[MOST_AT_ONCE:]))
            device, outcome = device[:MOST_AT_ONCE], outcome[:MOST_AT_ONCE]
        answered = roster.answered[device]
        count = self._fleet.count[device].astype(np.int64)
        decided = (outcome != _DECIDE).nonzero()[0]
        if len(decided):
            count[decided] = 0
        desks = self._memory.desks
        superseded = (self._fleet.generation[device] != roster.generation[device]).nonzero()[0]
        if len(superseded):
            count[superseded] = 0
            desks.clear(device[superseded])
        start = self._fleet.start[device].astype(np.int64)
        row, cell, place = self._cells(device, start, desks.first[device], count)
        raw, valid = desks.raw[place], desks.valid[place]
        desks.valid[place] = False
        desks.give_back(device)
        if np.count_nonzero(valid) < len(valid):
            raw[~valid] = 0
            outcome[row[~valid]] = Outcome.PARTIAL
        outcome[outcome == _DECIDE] = Outcome.OK
        return Sweep(
            device=device,
            generation=roster.generation[device],
            outcome=outcome,
            started=roster.started[device],
            answered_at=now.unix_seconds - (now.steady_seconds - answered),
            answered_steady=answered,
            round_trip=roster.round_trip[device],
            attempts=roster.most_tries[device].astype(np.int64),
            bytes_used=roster.octets[device],
            row=row,
            cell=cell,
            raw=raw,
            valid=valid,
            texts=_take_texts(texts, start, count) if texts else {},
            failed_tables=self._take_failed(device),
        )

    def _cells(
        self, device: NDArray[np.int64], start: NDArray[np.int64], desk: NDArray[np.int64], count: NDArray[np.int64]
    ) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
        """Of all that was asked: row, cell, place on the desks."""
        ends: NDArray[np.int64] = np.add.accumulate(count)
        row = np.arange(len(device)).repeat(count)
        cell = (start - (ends - count)).repeat(count)
        cell += np.arange(int(ends[-1]))
        place = cell + (desk - start).repeat(count)
        left_out = self._course.left_out
        if not left_out:
            return row, cell, place
        asked = np.ones(len(cell), np.bool_)
        for end, size, one in zip(ends.tolist(), count.tolist(), device.tolist(), strict=True):
            begin = end - size
            for first, stop in left_out.pop(one, ()):
                asked[begin + first : min(begin + stop, end)] = False
        return row[asked], cell[asked], place[asked]

    def _take_failed(self, device: NDArray[np.int64]) -> dict[int, tuple[str, ...]]:
        failed = self._course.failed_tables
        if not failed:
            return {}
        return {row: tuple(sorted(failed.pop(one))) for row, one in enumerate(device.tolist()) if one in failed}


def _take_texts(texts: dict[int, bytes], start: NDArray[np.int64], count: NDArray[np.int64]) -> dict[int, bytes]:
    """Those that belong to the cells of the polls that have ended."""
    order = np.argsort(start)
    first, stop = start[order], (start + count)[order]
    cells = np.fromiter(texts, np.int64, len(texts))
    owner = np.searchsorted(first, cells, "right") - 1
    mine = (owner >= 0) & (cells < stop[np.maximum(owner, 0)])
    return {cell: texts.pop(cell) for cell in cells[mine].tolist()}
