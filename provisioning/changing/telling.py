"""Saying a list of acts to an open conversation, and showing it to people. Secrets are filled in here alone."""

from collections.abc import Callable, Iterable, Sequence

from domain.intent.secret_holes import holes_in, masked
from domain.language import _
from domain.secrets import Secret
from domain.shell import BrokenOffError, Command, Shell, TimedOutError
from provisioning.changing.errors import DeviceRefusedError
from provisioning.platforms.pushing import Act, Say, Send
from provisioning.rendering import fill
from provisioning.rendering.filling import Secrets

Said = Callable[[str], None]


def tell(shell: Shell, device: str, acts: Iterable[Act], secrets: Secrets) -> None:
    """In their order; ends at the first that the device does not take. Raises DeviceRefusedError and ShellError."""
    known: list[Secret] = []
    for act in acts:
        match act:
            case Send(path=path, text=text):
                found = (secrets(hole) for hole in holes_in(text))
                known += [secret for secret in found if secret is not None]
                shell.send_file(path, fill(text, secrets))
            case Say():
                _say(shell, device, act, known)


def _say(shell: Shell, device: str, act: Say, known: Sequence[Secret]) -> None:
    try:
        reply = shell.run(Command(act.text, act.seconds, act.answers, tuple(known), act.prompt))
    except (BrokenOffError, TimedOutError):
        if act.ends:
            return
        raise
    if act.is_refused(reply.text):
        said = " ".join(reply.text.split())[-200:]
        for secret in known:
            said = said.replace(secret.reveal(), "***")
        raise DeviceRefusedError(
            _("{device} does not take '{line}'. It says: {said}").format(
                device=device, line=act.text.splitlines()[0][:80], said=said or _("nothing")
            )
        )


def shown_acts(acts: Iterable[Act]) -> tuple[str, ...]:
    """As `--dry-run` prints them: files with their text, secrets as three stars."""
    lines: list[str] = []
    for act in acts:
        match act:
            case Send(path=path, text=text):
                lines.append(_("file {path}:").format(path=path))
                lines += [f"    {line}" for line in masked(text).splitlines()]
            case Say(text=text):
                lines += text.splitlines()
    return tuple(lines)
