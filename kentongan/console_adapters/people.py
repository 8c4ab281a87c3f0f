"""Accounts, tokens and the duty roster for the console: what the command line does, in the name of whoever asks."""

import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from zoneinfo import ZoneInfo

from console.ports.people import AccountChange, OnDuty, PeopleBook, RefusedError
from domain.accounts import AccessToken, Account
from domain.language import _
from domain.network import Person, PersonRole, RegionCode
from domain.secrets import Secret
from domain.time import ALWAYS, NATIONAL, HoursError, WeeklyHours
from kentongan.console_adapters.accounts import Accounts
from kentongan.console_adapters.tokens import Tokens
from kentongan.errors import UsageError
from kentongan.installation import Installation


def people_book(installation: Installation) -> PeopleBook:
    return PeopleBook(InstalledAccounts(installation), InstalledTokens(installation), Roster(installation))


@contextmanager
def _refusing() -> Iterator[None]:
    try:
        yield
    except UsageError as error:
        raise RefusedError(str(error)) from error


class InstalledAccounts:
    """Implements console.ports.people.Accounts. One change at a time: two must not remove each other's last keeper."""

    def __init__(self, installation: Installation) -> None:
        self._installation = installation
        self._one = threading.Lock()

    def all(self) -> Sequence[Account]:
        return Accounts(self._installation).all()

    def sessions(self) -> Mapping[str, int]:
        return Accounts(self._installation).sessions()

    def add(
        self, by: str, name: str, role: PersonRole | None, regions: tuple[str, ...], *, single_sign_on: bool,
        agencies: tuple[str, ...] = (),
    ) -> Secret | None:  # fmt: skip
        with self._one, _refusing():
            accounts, area = Accounts(self._installation, by), self._regions(regions)
            if not single_sign_on:
                return accounts.add(name.strip(), role, area, agencies)
            accounts.await_(name.strip(), role, area, agencies)
            return None

    def change(self, by: str, name: str, change: AccountChange) -> Account:
        with self._one, _refusing():
            accounts = Accounts(self._installation, by)
            if (change.role, change.regions, change.disabled, change.agencies) != (None, None, None, None):
                area = None if change.regions is None else self._regions(change.regions)
                accounts.change(name, change.role, area, change.disabled, change.agencies)
            if change.unlocked:
                accounts.unlock(name)
            if change.logged_out:
                accounts.log_out(name)
            return accounts.get(name)

    def reset(self, by: str, name: str) -> Secret:
        with self._one, _refusing():
            return Accounts(self._installation, by).reset(name)

    def remove(self, by: str, name: str) -> None:
        with self._one, _refusing():
            Accounts(self._installation, by).remove(name)
            Tokens(self._installation, by).revoke_all(name)

    def _regions(self, codes: tuple[str, ...]) -> tuple[RegionCode, ...]:
        for code in codes:
            if self._installation.regions.get(code) is None:
                raise UsageError(_("{code} is no region's code. Write it as 32.14.05").format(code=code))
        return tuple(RegionCode(code) for code in codes)


class InstalledTokens:
    """Implements console.ports.people.Tokens."""

    def __init__(self, installation: Installation) -> None:
        self._installation = installation

    def of(self, account: str | None) -> Sequence[AccessToken]:
        return Tokens(self._installation).of(account)

    def add(self, by: str, account: str, days: int, *, read_only: bool, note: str) -> tuple[Secret, AccessToken]:
        with _refusing():
            return Tokens(self._installation, by).add(account, days, read_only=read_only, note=note)

    def revoke(self, by: str, id_: str) -> AccessToken:
        with _refusing():
            return Tokens(self._installation, by).revoke(id_)


class Roster:
    """Implements console.ports.people.Duty."""

    def __init__(self, installation: Installation) -> None:
        self._installation = installation

    def roster(self) -> Sequence[OnDuty]:
        zone = ZoneInfo(self._installation.loaded.settings.language.timezone)
        here = self._installation.clock.now().utc.astimezone(zone)
        found = [_on_duty(person, here) for person in self._installation.inventory.read(stages=False).people]
        return sorted(found, key=lambda each: (not each.now, each.name.casefold()))


def _on_duty(person: Person, here: datetime) -> OnDuty:
    problem, hours = "", ALWAYS
    try:
        hours = WeeklyHours.parse(person.duty_hours)
    except HoursError as error:
        problem = str(error)
    valid = person.valid_to is None or here.date() <= person.valid_to
    way = person.channel.partition(":")[0] if person.channel else ""
    return OnDuty(
        person.name,
        person.role,
        person.organisation,
        tuple(person.region_codes),
        person.duty_hours,
        way,
        person.valid_to,
        valid and hours.covers(here, NATIONAL),
        problem,
    )
