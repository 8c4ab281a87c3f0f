"""Accounts made and changed, each in the journal; the first one is made when there is none."""

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from typing import Final

from console.entrance import IDLE, LONGEST, Books, Entrance
from console.external import AWAITED, is_external
from console.passwords import Passwords, made_password
from console.store import SqlAccounts, SqlSessions
from domain.accounts import Account, is_keeper, keeps_somebody
from domain.audit import AuditEntry
from domain.language import _
from domain.network import PersonRole, RegionCode
from domain.secrets import Secret
from kentongan.console_adapters.seen import SeenLater
from kentongan.console_adapters.terms import AccountsInTerm
from kentongan.errors import UsageError
from kentongan.installation import Installation
from kentongan.store.joined import joined

FIRST = "admin"
LONGEST_NAME: Final = 100


class Accounts:
    """Of one installation. by: who gives the orders; else whoever runs the command."""

    def __init__(self, installation: Installation, by: str = "") -> None:
        self._installation = installation
        self._by = by or installation.actor
        self._store = SqlAccounts(installation.database.engine)
        self._sessions = SqlSessions(installation.database.engine)
        self._passwords = Passwords()

    def entrance(self) -> Entrance:
        def audit(action: str, account: str, address: str = "") -> None:
            self._installation.journal.record(self._entry(action, account, address))

        accounts = AccountsInTerm(self._installation)
        sessions = SeenLater(self._sessions)
        return Entrance(accounts, sessions, audit, self._passwords, self._books, time.monotonic)

    @contextmanager
    def _books(self) -> Iterator[Books]:
        """Of one transaction: who is let in or changes a password, and that the journal says so."""
        with self._installation.database.transaction() as connection:

            def audit(action: str, account: str, address: str = "") -> None:
                self._installation.journal.record_in(connection, self._entry(action, account, address))

            engine = joined(connection)
            yield Books(SqlAccounts(engine), SqlSessions(engine), audit)

    def _entry(self, action: str, account: str, address: str) -> AuditEntry:
        whence = {"address": address} if address else {}
        now = self._installation.clock.now()
        return AuditEntry(now, account or _("nobody"), f"console {action}", account, whence)

    def all(self) -> tuple[Account, ...]:
        return self._store.all()

    def first(self) -> Secret | None:
        """The password of an administrator who is made because there is nobody; None where there is somebody."""
        if self._store.all():
            return None
        return self.add(FIRST, PersonRole.ADMIN, ())

    def add(
        self, name: str, role: PersonRole | None, regions: tuple[RegionCode, ...], agencies: tuple[str, ...] = ()
    ) -> Secret:
        """A password that is good for one login. role: None takes role and regions of the person of that name."""
        password = made_password()
        self._make(name, role, regions, agencies, self._passwords.proof_of(password))
        return password

    def await_(
        self, name: str, role: PersonRole | None, regions: tuple[RegionCode, ...], agencies: tuple[str, ...] = ()
    ) -> None:
        """An account without a password, for somebody who comes by single sign-on under this name."""
        self._make(name, role, regions, agencies, AWAITED)

    def _make(
        self, name: str, role: PersonRole | None, regions: tuple[RegionCode, ...], agencies: tuple[str, ...], proof: str
    ) -> None:
        if not 0 < len(name) <= LONGEST_NAME or not name.isprintable() or name != name.strip():
            raise UsageError(
                _("A name has 1 to {longest} letters, figures and blanks between them.").format(longest=LONGEST_NAME)
            )
        if self._store.get(name) is not None:
            raise UsageError(
                _("{name} has an account. A new password: kentongan account reset {name}").format(name=name)
            )
        if role is None:
            person = next((each for each in self._installation.inventory.read().people if each.name == name), None)
            if person is None:
                raise UsageError(
                    _("{name} is not in people.csv. Say what the account may: --role viewer").format(name=name)
                )
            role, regions = person.role, regions or (() if agencies else person.region_codes)
        self._check_agencies(agencies)
        account = Account(name, role, regions, proof, must_change=proof != AWAITED, agencies=agencies)
        with self._recorded("account made", name, **_detail(account), single_sign_on=proof == AWAITED) as (
            store,
            _none,
        ):
            store.put(account)

    def reset(self, name: str) -> Secret:
        """A new password that is good for one login; every session of the account ends, and it is locked no more."""
        account, password = self.get(name), made_password()
        if is_external(account):
            raise UsageError(_("{name} comes by single sign-on and has no password here.").format(name=name))
        proof = self._passwords.proof_of(password)
        with self._recorded("account password reset", name) as (store, sessions):
            store.put(replace(account, proof=proof, must_change=True, failures=0, locked_until=None))
            sessions.end_of(name)
        return password

    def change(
        self, name: str, role: PersonRole | None, regions: tuple[RegionCode, ...] | None, disabled: bool | None,
        agencies: tuple[str, ...] | None = None,
    ) -> Account:  # fmt: skip
        """None leaves as it is. Whoever may or sees something else from now on logs in again."""
        before = self.get(name)
        after = replace(
            before,
            role=role or before.role,
            regions=before.regions if regions is None else regions,
            disabled=before.disabled if disabled is None else disabled,
            agencies=before.agencies if agencies is None else agencies,
        )
        self._check_agencies(after.agencies if agencies else ())
        self._check_keeper(name, after)
        with self._recorded("account changed", name, **_detail(after), disabled=after.disabled) as (store, sessions):
            store.put(after)
            if after != before:
                sessions.end_of(name)
        return after

    def remove(self, name: str) -> None:
        self.get(name)
        self._check_keeper(name, None)
        with self._recorded("account removed", name) as (store, sessions):
            sessions.end_of(name)
            store.remove(name)

    def unlock(self, name: str) -> Account:
        """Wrong passwords are forgotten."""
        after = replace(self.get(name), failures=0, locked_until=None)
        with self._recorded("account unlocked", name) as (store, _none):
            store.put(after)
        return after

    def log_out(self, name: str) -> Account:
        """Every session ends."""
        account = self.get(name)
        with self._recorded("account logged out", name) as (_none, sessions):
            sessions.end_of(name)
        return account

    def sessions(self) -> Mapping[str, int]:
        """How often each account is logged in."""
        now = self._installation.clock.now().utc
        return self._sessions.counted(now - IDLE, now - LONGEST)

    def _check_agencies(self, agencies: tuple[str, ...]) -> None:
        """Raises UsageError for one to which no site belongs: a slip of the pen would show nothing, and say nothing."""
        sites = self._installation.inventory.read(stages=False).sites if agencies else ()
        known = {site.organisation.strip().casefold() for site in sites} - {""}
        for name in agencies:
            if name.casefold() not in known:
                raise UsageError(
                    _("No site belongs to {name}. Write it as sites.csv names its organisation.").format(name=name)
                )

    def _check_keeper(self, name: str, after: Account | None) -> None:
        """Raises UsageError where nobody would be left who can make accounts."""
        others = [each for each in self._store.all() if each.name != name]
        if is_keeper(self.get(name)) and not keeps_somebody([*others, after] if after else others):
            raise UsageError(
                _("{name} is the last administrator of the whole kabupaten. Make another one first.").format(name=name)
            )

    @contextmanager
    def _recorded(self, action: str, name: str, **detail: object) -> Iterator[tuple[SqlAccounts, SqlSessions]]:
        """Done and in the journal, or neither."""
        with self._installation.database.transaction() as connection:
            engine = joined(connection)
            yield SqlAccounts(engine), SqlSessions(engine)
            entry = AuditEntry(self._installation.clock.now(), self._by, action, name, detail)
            self._installation.journal.record_in(connection, entry)

    def get(self, name: str) -> Account:
        account = self._store.get(name)
        if account is None:
            raise UsageError(_("There is no account {name}. See: kentongan account list").format(name=name))
        return account


def _detail(account: Account) -> dict[str, object]:
    return {"role": account.role.value, "regions": list(account.regions), "agencies": list(account.agencies)}
