"""What the closed words of logging in to devices are called, in the active language: the same everywhere."""

from domain.language import _


def cause_word(cause: str) -> str:
    """Why a fetch failed, in a few words."""
    words = {
        "unreachable": _("does not answer"),
        "algorithms": _("no algorithm in common"),
        "host-key-unknown": _("host key not accepted yet"),
        "host-key-changed": _("HOST KEY CHANGED"),
        "login-refused": _("login refused"),
        "timed-out": _("took too long"),
        "broken-off": _("broke off"),
        "truncated": _("not whole"),
        "busy": _("busy"),
        "shrunk": _("much smaller than before"),
        "not-written": _("could not be written"),
        "no-login": _("no SSH login"),
    }
    return words.get(cause, cause)
