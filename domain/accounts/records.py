"""An account and a session, as they are kept: neither holds a password or a key, only what proves one."""

from dataclasses import dataclass, field
from datetime import datetime

from domain.network import PersonRole, RegionCode


@dataclass(frozen=True, slots=True)
class Account:
    """`name` is what is typed to log in. regions: what it sees; none means the whole kabupaten.

    proof: of the password, as Argon2 writes it. must_change: the password was made by somebody else and is good once.
    failures: wrong passwords in a row; locked_until: when the next one may be tried.
    """

    name: str
    role: PersonRole
    regions: tuple[RegionCode, ...] = ()
    proof: str = field(default="", repr=False)
    must_change: bool = False
    disabled: bool = False
    failures: int = 0
    locked_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Session:
    """key_hash: SHA-256 of the key in the cookie. form_key: what every form of the session must bring back."""

    key_hash: str
    account: str
    form_key: str = field(repr=False)
    made_at: datetime
    seen_at: datetime
