"""Takes secrets out of what was said. It knows the secrets by their text; what a configuration hides is not its job."""

from collections.abc import Iterable

from domain.secrets import Secret, SshLogin

SHORTEST = 3  # shorter ones would tear every second word apart


def masked(text: str, secrets: Iterable[Secret]) -> str:
    """Every secret as three stars, the longest first; also line by line where a secret is more than one line."""
    texts = {part for secret in secrets for part in (secret.reveal(), *secret.reveal().splitlines())}
    for part in sorted((part for part in texts if len(part) >= SHORTEST), key=len, reverse=True):
        text = text.replace(part, "***")
    return text


def secrets_of(login: SshLogin) -> tuple[Secret, ...]:
    return tuple(secret for secret in (login.password, login.private_key, login.enable) if secret)
