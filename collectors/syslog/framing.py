"""Messages out of a TCP stream: counted octets or one a line, whichever each begins with (RFC 6587, 3.4). Pure."""

from typing import Final

from collectors.syslog.messages import MOST_OCTETS

_MOST_DIGITS: Final = 5
_ENDS: Final = (b"\n", b"\0")


class Frames:
    """Of one connection. `broken`: counts what cannot be right; close the connection. Holds at most one message."""

    def __init__(self) -> None:
        self._held = bytearray()
        self.broken = False

    def feed(self, octets: bytes) -> list[bytes]:
        """Whole messages, as far as they came in. Nothing comes out of a stream that is broken."""
        self._held += octets
        found: list[bytes] = []
        while self._held and not self.broken:
            message = self._counted() if 0x31 <= self._held[0] <= 0x39 else self._line()
            if message is None:
                break
            if message:
                found.append(message)
        return found

    def rest(self) -> bytes:
        """What stands at the end of a closed stream without an end of its own."""
        held, self._held = bytes(self._held), bytearray()
        return b"" if self.broken else held

    def _counted(self) -> bytes | None:
        head, space, _rest = bytes(self._held[: _MOST_DIGITS + 1]).partition(b" ")
        if not space and head.isdigit() and len(head) <= _MOST_DIGITS:
            return None
        if not head.isdigit() or int(head) > MOST_OCTETS:
            self.broken = True
            return None
        start, stop = len(head) + 1, len(head) + 1 + int(head)
        if len(self._held) < stop:
            return None
        message = bytes(self._held[start:stop])
        del self._held[:stop]
        return message

    def _line(self) -> bytes | None:
        ends = [place for end in _ENDS if (place := self._held.find(end)) >= 0]
        if not ends:
            self.broken = len(self._held) > MOST_OCTETS
            return None
        message = bytes(self._held[: min(ends)])
        del self._held[: min(ends) + 1]
        return message.rstrip(b"\r")
