"""What a terminal shows after the device has written to it: pagers, erasures and colours gone. Pure."""

import re

_ESCAPES = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07]*\x07|[()][0-9A-B]|[=>78cDEHMNOZ])")
_BACK = re.compile(r"\x1b\[(\d*)D")


def shown(text: str) -> str:
    """Lines ended by one newline each; of a line that was written over, what stands in the end."""
    text = _BACK.sub(lambda match: "\b" * int(match[1] or 1), text)
    text = _ESCAPES.sub("", text).replace("\0", "")
    lines = re.sub(r"\r+\n", "\n", text).split("\n")
    return "\n".join(_line(line) if "\b" in line or "\r" in line else line for line in lines)


def last_line(text: str) -> str:
    """Of what was written lately; only the end of a long text needs to be given."""
    return shown(text).rpartition("\n")[2]


def _line(line: str) -> str:
    cells: list[str] = []
    at = 0
    for character in line:
        if character == "\b":
            at = max(at - 1, 0)
        elif character == "\r":
            at = 0
        else:
            cells[at : at + 1] = [character]
            at += 1
    return "".join(cells).rstrip(" ")


def without_echo(text: str, command: str) -> str:
    """Without the lines in which the device repeats the command, alone or behind a prompt."""
    lines = text.split("\n")
    said = command.strip()
    while lines and (not lines[0].strip() or (said and lines[0].rstrip().endswith(said))):
        lines.pop(0)
    return "\n".join(lines)
