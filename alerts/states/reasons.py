"""Why a device is in its state: the closed list of reasons, as they are kept, and in words for people.

A reason is kept as one word; `behind NAME` names what a dark device stands behind, `unseen-behind NAME` what hides it
from us, `loss 30%` how much is lost. Nothing here decides anything.
"""

from collections.abc import Iterable
from enum import StrEnum

from domain.language import _

BEHIND = "behind "
UNSEEN_BEHIND = "unseen-behind "


class Reason(StrEnum):
    ANSWERS = "answers"
    NOT_ASKED_YET = "not-asked-yet"
    NOT_CHECKED = "not-checked"
    BLIND = "blind"
    ICMP_SILENT = "icmp-silent"
    LOSS = "loss"
    SNMP_SILENT = "snmp-silent"
    SNMP_REFUSED = "snmp-refused"
    SNMP_UNAUTHORISED = "snmp-unauthorised"
    SNMP_GARBLED = "snmp-garbled"
    HEARTBEAT_SILENT = "heartbeat-silent"
    STREAM_SILENT = "stream-silent"
    INTERNET_FAILS = "internet-fails"


REASONS = tuple(Reason)


def loss(percent: int) -> str:
    """The reason of a device that loses so much; availability reads the figure."""
    return f"{Reason.LOSS.value} {percent}%"


def loss_percent(reason: str) -> int:
    """Of a reason made by `loss`; 0 for any other."""
    share = reason.removeprefix(f"{Reason.LOSS.value} ").removesuffix("%")
    return int(share) if share.isdecimal() else 0


def bare(reason: str) -> str:
    """Without the figure."""
    return Reason.LOSS.value if loss_percent(reason) else reason


def behind(names: Iterable[str]) -> str:
    """The reason of a device that is dark because of others."""
    return BEHIND + ", ".join(sorted(set(names)))


def unseen_behind(names: Iterable[str]) -> str:
    """The reason of a device that we only cannot look at, because what we look through is lost."""
    return UNSEEN_BEHIND + ", ".join(sorted(set(names)))


def words(reason: str) -> str:
    """The reason in plain words of the active language; a word that is not in the list comes back as it is."""
    if reason.startswith(BEHIND):
        return _("stands behind {names}, and every way to it is cut").format(names=reason.removeprefix(BEHIND))
    if reason.startswith(UNSEEN_BEHIND):
        return _("cannot be seen: {names}, through which we look at it, is lost").format(
            names=reason.removeprefix(UNSEEN_BEHIND)
        )
    if loss_percent(reason):
        return _("loses {percent} % of the packets").format(percent=loss_percent(reason))
    said = {
        Reason.ANSWERS: _("answers"),
        Reason.NOT_ASKED_YET: _("has not been asked yet"),
        Reason.NOT_CHECKED: _("is not checked"),
        Reason.BLIND: _("we are cut off ourselves and cannot see it"),
        Reason.ICMP_SILENT: _("does not answer ping"),
        Reason.LOSS: _("loses packets"),
        Reason.SNMP_SILENT: _("does not answer SNMP"),
        Reason.SNMP_REFUSED: _("is there, but nothing listens on its SNMP port"),
        Reason.SNMP_UNAUTHORISED: _("does not accept our SNMP user or password"),
        Reason.SNMP_GARBLED: _("answers SNMP with what cannot be read"),
        Reason.HEARTBEAT_SILENT: _("sends no heartbeat any more"),
        Reason.STREAM_SILENT: _("does not answer on its stream's port"),
        Reason.INTERNET_FAILS: _("answers, but the internet behind it does not work"),
    }
    return said[Reason(reason)] if reason in said else reason
