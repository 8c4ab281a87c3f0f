"""Whose account somebody is that the provider has named, and what they may: our own rules, not the provider's."""

import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from console.entrance import Audit
from console.external import is_awaited, proof_of
from console.oidc.records import Client, Identity, SignOnError
from domain.accounts import Account, AccountStore, is_keeper, keeps_somebody
from domain.language import _
from domain.network import PersonRole, RegionCode

EVERYTHING: Final = "*"
LONGEST_NAME: Final = 100
IsRegion = Callable[[str], bool]


class Joining:
    def __init__(self, client: Client, accounts: AccountStore, is_region: IsRegion, audit: Audit) -> None:
        self._client = client
        self._accounts = accounts
        self._is_region = is_region
        self._audit = audit
        self._one = threading.Lock()

    def account_of(self, identity: Identity) -> Account:
        """Found by issuer and subject, which never change; by name where it was made for this. Raises SignOnError."""
        with self._one:
            name, proof = self._name(identity.claims), proof_of(identity.issuer, identity.subject)
            role, regions = self._role(identity.claims), self._regions(identity.claims)
            found = next((each for each in self._accounts.all() if each.proof == proof), None)
            if found is None:
                self._check_verified(identity.claims)
                found = self._bound(name, proof) or self._made(name, proof, role, regions)
            if found.disabled:
                self._audit("login refused: closed", found.name)
                raise _unknown(name)
            return self._followed(found, role, regions)

    def _check_verified(self, claims: Mapping[str, object]) -> None:
        """Whoever may write any mail address into a profile of theirs must not come into the account of its owner."""
        if self._client.name_claim == "email" and claims.get("email_verified") is not True:
            self._audit("login refused: mail address not verified", "")
            raise SignOnError(
                _("The login server does not say that your mail address is yours. Ask an administrator to look there.")
            )

    def _bound(self, name: str, proof: str) -> Account | None:
        """An account that waits for somebody of this name. One with a password is never taken over by a name."""
        waiting = self._accounts.get(name)
        if waiting is None:
            return None
        if not is_awaited(waiting):
            self._audit("login refused: another's account", name)
            raise SignOnError(
                _("The name {name} belongs to another account here. Ask an administrator.").format(name=name)
            )
        if waiting.disabled:
            return waiting
        bound = replace(waiting, proof=proof)
        self._accounts.put(bound)
        self._audit("account bound to single sign-on", name)
        return bound

    def _made(self, name: str, proof: str, role: PersonRole | None, regions: tuple[RegionCode, ...] | None) -> Account:
        if not self._client.make_accounts or role is None:
            self._audit("login refused: no account", "")
            raise _unknown(name)
        made = Account(name, role, regions or (), proof)
        self._accounts.put(made)
        self._audit(f"account made by single sign-on as {role.value}", name)
        return made

    def _followed(self, account: Account, role: PersonRole | None, regions: tuple[RegionCode, ...] | None) -> Account:
        after = replace(
            account,
            role=role or account.role,
            regions=account.regions if regions is None else regions,
            must_change=False,
        )
        if after == account:
            return account
        others = [each for each in self._accounts.all() if each.name != account.name]
        if is_keeper(account) and not keeps_somebody([*others, after]):
            self._audit("role of the last administrator kept", account.name)
            return account
        self._accounts.put(after)
        area = " ".join(after.regions) or EVERYTHING
        self._audit(f"account follows single sign-on: {after.role.value} {area}", account.name)
        return after

    def _name(self, claims: Mapping[str, object]) -> str:
        said = claims.get(self._client.name_claim)
        name = said.strip() if isinstance(said, str) else ""
        if not 0 < len(name) <= LONGEST_NAME or not name.isprintable():
            raise SignOnError(
                _("The login server says no name of you ({claim}). Tell an administrator.").format(
                    claim=self._client.name_claim
                )
            )
        return name

    def _role(self, claims: Mapping[str, object]) -> PersonRole | None:
        """None: it is left to the account. Raises SignOnError for who is in none of the groups."""
        if not self._client.role_claim or not self._client.roles:
            return None
        groups = set(_texts(_within(claims, self._client.role_claim)))
        found = next((role for group, role in self._client.roles.items() if group in groups), None)
        if found is None:
            self._audit("login refused: in no group", "")
            raise SignOnError(_("You are in none of the groups that may come in here. Ask an administrator."))
        return found

    def _regions(self, claims: Mapping[str, object]) -> tuple[RegionCode, ...] | None:
        """None: they are left to the account. A claim that is missing never means everything. Raises SignOnError."""
        if not self._client.region_claim:
            return None
        codes = [code for text in _texts(_within(claims, self._client.region_claim)) for code in text.split()]
        if codes == [EVERYTHING]:
            return ()
        if not codes or not all(map(self._is_region, codes)):
            self._audit("login refused: no region", "")
            raise SignOnError(_("The login server says no region of you that is known here. Ask an administrator."))
        return tuple(dict.fromkeys(map(RegionCode, codes)))


def _unknown(name: str) -> SignOnError:
    return SignOnError(_("There is no open account for {name} here. Ask an administrator.").format(name=name))


def _within(claims: Mapping[str, Any], path: str) -> object:
    """A claim by its name, or inside others: realm_access.roles."""
    if path in claims:
        return claims[path]
    found: object = claims
    for part in path.split("."):
        found = found.get(part) if isinstance(found, Mapping) else None
    return found


def _texts(value: object) -> Sequence[str]:
    if isinstance(value, str):
        return [value]
    return [each for each in value if isinstance(each, str)] if isinstance(value, list) else []
