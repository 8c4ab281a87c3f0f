"""What an agent answers to one PDU (RFC 3416; RFC 1157 for v1): GET, GETNEXT, GETBULK; SET is refused.

A poller asks the same list of OIDs again and again: a GET's list is looked up once and kept with the table.
"""

from dataclasses import dataclass

from lab.errors import BerError
from lab.world import ber
from lab.world.table import Table, Value
from lab.world.view import View

V1, V2C, V3 = 0, 1, 3
TOO_BIG, NO_SUCH_NAME, NO_ACCESS, AUTHORIZATION = 1, 2, 6, 16
_KEPT_LISTS = 64
_HEADERS = 40  # tags, lengths, request-id and error fields around a list of bindings

_Part = bytes | tuple[bytes, Value]


class Responder:
    """One agent's table with the lists of OIDs it was asked for lately."""

    def __init__(self, table: Table) -> None:
        self._table = table
        self._kept: dict[bytes, list[_Part]] = {}

    def respond(self, request: "Request", view: View, room: int) -> bytes:
        """The Response-PDU, at most `room` bytes; beyond that it is tooBig, or a shorter GETBULK.

        Raises BerError for bindings that cannot be read and for a PDU that is no request.
        """
        match request.tag:
            case ber.GET:
                error, index, bindings = self._get(request, view)
            case ber.GETNEXT:
                error, index, bindings = self._next(request, view)
            case ber.GETBULK if request.version != V1:
                return _response(request, 0, 0, self._bulk(request, view, room - _HEADERS))
            case ber.SET:
                error, index, bindings = NO_SUCH_NAME if request.version == V1 else NO_ACCESS, 1, request.bindings
            case _:
                raise BerError(f"a PDU that asks nothing: {request.tag:#04x}")
        if len(bindings) + _HEADERS > room:
            return _response(request, TOO_BIG, 0, request.bindings if request.version == V1 else b"")
        return _response(request, error, index, bindings)

    def _get(self, request: "Request", view: View) -> tuple[int, int, bytes]:
        if request.version == V1:
            return self._get_v1(request, view)
        parts = self._kept.get(request.bindings)
        if parts is None:
            parts = self._prepare(request.bindings)
        out = []
        for part in parts:
            if isinstance(part, bytes):
                out.append(part)
                continue
            name, make = part
            value = make if isinstance(make, bytes) else make(view)
            out.append(ber.varbind(name, ber.NO_SUCH_INSTANCE if value is None else value))
        return 0, 0, b"".join(out)

    def _prepare(self, bindings: bytes) -> list[_Part]:
        """The list with everything fixed already encoded, neighbours joined."""
        parts: list[_Part] = []
        for name in names_of(bindings):
            # An instance we do not have of an object we know, or an object we do not know: both are told alike.
            value = self._table.lookup(name) or ber.NO_SUCH_INSTANCE
            if not isinstance(value, bytes):
                parts.append((name, value))
            elif parts and isinstance(parts[-1], bytes):
                parts[-1] += ber.varbind(name, value)
            else:
                parts.append(ber.varbind(name, value))
        if len(self._kept) >= _KEPT_LISTS:
            self._kept.clear()
        self._kept[bindings] = parts
        return parts

    def _get_v1(self, request: "Request", view: View) -> tuple[int, int, bytes]:
        out = []
        for place, name in enumerate(names_of(request.bindings), 1):
            make = self._table.lookup(name)
            value = make if make is None or isinstance(make, bytes) else make(view)
            if value is None or value[0] == ber.COUNTER64:
                return NO_SUCH_NAME, place, request.bindings
            out.append(ber.varbind(name, value))
        return 0, 0, b"".join(out)

    def _next(self, request: "Request", view: View) -> tuple[int, int, bytes]:
        out = []
        for place, name in enumerate(names_of(request.bindings), 1):
            found = self._table.at(self._table.after(name), view, request.version == V1)
            if found is not None:
                out.append(ber.varbind(found[1], found[2]))
            elif request.version == V1:
                return NO_SUCH_NAME, place, request.bindings
            else:
                out.append(ber.varbind(name, ber.END_OF_MIB_VIEW))
        return 0, 0, b"".join(out)

    def _bulk(self, request: "Request", view: View, room: int) -> bytes:
        """RFC 3416, 4.2.3: bindings until the repetitions are done, the MIB ends everywhere or the room is full."""
        names = names_of(request.bindings)
        single = max(request.second, 0)
        out = bytearray()
        for name in names[:single]:
            found = self._table.at(self._table.after(name), view)
            binding = ber.varbind(name, ber.END_OF_MIB_VIEW) if found is None else ber.varbind(found[1], found[2])
            if len(out) + len(binding) > room:
                return bytes(out)
            out += binding
        places: list[tuple[int, bytes]] = [(self._table.after(name), name) for name in names[single:]]
        for _round in range(max(request.third, 0) if places else 0):
            alive = False
            for column, (position, name) in enumerate(places):
                found = self._table.at(position, view)
                if found is None:
                    binding = ber.varbind(name, ber.END_OF_MIB_VIEW)
                else:
                    alive = True
                    places[column] = found[0], found[1]
                    binding = ber.varbind(found[1], found[2])
                if len(out) + len(binding) > room:
                    return bytes(out)
                out += binding
            if not alive:
                break
        return bytes(out)


@dataclass(frozen=True, slots=True)
class Request:
    """A PDU taken apart. `second` and `third` are error-status and error-index, or GETBULK's two numbers."""

    tag: int
    version: int
    request_id: bytes
    second: int
    third: int
    bindings: bytes

    @classmethod
    def read(cls, data: bytes, at: int, end: int, version: int) -> "Request":
        """Raises BerError when the PDU at `at` cannot be read."""
        tag, start, stop = ber.read(data, at, end)
        _id, after = ber.read_integer(data, start, stop)
        second, then = ber.read_integer(data, after, stop)
        third, then = ber.read_integer(data, then, stop)
        first, last = ber.expect(data, then, stop, ber.SEQUENCE)
        return cls(tag, version, data[start:after], second, third, data[first:last])


def names_of(bindings: bytes) -> list[bytes]:
    """The OIDs of a list of bindings, each as a whole element."""
    names = []
    at, end = 0, len(bindings)
    while at < end:
        start, stop = ber.expect(bindings, at, end, ber.SEQUENCE)
        _first, last = ber.expect(bindings, start, stop, ber.OID)
        names.append(bindings[start:last])
        at = stop
    return names


def refused(request: Request, error: int) -> bytes:
    """The Response-PDU that says no."""
    return _response(request, error, 0, request.bindings)


def _response(request: Request, error: int, index: int, bindings: bytes) -> bytes:
    contents = request.request_id + bytes((2, 1, error)) + ber.integer(index) + ber.wrap(ber.SEQUENCE, bindings)
    return ber.wrap(ber.RESPONSE, contents)
