"""Whole batches of answers to values, whatever shapes are mixed: predict where each value lies, then check every octet.

The length of each value in its device's last answer is remembered, so one cumulative sum predicts all positions; the
octets found there are compared with what was asked: version, community, every OID, tag and length. Only an answer that
is exactly what was predicted yields values; all others are left to the exact lane. The number of numpy calls does not
depend on the number of varbinds or shapes.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from collectors.datagrams import Datagrams
from collectors.snmp.fingerprints import fingerprints
from collectors.snmp.lines import ABSENT, UNKNOWN, VALUE_AT, WIDE
from collectors.snmp.memory import CellMemory
from collectors.snmp.templates import TemplateBook
from domain.polling import Kind

_GUESS_FROM = 5  # answers for which walking all at once is cheaper than reading them one by one
_LENGTH_LOW, _LENGTH_LONG = 0x81, 0x82

# By code: how far eight octets are shifted so that the value's remain (64 leaves nothing).
_NONE = np.array(0)
_ONE = np.array(1)
_TWO_OCTETS = np.array(2, np.uint8)
_NINE_OCTETS = np.array(9, np.uint8)
_TEXT = np.array(Kind.TEXT, np.uint8)
_SHIFT = np.full(256, 64, np.uint64)
_SHIFT[1:10] = [56, 48, 40, 32, 24, 16, 8, 0, 0]


@dataclass(frozen=True, slots=True)
class Batch:
    """k answers: where the greeting and the varbinds begin, where the answer stops, the template row that was asked.
    start, desk, texts: the device's first cell, its place on the desks, its first place for texts."""

    greeting_at: NDArray[np.int64]
    varbinds_at: NDArray[np.int64]
    stop: NDArray[np.int64]
    row: NDArray[np.int64]
    start: NDArray[np.int64]
    desk: NDArray[np.int64]
    texts: NDArray[np.int64]

    def chosen(self, which: NDArray[np.int64]) -> "Batch":
        return Batch(
            self.greeting_at[which],
            self.varbinds_at[which],
            self.stop[which],
            self.row[which],
            self.start[which],
            self.desk[which],
            self.texts[which],
        )


@dataclass(frozen=True, slots=True)
class _Cells:
    """The m cells that k answers should hold, grouped by answer: arrays of m, but count and begins of k.
    place: where on its device's desk the value goes."""

    count: NDArray[np.int64]
    begins: NDArray[np.int64]
    line: NDArray[np.int64]
    cell: NDArray[np.int64]
    place: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class _Found:
    """The values of verified cells: codes, positions, the eight octets there, all arrays of m. texts: the first place
    for texts of the device that each belongs to."""

    cell: NDArray[np.int64]
    place: NDArray[np.int64]
    texts: NDArray[np.int64]
    line: NDArray[np.int64]
    code: NDArray[np.uint8]
    value_at: NDArray[np.int64]
    word: NDArray[np.uint64]


class AnswerReader:
    """Reads into a CellMemory. `texts` gathers the octets of texts that changed, by cell; the caller empties it."""

    def __init__(self, datagrams: Datagrams, book: TemplateBook, memory: CellMemory) -> None:
        self._octets = datagrams.octets
        self._wide = datagrams.windows(f"V{WIDE}", WIDE, before=VALUE_AT)
        self._before = datagrams.windows(f"V{WIDE}", WIDE, before=VALUE_AT + WIDE)
        self._ahead = datagrams.windows(f"V{WIDE}", WIDE)
        self._words = datagrams.windows("<u8", 8)
        self._book = book
        self._memory = memory
        self._index: NDArray[np.int64] = np.arange(1024)
        self.texts: dict[int, bytes] = {}

    def read(self, batch: Batch) -> NDArray[np.bool_]:
        """Which of the answers were read; the cells of the others are untouched."""
        book = self._book
        greeting = book.greeting[batch.row]
        difference = self._ahead[batch.greeting_at].view("<u8").reshape(-1, 4)
        difference ^= book.expected_greeting.take(greeting, 0)
        difference &= book.mask_greeting.take(greeting, 0)
        second = self._octets[batch.varbinds_at + _ONE]
        eligible = book.predictable[batch.row]
        if np.count_nonzero(difference):
            eligible &= ~difference.any(axis=1)
        if np.count_nonzero(eligible) < len(eligible) or second[second.argmax()] > 0x80:
            return self._read_mixed(batch, eligible, second)
        return self._read_alike(batch, 0)

    def _read_mixed(self, batch: Batch, eligible: NDArray[np.bool_], second: NDArray[np.uint8]) -> NDArray[np.bool_]:
        """Agents that write each length in two or three octets lie apart from those that write it in one."""
        read = np.zeros(len(eligible), np.bool_)
        for surplus, written in ((0, second < _LENGTH_LOW), (1, second == _LENGTH_LOW), (2, second == _LENGTH_LONG)):
            which = (eligible & written).nonzero()[0]
            if len(which):
                read[which] = self._read_alike(batch.chosen(which), surplus)
        return read

    def _read_alike(self, batch: Batch, surplus: int) -> NDArray[np.bool_]:
        """surplus: octets by which the length of each varbind is longer than one octet."""
        read = self._read_predicted(batch, surplus, None)
        if np.count_nonzero(read) < len(read):
            missed = (~read).nonzero()[0]
            if len(missed) >= _GUESS_FROM:
                read[missed] = self._read_guessed(batch.chosen(missed), surplus)
        return read

    def _cells(self, batch: Batch) -> _Cells:
        book = self._book
        count = book.columns[batch.row]
        ends = np.add.accumulate(count)
        begins = ends - count
        total = int(ends[-1])
        while total > len(self._index):
            self._index = np.arange(2 * len(self._index))
        index = self._index[:total]
        line = (book.first_line[batch.row] - begins).repeat(count)
        line += index
        first = book.first_place[batch.row] - begins
        cell = (batch.start + first).repeat(count)
        cell += index
        place = (batch.desk + first).repeat(count)
        place += index
        return _Cells(count, begins, line, cell, place)

    def _read_predicted(self, batch: Batch, surplus: int, guess: NDArray[np.uint8] | None) -> NDArray[np.bool_]:
        """guess: the codes of all cells where they do not come from memory."""
        cells = self._cells(batch)
        code = self._memory.code[cells.cell] if guess is None else guess
        length, absent = code, None
        if code[code.argmax()] >= ABSENT:
            absent = (code >= ABSENT).nonzero()[0]
            length = code.copy()
            length[absent] = 0
        header_size = self._book.lines.header_size[cells.line]
        length_octets = length.astype(np.int64)
        size = header_size + length_octets
        if surplus:
            size += surplus
        after = np.add.accumulate(size)
        message_end = after[cells.begins + cells.count - _ONE]
        message_start = message_end.copy()
        message_start[0] = 0
        message_start[1:] = message_end[:-1]
        fits = message_end - message_start == batch.stop - batch.varbinds_at
        if np.count_nonzero(fits) < len(fits):
            return self._read_fitting(batch, surplus, guess, cells, fits)
        value_at = after - length_octets
        value_at += (batch.varbinds_at - message_start).repeat(cells.count)
        found = self._wide[value_at].view("<u8").reshape(-1, 4)
        wrong = self._wrong(batch, surplus, cells, code, length, absent, header_size, value_at, found)
        verified = np.ones(len(cells.count), np.bool_)
        texts = batch.texts.repeat(cells.count)
        values = _Found(cells.cell, cells.place, texts, cells.line, code, value_at, found[:, 3].byteswap())
        if wrong is not None:
            verified = ~np.logical_or.reduceat(wrong, cells.begins)
            keep = verified.repeat(cells.count).nonzero()[0]
            values = _Found(*(getattr(values, name)[keep] for name in _Found.__slots__))
        if len(values.cell):
            has_text = bool(np.count_nonzero(self._book.has_text[batch.row]))
            self._take(values, has_text, absent is not None, guess is not None)
        return verified

    def _read_fitting(
        self, batch: Batch, surplus: int, guess: NDArray[np.uint8] | None, cells: _Cells, fits: NDArray[np.bool_]
    ) -> NDArray[np.bool_]:
        which = fits.nonzero()[0]
        if len(which):
            rest = None if guess is None else guess[fits.repeat(cells.count)]
            fits[which] = self._read_predicted(batch.chosen(which), surplus, rest)
        return fits

    def _wrong(
        self,
        batch: Batch,
        surplus: int,
        cells: _Cells,
        code: NDArray[np.uint8],
        length: NDArray[np.uint8],
        absent: NDArray[np.int64] | None,
        header_size: NDArray[np.int64],
        value_at: NDArray[np.int64],
        found: NDArray[np.uint64],
    ) -> NDArray[np.bool_] | None:
        """Cells whose octets are not those predicted; None if there are none."""
        lines, octets = self._book.lines, self._octets
        difference = found ^ lines.expected.take(cells.line, 0)
        difference &= lines.mask.take(cells.line, 0)
        found_octets = found.view(np.uint8)
        if absent is not None:
            difference.view(np.uint8)[absent, VALUE_AT - 2] = found_octets[absent, VALUE_AT - 2] ^ code[absent]
        lengths = found_octets[:, VALUE_AT - 1] ^ length
        head_at = value_at - header_size
        stated = header_size.astype(np.uint8)
        stated += length
        stated -= _TWO_OCTETS
        lengths |= octets[head_at + _ONE] ^ stated
        if surplus:
            lengths |= self._wrong_surplus(surplus, head_at, header_size, difference)
        if np.count_nonzero(self._book.deep[batch.row]):
            deep = (header_size > VALUE_AT).nonzero()[0]
            above = self._before[value_at[deep]].view("<u8").reshape(-1, 4) ^ lines.expected_before.take(
                cells.line[deep], 0
            )
            above &= lines.mask_before.take(cells.line[deep], 0)
            lengths[deep] |= above.any(axis=1)
        padded = (lines.padded[cells.line] == length).nonzero()[0]
        if len(padded):
            lengths[padded] |= octets[value_at[padded]]
        if not np.count_nonzero(difference) and not np.count_nonzero(lengths):
            return None
        wrong: NDArray[np.bool_] = difference.any(axis=1) | (lengths != 0)
        return wrong

    def _wrong_surplus(
        self,
        surplus: int,
        head_at: NDArray[np.int64],
        header_size: NDArray[np.int64],
        difference: NDArray[np.uint64],
    ) -> NDArray[np.uint8]:
        """Varbinds that begin 30 81 L or 30 82 00 L instead of 30 L."""
        octets = self._octets
        shallow = (header_size <= VALUE_AT).nonzero()[0]
        difference.view(np.uint8)[shallow, VALUE_AT - header_size[shallow]] = 0
        if surplus == 1:
            wrong = (octets[head_at] ^ np.uint8(_LENGTH_LOW)) | (octets[head_at - 1] ^ np.uint8(0x30))
        else:
            wrong = octets[head_at] | (octets[head_at - 1] ^ np.uint8(_LENGTH_LONG))
            wrong |= octets[head_at - 2] ^ np.uint8(0x30)
        return wrong

    def _take(self, found: _Found, has_text: bool, has_absent: bool, learn: bool) -> None:
        memory, kinds = self._memory, self._book.lines.kind
        code, word = found.code, found.word
        padded = (code == _NINE_OCTETS).nonzero()[0]
        if len(padded):
            padded = padded[kinds[found.line[padded]] == Kind.COUNTER64]
            word[padded] = self._words[found.value_at[padded] + 1].byteswap()
        shift = _SHIFT[code]
        raw = word >> shift
        present = code < ABSENT if has_absent else None
        negative = (word.view(np.int64) < _NONE).nonzero()[0]
        if len(negative):
            negative = negative[(kinds[found.line[negative]] == Kind.INTEGER) & (code[negative] < ABSENT)]
            raw[negative] = (word[negative].view(np.int64) >> shift[negative].view(np.int64)).view(np.uint64)
        if has_text:
            self._take_texts(found, raw, present)
        memory.desks.raw[found.place] = raw
        memory.desks.valid[found.place] = True if present is None else present
        if learn:
            memory.code[found.cell] = code

    def _take_texts(self, found: _Found, raw: NDArray[np.uint64], present: NDArray[np.bool_] | None) -> None:
        lines, known = self._book.lines, self._memory.prints
        text = (lines.kind[found.line] == _TEXT).nonzero()[0]
        if present is not None:
            absent = text[~present[text]]
            known[found.texts[absent] + lines.number[found.line[absent]]] = 0
            text = text[present[text]]
        if not len(text):
            return
        length = found.code[text].astype(np.int64)
        value_at = found.value_at[text]
        prints = fingerprints(self._words, value_at, length)
        raw[text] = prints
        place = found.texts[text] + lines.number[found.line[text]]
        changed = (known[place] != prints).nonzero()[0]
        known[place[changed]] = prints[changed]
        for cell, at, octets in zip(
            found.cell[text[changed]].tolist(), value_at[changed].tolist(), length[changed].tolist(), strict=True
        ):
            self.texts[cell] = self._octets[at : at + octets].tobytes()

    def _read_guessed(self, batch: Batch, surplus: int) -> NDArray[np.bool_]:
        """For answers laid out as never before: walk all of them at once to learn the lengths, then check as ever."""
        count = self._book.columns[batch.row]
        guess = self._walk(batch, count, surplus)
        known: NDArray[np.bool_] = (guess != UNKNOWN).all(axis=1)
        which = known.nonzero()[0]
        if len(which):
            asked = np.arange(guess.shape[1]) < count[which, None]
            known[which] = self._read_predicted(batch.chosen(which), surplus, guess[which][asked])
        return known

    def _walk(self, batch: Batch, count: NDArray[np.int64], surplus: int) -> NDArray[np.uint8]:
        """Codes [answer, varbind], 0 behind an answer's last varbind; wrong ones are found out later."""
        octets, lines = self._octets, self._book.lines
        widest = int(count.max())
        guess = np.zeros((len(count), widest), np.uint8)
        first, last = self._book.first_line[batch.row], count - 1
        at = batch.varbinds_at.copy()
        for varbind in range(widest):
            line = first + np.minimum(varbind, last)
            at += lines.header_size[line] + surplus
            at = np.minimum(at, batch.stop)
            tag, length = octets[at - 2], octets[at - 1]
            expected = (length >= lines.shortest[line]) & (length <= lines.longest[line])
            nothing = (length == 0) & (tag >= ABSENT) & (tag <= ABSENT + 2)
            code = np.where(nothing, tag, np.where(expected, length, UNKNOWN).astype(np.uint8))
            guess[:, varbind] = np.where(varbind <= last, code, 0)
            at += length
        return guess
