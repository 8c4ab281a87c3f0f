"""Saying a list of acts to an open conversation, and showing it to people. Secrets are filled in here alone."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace

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
                known += _secrets_of(act.text, secrets)
                _say(shell, device, act, fill(act.text, secrets), known)


def _secrets_of(text: str, secrets: Secrets) -> Iterator[Secret]:
    """As they are, and as they are written where they stand."""
    for hole in holes_in(text):
        found = secrets(replace(hole, quoting=()))
        if found is not None:
            yield found
            yield fill(hole.marker(), secrets)


def _say(shell: Shell, device: str, act: Say, text: Secret, known: Sequence[Secret]) -> None:
    command = Command(
        text.reveal(), act.seconds, act.answers, tuple(known), act.prompt, act.settle_seconds, act.private
    )
    try:
        reply = shell.run(command)
    except (BrokenOffError, TimedOutError):
        if act.ends:
            return
        raise
    if act.is_refused(reply.text):
        said = "***" if act.private else " ".join(reply.text.split())[-200:]
        for secret in known:
            said = said.replace(secret.reveal(), "***")
        why = _("{device} does not take '{line}'. It says: {said}").format(
            device=device, line=masked(act.text).splitlines()[0][:80], said=said or _("nothing")
        )
        raise DeviceRefusedError(f"{why} {act.hint}".rstrip())


def shown_acts(acts: Iterable[Act]) -> tuple[str, ...]:
    """As `--dry-run` prints them: files with their text, secrets as three stars."""
    lines: list[str] = []
    for act in acts:
        match act:
            case Send(path=path, text=text):
                lines.append(_("file {path}:").format(path=path))
                lines += [f"    {line}" for line in masked(text).splitlines()]
            case Say(text=text):
                lines += masked(text).splitlines()
    return tuple(lines)
