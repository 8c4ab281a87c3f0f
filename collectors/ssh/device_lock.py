"""One conversation at a time with one device, whichever process wants it: a lock on a file, freed by the kernel."""

import fcntl
import hashlib
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from domain.language import _
from domain.shell import BusyError, ShellTarget

AGAIN_SECONDS = 0.05


class DeviceLocks:
    """Lock files lie in `folder`, one a device; they hold nothing and may be deleted when nothing runs."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @contextmanager
    def hold(self, target: ShellTarget) -> Iterator[None]:
        """Raises BusyError when the turn does not come within the target's limit."""
        descriptor = self._take(target)
        try:
            yield
        finally:
            os.close(descriptor)

    def _take(self, target: ShellTarget) -> int:
        self._folder.mkdir(mode=0o750, parents=True, exist_ok=True)
        place = f"{target.zone}|{target.address}|{target.port}"
        path = self._folder / f"{hashlib.sha256(place.encode()).hexdigest()[:16]}.lock"
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        give_up_at = time.monotonic() + target.limits.turn_seconds
        while True:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                if time.monotonic() >= give_up_at:
                    os.close(descriptor)
                    raise BusyError(
                        target.device,
                        _("{device}: another conversation with it has not ended. Try again later.").format(
                            device=target.device
                        ),
                    ) from None
                time.sleep(AGAIN_SECONDS)
            else:
                return descriptor
