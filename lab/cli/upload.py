"""SFTP and SCP into a simulated device's file list: how a script comes onto a router before it is imported."""

import io
from collections.abc import AsyncIterator
from typing import Protocol

import asyncssh

from lab.cli.device import SimulatedDevice


class Files(Protocol):
    """What a model with a file list offers."""

    def read_file(self, name: str) -> str | None: ...

    def write_file(self, name: str, content: str, now: float) -> None: ...

    def file_names(self) -> list[str]: ...

    def remove_file(self, name: str) -> bool: ...


class FolderOf:
    """Makes one SFTP session after the other for a device."""

    def __init__(self, device: SimulatedDevice) -> None:
        self._device = device

    def session(self, channel: "asyncssh.SSHServerChannel[bytes]") -> asyncssh.SFTPServer:
        return _Sftp(channel, self._device)


class _Sftp(asyncssh.SFTPServer):
    def __init__(self, channel: "asyncssh.SSHServerChannel[bytes]", device: SimulatedDevice) -> None:
        super().__init__(channel)
        self._device = device

    @property
    def _files(self) -> Files:
        return self._device.model  # type: ignore[return-value]

    def open(self, path: bytes, pflags: int, attrs: asyncssh.SFTPAttrs) -> object:
        name = _name(path)
        content = self._files.read_file(name)
        if pflags & asyncssh.FXF_WRITE:
            if self._device.faults.disk_full:
                raise asyncssh.SFTPFailure("not enough space")
            return _Written(self._device, name, "" if pflags & asyncssh.FXF_TRUNC else content or "")
        if content is None:
            raise asyncssh.SFTPNoSuchFile("No such file")
        return io.BytesIO(content.encode())

    def stat(self, path: bytes) -> asyncssh.SFTPAttrs:
        name = _name(path)
        if not name:
            return asyncssh.SFTPAttrs(permissions=0o040755)
        content = self._files.read_file(name)
        if content is None:
            raise asyncssh.SFTPNoSuchFile("No such file")
        return asyncssh.SFTPAttrs(size=len(content.encode()), permissions=0o100644)

    lstat = stat

    def exit(self) -> None:
        """Without an exit status scp calls the whole copy failed."""
        self.channel.exit(0)

    def fstat(self, file_obj: object) -> asyncssh.SFTPAttrs:
        assert isinstance(file_obj, io.BytesIO)
        return asyncssh.SFTPAttrs(size=len(file_obj.getvalue()), permissions=0o100644)

    def setstat(self, path: bytes, attrs: asyncssh.SFTPAttrs) -> None: ...

    def fsetstat(self, file_obj: object, attrs: asyncssh.SFTPAttrs) -> None: ...

    def realpath(self, path: bytes) -> bytes:
        return b"/" + _name(path).encode()

    def remove(self, path: bytes) -> None:
        if not self._files.remove_file(_name(path)):
            raise asyncssh.SFTPNoSuchFile("No such file")

    async def scandir(self, path: bytes) -> AsyncIterator[asyncssh.SFTPName]:
        for name in self._files.file_names():
            yield asyncssh.SFTPName(name.encode(), attrs=self.stat(name.encode()))


class _Written(io.BytesIO):
    """Comes onto the device when it is closed."""

    def __init__(self, device: SimulatedDevice, name: str, content: str) -> None:
        super().__init__(content.encode())
        self._device = device
        self._name = name

    def close(self) -> None:
        if not self.closed:
            content = self.getvalue().decode(errors="replace")
            with self._device.lock:
                self._device.model.write_file(self._name, content, self._device.clock.now())  # type: ignore[attr-defined]
        super().close()


def _name(path: bytes) -> str:
    return path.decode(errors="replace").strip("/").removeprefix("./").strip(".")
