"""Accounts, tokens and the duty roster as the pages print them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Final

from console.external import is_external
from console.ports.people import OnDuty
from console.views.sorting import Columns
from console.views.speech import day, moment
from domain.accounts import AccessToken, Account, is_keeper, is_locked
from domain.language import _, n_
from domain.network import PersonRole
from domain.states import State
from domain.time.hours_said import hours_said


@dataclass(frozen=True, slots=True)
class AccountRow:
    """shape: of its state. regions: (code, name). sole: nobody would be left to make accounts."""

    name: str
    role: PersonRole
    role_word: str
    regions: tuple[tuple[str, str], ...]
    shape: State
    state: str
    locked: bool
    closed: bool
    external: bool
    sessions: int
    tokens: int
    sole: bool
    agencies: tuple[str, ...] = ()

    @property
    def codes(self) -> tuple[str, ...]:
        return tuple(code for code, _name in self.regions)

    @property
    def places(self) -> tuple[str, ...]:
        """What it sees, by name; none: everything."""
        return (*(name or code for code, name in self.regions), *self.agencies)


@dataclass(frozen=True, slots=True)
class TokenRow:
    id: str
    account: str
    may: str
    note: str
    made: str
    until: str
    used: str
    expired: bool


@dataclass(frozen=True, slots=True)
class DutyRow:
    name: str
    role: str
    organisation: str
    regions: str
    hours: str
    way: str
    until: str
    now: bool
    problem: str


ACCOUNT_COLUMNS: Final[Columns[AccountRow]] = {
    "account": lambda row: row.name,
    "role": lambda row: row.role_word,
    "sees": lambda row: ", ".join(row.places),
    "state": lambda row: row.state,
    "sessions": lambda row: row.sessions or None,
    "tokens": lambda row: row.tokens or None,
}


def account_rows(
    accounts: Iterable[Account],
    sessions: Mapping[str, int],
    tokens: Iterable[AccessToken],
    names: Mapping[str, str],
    now: datetime,
) -> tuple[AccountRow, ...]:
    """By name."""
    everybody = tuple(accounts)
    held: dict[str, int] = {}
    for token in tokens:
        held[token.account] = held.get(token.account, 0) + (token.expires_at > now)
    keepers = [each.name for each in everybody if is_keeper(each)]
    rows = []
    for each in sorted(everybody, key=lambda account: account.name.casefold()):
        shape, state = _standing(each, now)
        rows.append(
            AccountRow(
                each.name,
                each.role,
                role_word(each.role),
                tuple((code, names.get(code, "")) for code in each.regions),
                shape,
                state,
                is_locked(each, now),
                each.disabled,
                is_external(each),
                sessions.get(each.name, 0),
                held.get(each.name, 0),
                keepers == [each.name],
                each.agencies,
            )
        )
    return tuple(rows)


def _standing(account: Account, now: datetime) -> tuple[State, str]:
    if account.disabled:
        return State.UNREACHABLE, _("Closed")
    if is_locked(account, now):
        return State.DEGRADED, _("Locked: too many wrong passwords")
    if account.must_change:
        return State.UNKNOWN, _("Password to be changed")
    return State.UP, _("Open")


def token_rows(tokens: Iterable[AccessToken], now: datetime, zone: tzinfo) -> tuple[TokenRow, ...]:
    """Newest first."""
    today = now.astimezone(zone).date()
    return tuple(
        TokenRow(
            each.id,
            each.account,
            _("look") if each.read_only else _("what the account may"),
            each.note,
            day(each.made_at.astimezone(zone).date(), today),
            _("expired") if each.expires_at <= now else day(each.expires_at.astimezone(zone).date(), today),
            moment(each.used_at, zone, today) if each.used_at else _("never"),
            each.expires_at <= now,
        )
        for each in sorted(tokens, key=lambda token: (token.made_at, token.id), reverse=True)
    )


def duty_rows(roster: Iterable[OnDuty], names: Mapping[str, str], now: datetime, zone: tzinfo) -> tuple[DutyRow, ...]:
    today = now.astimezone(zone).date()
    return tuple(
        DutyRow(
            each.name,
            role_word(each.role),
            each.organisation,
            ", ".join(names.get(code, code) for code in each.regions) or _("everything"),
            hours_said(each.hours) or _("always"),
            each.way,
            day(each.valid_to, today) if each.valid_to else "",
            each.now,
            each.problem,
        )
        for each in roster
    )


def duty_answer(rows: Iterable[DutyRow]) -> str:
    """'On duty now: Asep Sunandar, Dewi.'"""
    on = [row.name for row in rows if row.now]
    if not on:
        return _("Nobody of people.csv is on duty now.")
    return n_("{count} person is on duty now.", "{count} people are on duty now.", len(on)).format(count=len(on))


def role_word(role: PersonRole) -> str:
    words = {
        PersonRole.VIEWER: _("viewer"),
        PersonRole.NOC: _("NOC"),
        PersonRole.ENGINEER: _("engineer"),
        PersonRole.PLANNER: _("planner"),
        PersonRole.APPROVER: _("approver"),
        PersonRole.ADMIN: _("administrator"),
    }
    return words[role]
