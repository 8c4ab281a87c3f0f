"""Who works on what: a site, and the devices that serve several sites, by one change at a time."""

import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime
from typing import Final

from domain.changes import Holder
from domain.language import _
from kentongan.changing.ports import here
from provisioning.changing import HeldError
from provisioning.store.changes import SqlJobStore

RENEW_SECONDS: Final = 20.0
DEVICE: Final = "device "  # before a device's name, which may be that of a site too
WAVE: Final = "wave "


class NamedLocks:
    """Threads of this process wait for each other; whoever comes from another process is told who works there."""

    def __init__(self) -> None:
        self._mutex = threading.Lock()
        self._locks: dict[str, threading.Lock] = {}

    @contextmanager
    def of(self, names: Iterable[str]) -> Iterator[None]:
        """All of them at once, in an order in which nobody waits in a circle."""
        with ExitStack() as stack:
            for name in sorted(set(names)):
                with self._mutex:
                    lock = self._locks.setdefault(name, threading.Lock())
                stack.enter_context(lock)
            yield


class JobHolds:
    """One person's holds, renewed while they last."""

    def __init__(self, store: SqlJobStore, who: str, utc: Callable[[], datetime], locks: NamedLocks) -> None:
        self._store = store
        self._who = who
        self._utc = utc
        self._locks = locks

    @contextmanager
    def of(self, names: Iterable[str]) -> Iterator[None]:
        """names: sites, and others with what they are before their name. Raises HeldError."""
        names = sorted(set(names))
        with self._locks.of(names), ExitStack() as stack:
            held = [stack.enter_context(self._one(name)) for name in names]
            over = threading.Event()
            renewing = threading.Thread(target=self._renew, args=(held, over), name="holder", daemon=True)
            renewing.start()
            try:
                yield
            finally:
                over.set()
                renewing.join()

    @contextmanager
    def _one(self, name: str) -> Iterator[Holder]:
        machine, process = here()
        mine = Holder(name, self._who, self._utc(), machine, process)
        holder = self._store.hold(mine)
        if (holder.machine, holder.process) != (machine, process):
            raise HeldError(
                _("{who} has been working on {site} since {since:%Y-%m-%d %H:%M} UTC, on {machine}.").format(
                    who=holder.who,
                    site=name.rpartition(" ")[2],
                    since=holder.since,
                    machine=holder.machine.partition(" ")[0],
                )
            )
        try:
            yield mine
        finally:
            self._store.let_go(mine)

    def _renew(self, held: list[Holder], over: threading.Event) -> None:
        while not over.wait(RENEW_SECONDS):
            for each in held:
                self._store.hold(each)
