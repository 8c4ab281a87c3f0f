"""Accounts, tokens and a duty roster in memory, refusing what the installation refuses."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta

from console.external import AWAITED
from console.ports.people import AccountChange, OnDuty, PeopleBook, RefusedError
from console.tokens import made_token
from domain.accounts import AccessToken, Account
from domain.network import PersonRole, RegionCode
from domain.secrets import Secret
from tests.unit.console.console_office import EVIL, NOW, PLERED

MADE = "abcd-efgh-jkmn-pqrs"


@dataclass
class BookAccounts:
    kept: dict[str, Account] = field(
        default_factory=lambda: {
            "admin": Account("admin", PersonRole.ADMIN),
            EVIL: Account(EVIL, PersonRole.NOC, (PLERED,)),
            "=cmd": Account("=cmd", PersonRole.VIEWER, locked_until=NOW + timedelta(minutes=4)),
        }
    )
    acts: list[tuple[str, str, object]] = field(default_factory=list)

    def all(self) -> Sequence[Account]:
        return list(self.kept.values())

    def sessions(self) -> Mapping[str, int]:
        return {"admin": 2}

    def add(
        self, by: str, name: str, role: PersonRole | None, regions: tuple[str, ...], *, single_sign_on: bool,
        agencies: tuple[str, ...] = (),
    ) -> Secret | None:  # fmt: skip
        if name in self.kept or role is None:
            raise RefusedError("It cannot be made.")
        proof = AWAITED if single_sign_on else ""
        self.kept[name] = Account(name, role, tuple(map(RegionCode, regions)), proof, agencies=agencies)
        self.acts.append((by, "add", name))
        return None if single_sign_on else Secret(MADE)

    def change(self, by: str, name: str, change: AccountChange) -> Account:
        self.acts.append((by, name, change))
        self.kept[name] = replace(self.kept[name], role=change.role or self.kept[name].role)
        return self.kept[name]

    def reset(self, by: str, name: str) -> Secret:
        self.acts.append((by, "reset", name))
        return Secret(MADE)

    def remove(self, by: str, name: str) -> None:
        if name == "admin":
            raise RefusedError("admin is the last one.")
        self.acts.append((by, "remove", name))
        del self.kept[name]


@dataclass
class BookTokens:
    kept: dict[str, AccessToken] = field(default_factory=dict)
    acts: list[tuple[str, str, str]] = field(default_factory=list)

    def of(self, account: str | None) -> Sequence[AccessToken]:
        return [each for each in self.kept.values() if account in (None, each.account)]

    def add(self, by: str, account: str, days: int, *, read_only: bool, note: str) -> tuple[Secret, AccessToken]:
        key, token = made_token(account, NOW, timedelta(days=days), read_only=read_only, note=note)
        self.kept[token.id] = token
        self.acts.append((by, "add", account))
        return key, token

    def revoke(self, by: str, id_: str) -> AccessToken:
        if id_ not in self.kept:
            raise RefusedError("There is none.")
        self.acts.append((by, "revoke", id_))
        return self.kept.pop(id_)


class BookDuty:
    def roster(self) -> Sequence[OnDuty]:
        return [
            OnDuty("Asep", PersonRole.NOC, "Diskominfo", (PLERED,), "24 jam", "wa", None, True),
            OnDuty(EVIL, PersonRole.ENGINEER, "", (), "Senin sore", "", None, False, "'sore' is no time."),
        ]


def book() -> PeopleBook:
    return PeopleBook(BookAccounts(), BookTokens(), BookDuty())
