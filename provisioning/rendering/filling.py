"""Secrets into their holes, at the last moment before a text is sent. The result is never stored or logged."""

from collections.abc import Callable

from domain.intent import SecretHole
from domain.intent.secret_holes import replace_holes
from domain.language import _
from domain.secrets import Secret
from provisioning.errors import MissingVariableError, UnquotableError
from provisioning.rendering.quoting import WITHIN, Language, escaped, write

Secrets = Callable[[SecretHole], Secret | None]
"""Looks one up in the vault; None if it is not there."""


def fill(text: str, secrets: Secrets) -> Secret:
    """The text with every hole filled, each secret quoted for the place where it stands. It is itself a secret.

    Raises MissingVariableError for one that is not in the vault, UnquotableError for one the platform cannot take.
    """

    def filled(hole: SecretHole) -> str:
        secret = secrets(SecretHole(hole.credential, hole.field))
        if secret is None:
            raise MissingVariableError(
                _("The credential {name} has no {field}. Add it: kentongan credential add {name} …").format(
                    name=hole.credential, field=hole.field
                )
            )
        written = secret.reveal()
        if not hole.quoting and not written.isalnum():
            # In a script that others wrote nobody quotes it: a token of letters and digits needs no quotes anywhere.
            raise UnquotableError(
                _("{name}/{field} stands in a script and may have letters and digits only.").format(
                    name=hole.credential, field=hole.field
                )
            )
        for style in hole.quoting:
            if style.startswith(WITHIN):
                written = escaped(Language(style.removeprefix(WITHIN)), written)
            else:
                written = str(write(Language(style), written))
        return written

    return Secret(replace_holes(text, filled))
