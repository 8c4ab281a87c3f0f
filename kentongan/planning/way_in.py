"""Whether we get in once the baseline is told: the credential we log in with against the keys that devices are given.

A device that was given a key takes no passwords from that user any more: RouterOS (User, SSH Keys: password login is
off unless `always-allow-password-login`), and our own baselines of OpenWrt and Debian. Pure; sentences for people.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from domain.intent import DeviceIntent, Platform, SecretHole
from domain.language import _

LoginOf = Callable[[str], "AdminLogin | None"]
"""By the name of a credential; None: it is not known, or no login."""
KEYS_ALONE: Final = (Platform.ROUTEROS, Platform.OPENWRT, Platform.FRR)


@dataclass(frozen=True, slots=True)
class AdminLogin:
    """public_key: of the private key that it logs in with, as in a file of authorized keys; '' if that cannot be read,
    None where it logs in with a password."""

    credential: str
    public_key: str | None = None


def nobody_looked(_credential: str) -> AdminLogin | None:
    return None


def shut_out(device: DeviceIntent, login_of: LoginOf) -> Iterator[str]:
    hole = device.variables.get("admin_password")
    login = login_of(hole.credential) if isinstance(hole, SecretHole) else None
    if login is None:
        return
    given = device.variables.get("admin_keys")
    keys = tuple(map(str, given)) if isinstance(given, tuple) else ()
    if login.public_key == "":
        yield _("{device}: the private key of the credential {name} cannot be read.").format(
            device=device.name, name=login.credential
        )
    elif login.public_key is None and keys and device.platform in KEYS_ALONE:
        yield _(
            "{device}: with admin_keys it takes no password by SSH, and the credential {name} has no private key. "
            "Nobody gets in once it is told. Store the key: kentongan credential add {name} --help"
        ).format(device=device.name, name=login.credential)
    elif login.public_key is not None and not _holds(_taken(device, keys), login.public_key):
        yield _(
            "{device}: the credential {name} logs in with a key, and it is not among the admin_keys that the device "
            "takes. We do not get in once it is told. Put it first: kentongan site set --kabupaten "
            '"admin_keys={key}"'
        ).format(device=device.name, name=login.credential, key=login.public_key)


def _taken(device: DeviceIntent, keys: tuple[str, ...]) -> tuple[str, ...]:
    """RouterOS imports one; IOS knows RSA alone; others are not given what their baseline does not read."""
    if device.platform is Platform.ROUTEROS:
        return keys[:1]
    return tuple(key for key in keys if device.platform is not Platform.IOS or key.startswith("ssh-rsa "))


def _holds(keys: tuple[str, ...], wanted: str) -> bool:
    """Whatever comment stands behind them."""
    return wanted.split()[:2] in [key.split()[:2] for key in keys]
