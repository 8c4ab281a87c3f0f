"""An account, a session and an access token, as they are kept: none holds a password or a key, only what proves one."""

from dataclasses import dataclass, field
from datetime import datetime

from domain.network import PersonRole, RegionCode


@dataclass(frozen=True, slots=True)
class Account:
    """`name` is what is typed to log in. regions, agencies: what it sees, all that stands in one or belongs to one of
    them; none of both means the whole kabupaten. agencies: as sites name their organisation.

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
    agencies: tuple[str, ...] = ()

    @property
    def sees_everything(self) -> bool:
        return not self.regions and not self.agencies

    @property
    def area(self) -> tuple[str, ...]:
        """Two accounts of one area see the same."""
        return (*self.regions, *self.agencies)


@dataclass(frozen=True, slots=True)
class Session:
    """key_hash: SHA-256 of the key in the cookie. form_key: what every form of the session must bring back."""

    key_hash: str
    account: str
    form_key: str = field(repr=False)
    made_at: datetime
    seen_at: datetime


@dataclass(frozen=True, slots=True)
class AccessToken:
    """Lets a program ask in an account's name; it may never do more than the account.

    id: by which people speak of it. key_hash: SHA-256 of what the program sends. read_only: may look, never act.
    used_at: about when last; None if never.
    """

    id: str
    key_hash: str = field(repr=False)
    account: str
    read_only: bool
    note: str
    made_at: datetime
    expires_at: datetime
    used_at: datetime | None = None
