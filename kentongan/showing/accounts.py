"""Accounts made and changed on the command line, each in the journal; the first one is made when there is none."""

from dataclasses import replace

from console.entrance import Entrance
from console.passwords import Passwords, made_password
from console.store import SqlAccounts, SqlSessions
from domain.accounts import Account
from domain.language import _
from domain.network import PersonRole, RegionCode
from domain.secrets import Secret
from kentongan.errors import UsageError
from kentongan.installation import Installation

FIRST = "admin"


class Accounts:
    """Of one installation."""

    def __init__(self, installation: Installation) -> None:
        self._installation = installation
        self._store = SqlAccounts(installation.database.engine)
        self._sessions = SqlSessions(installation.database.engine)
        self._passwords = Passwords()

    def entrance(self) -> Entrance:
        def audit(action: str, account: str) -> None:
            self._installation.record_as(account or _("nobody"), f"console {action}", account)

        return Entrance(self._store, self._sessions, audit, self._passwords)

    def all(self) -> tuple[Account, ...]:
        return self._store.all()

    def first(self) -> Secret | None:
        """The password of an administrator who is made because there is nobody; None where there is somebody."""
        if self._store.all():
            return None
        return self.add(FIRST, PersonRole.ADMIN, ())

    def add(self, name: str, role: PersonRole | None, regions: tuple[RegionCode, ...]) -> Secret:
        """A password that is good for one login. role: None takes role and regions of the person of that name."""
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
            role, regions = person.role, regions or person.region_codes
        password = made_password()
        self._store.put(Account(name, role, regions, self._passwords.proof_of(password), must_change=True))
        self._installation.record("account made", name, role=role.value, regions=list(regions))
        return password

    def reset(self, name: str) -> Secret:
        """A new password that is good for one login; every session of the account ends, and it is locked no more."""
        account, password = self._get(name), made_password()
        proof = self._passwords.proof_of(password)
        self._store.put(replace(account, proof=proof, must_change=True, failures=0, locked_until=None))
        self._sessions.end_of(name)
        self._installation.record("account password reset", name)
        return password

    def change(
        self, name: str, role: PersonRole | None, regions: tuple[RegionCode, ...] | None, disabled: bool | None
    ) -> Account:
        """None leaves as it is."""
        before = self._get(name)
        after = replace(
            before,
            role=role or before.role,
            regions=before.regions if regions is None else regions,
            disabled=before.disabled if disabled is None else disabled,
        )
        self._store.put(after)
        if after.disabled:
            self._sessions.end_of(name)
        detail = {"role": after.role.value, "regions": list(after.regions), "disabled": after.disabled}
        self._installation.record("account changed", name, **detail)
        return after

    def remove(self, name: str) -> None:
        self._get(name)
        self._sessions.end_of(name)
        self._store.remove(name)
        self._installation.record("account removed", name)

    def _get(self, name: str) -> Account:
        account = self._store.get(name)
        if account is None:
            raise UsageError(_("There is no account {name}. See: kentongan account list").format(name=name))
        return account
