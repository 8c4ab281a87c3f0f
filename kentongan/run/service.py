"""The service: one tick asks, listens, decides and records; everything else runs beside it.

A tick never waits for a device or for the database. What it cannot finish it hands to a bounded queue.
"""


import structlog

log = structlog.get_logger(__name__)
