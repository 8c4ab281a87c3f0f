"""What the pages of people need: accounts, access tokens, and who is on duty. It blocks; acts name who gave them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from domain.accounts import AccessToken, Account
from domain.network import PersonRole
from domain.secrets import Secret


class RefusedError(Exception):
    """Something that cannot be done; says why in words for people."""


@dataclass(frozen=True, slots=True)
class AccountChange:
    """None leaves as it is. unlocked: wrong passwords are forgotten. logged_out: every session ends."""

    role: PersonRole | None = None
    regions: tuple[str, ...] | None = None
    disabled: bool | None = None
    unlocked: bool = False
    logged_out: bool = False
    agencies: tuple[str, ...] | None = None


class Accounts(Protocol):
    """Every act raises RefusedError, and is written down with `by`."""

    def all(self) -> Sequence[Account]: ...

    def sessions(self) -> Mapping[str, int]:
        """How often each account is logged in now."""
        ...

    def add(
        self, by: str, name: str, role: PersonRole | None, regions: tuple[str, ...], *, single_sign_on: bool,
        agencies: tuple[str, ...] = (),
    ) -> Secret | None:  # fmt: skip
        """A password for one login; None where the person comes by single sign-on. role: None as in people.csv."""
        ...

    def change(self, by: str, name: str, change: AccountChange) -> Account: ...

    def reset(self, by: str, name: str) -> Secret: ...

    def remove(self, by: str, name: str) -> None: ...


class Tokens(Protocol):
    def of(self, account: str | None) -> Sequence[AccessToken]:
        """None: everybody's."""
        ...

    def add(self, by: str, account: str, days: int, *, read_only: bool, note: str) -> tuple[Secret, AccessToken]:
        """The key, which is kept nowhere. Raises RefusedError."""
        ...

    def revoke(self, by: str, id_: str) -> AccessToken:
        """Raises RefusedError."""
        ...


@dataclass(frozen=True, slots=True)
class OnDuty:
    """A line of people.csv. now: within its hours, and valid. problem: hours that cannot be read count as always."""

    name: str
    role: PersonRole
    organisation: str
    regions: tuple[str, ...]
    hours: str
    way: str
    valid_to: date | None
    now: bool
    problem: str = ""


class Duty(Protocol):
    def roster(self) -> Sequence[OnDuty]:
        """Who is on duty first, then by name."""
        ...


@dataclass(frozen=True, slots=True)
class PeopleBook:
    accounts: Accounts
    tokens: Tokens
    duty: Duty
