"""A file onto a device over an open line: by SFTP where there is a terminal, else through `cat`."""

import shlex
from typing import assert_never

import paramiko

from collectors.ssh.transport import Line
from domain.language import _
from domain.secrets import Secret
from domain.shell import BrokenOffError, ShellError, Talk

CHUNK = 16384


def send(line: Line, path: str, text: Secret, seconds: float = 60.0) -> None:
    """Whole, or an error: the device is asked how much it has. Raises ShellError's leaves."""
    data = text.reveal().encode()
    try:
        match line.target.dialect.talk:
            case Talk.PLAIN:
                _through_cat(line, path, data, seconds)
            case Talk.PROMPTED:
                _by_sftp(line, path, data, seconds)
            case _:
                assert_never(line.target.dialect.talk)
    except (paramiko.SSHException, EOFError, OSError) as error:
        raise _failed(line, path, str(error)) from None
    line.octets += len(data)


def _by_sftp(line: Line, path: str, data: bytes, seconds: float) -> None:
    client = paramiko.SFTPClient.from_transport(line.transport)
    if client is None:
        raise _failed(line, path, _("it takes no files"))
    channel = client.get_channel()
    assert channel is not None
    channel.settimeout(line.deadline.within(seconds))
    with client:
        with client.open(path, "wb") as file:
            file.write(data)
        size = client.stat(path).st_size
    if size != len(data):
        raise _failed(line, path, _("it kept {size} of {whole} octets").format(size=size, whole=len(data)))


def _through_cat(line: Line, path: str, data: bytes, seconds: float) -> None:
    limit = line.deadline.within(seconds)
    channel = line.transport.open_session(timeout=limit)
    channel.settimeout(limit)
    quoted = shlex.quote(path)
    channel.exec_command(f"umask 077; cat > {quoted} && wc -c < {quoted}")
    for start in range(0, len(data), CHUNK):
        channel.sendall(data[start : start + CHUNK])
    channel.shutdown_write()
    said = b"".join(iter(lambda: channel.recv(CHUNK), b""))
    wrong = b"".join(iter(lambda: channel.recv_stderr(CHUNK), b""))
    status = channel.recv_exit_status()
    channel.close()
    if status != 0 or said.strip() != str(len(data)).encode():
        raise _failed(line, path, wrong.decode("utf-8", "replace").strip() or _("the command failed"))


def _failed(line: Line, path: str, why: str) -> ShellError:
    if line.deadline.is_over:
        return line.timed_out(_("the file {path}").format(path=path))
    device = line.target.device
    return BrokenOffError(
        device,
        _("{device} did not take the file {path}: {why}.").format(
            device=device, path=path, why=why.rstrip(".") or _("the connection ended")
        ),
    )
