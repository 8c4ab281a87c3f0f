"""Opens conversations: the device's turn, the line, the login, the terminal in order; all of it undone if one fails."""

from contextlib import ExitStack

from collectors.ssh.plain import PlainTalk
from collectors.ssh.session import SshShell, Talker
from collectors.ssh.transport import Line
from collectors.ssh.turns import Turns
from domain.shell import HostKeys, ShellTarget, Talk


class SshShells:
    """Implements Shells. Blocks: call it in a worker's thread."""

    def __init__(self, keys: HostKeys, turns: Turns) -> None:
        self._keys = keys
        self._turns = turns

    def open(self, target: ShellTarget) -> SshShell:
        with ExitStack() as stack:
            stack.enter_context(self._turns.hold(target))
            line = Line(target)
            stack.callback(line.close)
            line.open(self._keys)
            talk = _talk(line)
            talk.start()
            return SshShell(line, talk, stack.pop_all().close)


def _talk(line: Line) -> Talker:
    match line.target.dialect.talk:
        case Talk.PLAIN:
            return PlainTalk(line)
        case Talk.PROMPTED:
            # Imported here: the drivers of all makers need a second and thirty megabytes.
            from collectors.ssh.prompted import PromptedTalk

            return PromptedTalk(line)
