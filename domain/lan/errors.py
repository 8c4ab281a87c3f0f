"""Why a segment could not be asked by who stands on it."""


class SegmentError(Exception):
    """Root for who implements LinkChecks. The message names the interface and the next step."""
