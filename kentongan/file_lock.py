"""A lock on a file, held by whoever has its descriptor open, so that a kill frees it. Looking leaves it as it is."""

import fcntl
import os
import time
from pathlib import Path
from typing import Final

LOOKS: Final = 10
LOOK_SECONDS: Final = 0.01


def take(descriptor: int) -> None:
    """Raises BlockingIOError if somebody holds it. Somebody may only be looking whether it is held: it is tried for a
    moment."""
    for _look in range(LOOKS - 1):
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return
        except BlockingIOError:
            time.sleep(LOOK_SECONDS)
    fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)


def is_held(path: Path) -> bool:
    """Whether somebody holds it: two who look do not take each other for the holder."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    except FileNotFoundError:
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(descriptor)
    return False
