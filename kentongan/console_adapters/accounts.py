"""Accounts made and changed, each in the journal; the first one is made when there is none."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from console.entrance import IDLE, LONGEST, Entrance
from console.external import AWAITED, is_external
from console.passwords import Passwords, made_password
from console.store import SqlAccounts, SqlSessions
from domain.accounts import Account, is_keeper, keeps_somebody
from domain.language import _
from domain.network import PersonRole, RegionCode
from domain.secrets import Secret
from kentongan.console_adapters.terms import AccountsInTerm
from kentongan.errors import UsageError
from kentongan.installation import Installation

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
            whence = {"address": address} if address else {}
            self._installation.record_as(account or _("nobody"), f"console {action}", account, **whence)

        return Entrance(AccountsInTerm(self._installation), self._sessions, audit, self._passwords)

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
        self._store.put(account)
        self._record("account made", name, **_detail(account), single_sign_on=proof == AWAITED)

    def reset(self, name: str) -> Secret:
        """A new password that is good for one login; every session of the account ends, and it is locked no more."""
        account, password = self.get(name), made_password()
        if is_external(account):
            raise UsageError(_("{name} comes by single sign-on and has no password here.").format(name=name))
        proof = self._passwords.proof_of(password)
        self._store.put(replace(account, proof=proof, must_change=True, failures=0, locked_until=None))
        self._sessions.end_of(name)
        self._record("account password reset", name)
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
        self._store.put(after)
        if after != before:
            self._sessions.end_of(name)
        self._record("account changed", name, **_detail(after), disabled=after.disabled)
        return after

    def remove(self, name: str) -> None:
        self.get(name)
        self._check_keeper(name, None)
        self._sessions.end_of(name)
        self._store.remove(name)
        self._record("account removed", name)

    def unlock(self, name: str) -> Account:
        """Wrong passwords are forgotten."""
        after = replace(self.get(name), failures=0, locked_until=None)
        self._store.put(after)
        self._record("account unlocked", name)
        return after

    def log_out(self, name: str) -> Account:
        """Every session ends."""
        account = self.get(name)
        self._sessions.end_of(name)
        self._record("account logged out", name)
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

    def _record(self, action: str, name: str, **detail: object) -> None:
        self._installation.record_as(self._by, action, name, **detail)

    def get(self, name: str) -> Account:
        account = self._store.get(name)
        if account is None:
            raise UsageError(_("There is no account {name}. See: kentongan account list").format(name=name))
        return account


def _detail(account: Account) -> dict[str, object]:
    return {"role": account.role.value, "regions": list(account.regions), "agencies": list(account.agencies)}
