"""Session descriptions as cameras write them (RFC 8866): which streams there are and how each is asked for. Pure."""

from dataclasses import dataclass

_MOST_LINES = 500
_STATIC = {0: ("PCMU", 8_000), 8: ("PCMA", 8_000), 26: ("JPEG", 90_000)}  # RFC 3551 section 6


@dataclass(frozen=True, slots=True)
class Media:
    """One stream. codec: by its rtpmap, in upper case. clock_hertz: of its RTP timestamps. control: absolute."""

    kind: str
    payload: int
    codec: str
    clock_hertz: int
    control: str
    lines: tuple[str, ...]


def read_sdp(text: str, base: str) -> tuple[Media, ...]:
    """base: the Content-Base of the answer, or the address that was asked. Lines that make no sense are passed over."""
    found: list[list[str]] = []
    session = base
    for line in text.splitlines()[:_MOST_LINES]:
        line = line.strip()
        if line.startswith("m="):
            found.append([line])
        elif found:
            found[-1].append(line)
        elif line.startswith("a=control:") and line[10:].strip() != "*":
            session = _absolute(base, line[10:].strip())
    return tuple(media for lines in found if (media := _media(lines, session)) is not None)


def _media(lines: list[str], base: str) -> Media | None:
    words = lines[0][2:].split()
    if len(words) < 4 or not words[3].isdigit():
        return None
    payload = int(words[3])
    codec, clock = _STATIC.get(payload, ("", 90_000))
    control = base
    for line in lines[1:]:
        name, _colon, value = line[2:].partition(":")
        if line.startswith("a=") and name == "rtpmap" and value.split(" ")[0] == str(payload):
            parts = value.partition(" ")[2].strip().split("/")
            codec = parts[0].upper()
            clock = int(parts[1]) if len(parts) > 1 and parts[1].isdigit() and int(parts[1]) else clock
        elif line.startswith("a=") and name == "control" and value.strip() != "*":
            control = _absolute(base, value.strip())
    return Media(words[0], payload, codec, clock, control, tuple(lines))


def _absolute(base: str, control: str) -> str:
    """RFC 2326 appendix C.1.1, as cameras mean it: appended, even behind a query."""
    return control if "://" in control else f"{base.rstrip('/')}/{control}"
