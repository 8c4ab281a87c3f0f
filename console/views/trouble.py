"""What a person is told when the database or its disk is away: what is, what became of the order, what to do. Pure.

Neither paths nor addresses: the page is shown to whoever asks. The log names them.
"""

from dataclasses import dataclass
from typing import assert_never

from console.ports.trouble import Trouble
from domain.language import _

SOON_SECONDS = 10
LATER_SECONDS = 30


@dataclass(frozen=True, slots=True)
class Said:
    """remedy: for who keeps the machine. again_seconds: when a page tries by itself."""

    what: str
    remedy: str
    again_seconds: int = LATER_SECONDS


def said_of(trouble: Trouble) -> Said:
    match trouble:
        case Trouble.BUSY:
            return Said(
                _("The database is busy: something else writes into it. Wait a moment, then try again."),
                _("An import, a backup or an upgrade may be under way. If it lasts: kentongan check"),
                SOON_SECONDS,
            )
        case Trouble.FULL:
            return Said(
                _("The disk of the server is full. What is there can be looked at, nothing new can be kept."),
                _("Make room on the disk of the state folder; then everything goes on by itself. See: df -h"),
            )
        case Trouble.READ_ONLY:
            return Said(
                _("The database cannot be written. What is there can be looked at, nothing new can be kept."),
                _("Its folder is read-only, or belongs to another user. See: kentongan check"),
            )
        case Trouble.AWAY:
            return Said(
                _("The database does not answer. This page comes back by itself when it does."),
                _("See whether its server runs and takes more connections: kentongan check"),
                SOON_SECONDS,
            )
        case Trouble.DAMAGED:
            return Said(
                _("The database cannot be read: it is damaged. Tell who keeps the server."),
                _("Look at the disk (dmesg), then bring back a backup: kentongan db restore FILE"),
            )
        case Trouble.MISSING:
            return Said(
                _("The database is gone from its place. Tell who keeps the server."),
                _("Bring it back, or a backup of it: kentongan db restore FILE"),
            )
        case Trouble.OLDER:
            return Said(
                _("Kentongan was renewed, its database not yet. Tell who keeps the server."),
                _("Stop Kentongan, then: kentongan db upgrade"),
            )
        case Trouble.NEWER:
            return Said(
                _("Kentongan was renewed, and this console is still the old one. Tell who keeps the server."),
                _("Start the console again with the new program: systemctl restart kentongan-console"),
            )
        case _:
            assert_never(trouble)
