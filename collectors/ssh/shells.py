"""Opens conversations: the device's turn, the line, the login, the terminal in order; all of it undone if one fails."""

from contextlib import ExitStack
from typing import TYPE_CHECKING
from weakref import WeakSet

from collectors.ssh.device_lock import DeviceLocks
from domain.shell import HostKeys, ShellTarget, Talk

if TYPE_CHECKING:
    from collectors.ssh.session import SshShell, Talker
    from collectors.ssh.transport import Line


class SshShells:
    """Implements Shells. Blocks: call it in a worker's thread. The SSH library is loaded at the first conversation."""

    def __init__(self, keys: HostKeys, locks: DeviceLocks) -> None:
        self._keys = keys
        self._locks = locks
        self._lines: WeakSet[Line] = WeakSet()

    def cut(self) -> None:
        """End every conversation under way, from another thread: the program stops."""
        for line in list(self._lines):
            line.close()

    def open(self, target: ShellTarget) -> "SshShell":
        from collectors.ssh.session import SshShell
        from collectors.ssh.transport import Line

        with ExitStack() as stack:
            stack.enter_context(self._locks.hold(target))
            line = Line(target)
            self._lines.add(line)
            stack.callback(line.close)
            line.open(self._keys)
            talk = _talk(line)
            talk.start()
            return SshShell(line, talk, stack.pop_all().close)


def _talk(line: "Line") -> "Talker":
    match line.target.dialect.talk:
        case Talk.PLAIN:
            from collectors.ssh.exec_channel import PlainTalk

            return PlainTalk(line)
        case Talk.PROMPTED:
            # The drivers of all makers need half a second more.
            from collectors.ssh.prompted import PromptedTalk

            return PromptedTalk(line)
