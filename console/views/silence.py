"""Why the board cannot be believed now, in the language of whoever looks."""

from typing import assert_never

from console.ports import Hush, Silence
from domain.language import _


def silence_said(silence: Silence | None) -> str:
    """Empty while the poller works."""
    if silence is None:
        return ""
    match silence.why:
        case Hush.UNASKABLE:
            return _("The poller cannot be asked how it is: exporter.port is 0. Give it a number in kentongan.toml.")
        case Hush.GONE:
            return _("Nobody polls: {url} does not answer. Start it: kentongan run").format(url=silence.url)
        case Hush.NOT_READY:
            return " ".join(silence.reasons)
        case _:
            assert_never(silence.why)
