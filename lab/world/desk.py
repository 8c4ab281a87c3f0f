"""The control socket: takes lines, gives answers, keeps slow or rude callers from holding up the world."""

import json
import os
import selectors
import socket
from collections.abc import Callable
from pathlib import Path

from domain.language import _
from lab.errors import PortTakenError

_LONGEST_LINE = 65_536
_MOST_CALLERS = 16
_LONGEST_PATH = 100  # the kernel's limit is 107 bytes


class Desk:
    """Listens at a unix socket that only its owner may use (mode 0600)."""

    def __init__(self, path: Path, obey: Callable[[bytes], dict[str, object]]) -> None:
        self._path = path
        self._obey = obey
        self._listener: socket.socket | None = None
        self._selector: selectors.BaseSelector | None = None
        self._callers: dict[socket.socket, bytearray] = {}

    def open(self, selector: selectors.BaseSelector) -> None:
        """Raises PortTakenError when another world listens there, or when the path is too long for a socket."""
        if len(os.fsencode(self._path)) > _LONGEST_PATH:
            raise PortTakenError(
                _("{path} is too long for a socket: choose a shorter state folder").format(path=self._path)
            )
        if _somebody_listens(self._path):
            raise PortTakenError(_("another simulated world listens at {path}: stop it first").format(path=self._path))
        self._path.unlink(missing_ok=True)
        listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        mask = os.umask(0o177)
        try:
            listener.bind(str(self._path))
        except OSError as error:
            listener.close()
            raise PortTakenError(
                _("no socket can be made at {path}: {error}").format(path=self._path, error=error)
            ) from error
        finally:
            os.umask(mask)
        listener.listen(_MOST_CALLERS)
        listener.setblocking(False)
        selector.register(listener, selectors.EVENT_READ, self._accept)
        self._listener, self._selector = listener, selector

    def close(self) -> None:
        for caller in list(self._callers):
            self._drop(caller)
        if self._listener is not None:
            self._listener.close()
            self._listener = None
            self._path.unlink(missing_ok=True)

    def _accept(self) -> None:
        assert self._listener is not None
        assert self._selector is not None
        try:
            caller, _address = self._listener.accept()
        except OSError:
            return
        if len(self._callers) >= _MOST_CALLERS:
            caller.close()
            return
        caller.setblocking(False)
        self._callers[caller] = bytearray()
        self._selector.register(caller, selectors.EVENT_READ, lambda: self._hear(caller))

    def _hear(self, caller: socket.socket) -> None:
        try:
            heard = caller.recv(_LONGEST_LINE)
        except BlockingIOError:
            return
        except OSError:
            heard = b""
        said = self._callers[caller]
        said += heard
        if not heard or len(said) > _LONGEST_LINE:
            self._drop(caller)
            return
        while (end := said.find(b"\n")) >= 0:
            line = bytes(said[:end])
            del said[: end + 1]
            try:
                caller.sendall(json.dumps(self._obey(line), ensure_ascii=False).encode() + b"\n")
            except OSError:  # gone, or not reading
                self._drop(caller)
                return

    def _drop(self, caller: socket.socket) -> None:
        if self._selector is not None:
            self._selector.unregister(caller)
        self._callers.pop(caller, None)
        caller.close()


def _somebody_listens(path: Path) -> bool:
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as knock:
        knock.settimeout(1.0)
        try:
            knock.connect(str(path))
        except OSError:
            return False
    return True
