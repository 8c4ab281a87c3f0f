"""Why a segment could not be asked, or a frame not be read."""

from collectors.errors import CollectorError
from domain.lan import SegmentError


class LinkError(CollectorError, SegmentError):
    """Root of what is raised here."""


class RawPacketsError(LinkError):
    """This program may not send and receive frames; the message says how it may."""


class InterfaceError(LinkError):
    """There is no such interface, or nothing passes it."""


class FrameError(LinkError):
    """A frame says something that its protocol does not allow. It came from the network: count it, go on."""
