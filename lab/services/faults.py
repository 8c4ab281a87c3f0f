"""What can be ordered to go wrong with an application or a camera."""

from enum import StrEnum


class Fault(StrEnum):
    """`applies_to_apps` and `applies_to_cameras` say with what."""

    ERROR = "error"  # answers 500
    SLOW = "slow"  # answers after SLOW_SECONDS
    SILENT = "silent"  # takes the connection and says nothing
    REFUSED = "refused"  # nobody listens
    DEFACED = "defaced"
    CLOAKED = "cloaked"  # defaced for search engines alone
    FOREIGN_REDIRECT = "foreign-redirect"
    REDIRECT_LOOP = "redirect-loop"
    EXPIRED = "expired"  # the certificate
    EXPIRING = "expiring"  # in ten days
    SELF_SIGNED = "self-signed"
    WRONG_NAME = "wrong-name"
    TEXT_GONE = "text-gone"  # an empty page with status 200
    FROZEN = "frozen"  # the camera sends the same moment again and again
    NO_VIDEO = "no-video"  # PLAY is answered, nothing comes
    LOCKED = "locked"  # the login is not accepted any more

    @property
    def applies_to_apps(self) -> bool:
        return self not in (Fault.FROZEN, Fault.NO_VIDEO, Fault.LOCKED)

    @property
    def applies_to_cameras(self) -> bool:
        return self in (Fault.SLOW, Fault.SILENT, Fault.REFUSED, Fault.FROZEN, Fault.NO_VIDEO, Fault.LOCKED)

    @property
    def needs_tls(self) -> bool:
        return self in (Fault.EXPIRED, Fault.EXPIRING, Fault.SELF_SIGNED, Fault.WRONG_NAME)


SLOW_SECONDS = 6.0
