"""Single sign-on against a login server on loopback: who is let in as whom, and every way in which one could lie."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from console.external import AWAITED, proof_of
from console.oidc import Accounts, Client, SignOn, SignOnError
from console.oidc.begun import LASTS, BegunLogins
from console.oidc.provider import Asking
from domain.accounts import Account
from domain.network import PersonRole, is_region_code
from domain.secrets import Secret
from tests.unit.console.console_office import NOW, PLERED, Office, office
from tests.unit.console.console_provider import (
    BACK,
    CLIENT,
    SECRET,
    Key,
    LoginServer,
    by_public_key,
    login_server,
    unsigned,
)

MAPPED = {"noc-kominfo": PersonRole.NOC, "admin-kominfo": PersonRole.ADMIN}


@pytest.fixture(scope="module")
def key() -> Key:
    return Key("k1")


@pytest.fixture(scope="module")
def other() -> Key:
    return Key("k2")


@contextmanager
def house(key: Key, **settings: Any) -> Iterator[tuple[Office, LoginServer]]:
    moments: list[list[datetime]] = [[NOW]]
    with login_server(lambda: moments[-1][0], key) as server:
        client = Client(server.issuer, CLIENT, BACK, Secret(SECRET), **settings)
        steady = [0.0]

        def made(accounts: Accounts) -> SignOn:
            return SignOn(client, replace(accounts, is_region=is_region_code), Asking(client, lambda: steady[0]))

        with office(sign_on=made) as here:
            here.steady = steady
            moments.append(here.clock)
            yield here, server


@pytest.fixture
def awaited(key: Key) -> Iterator[tuple[Office, LoginServer]]:
    """Dewi has an account that waits for her."""
    with house(key) as (here, server):
        here.accounts.put(Account("dewi", PersonRole.NOC, (PLERED,), AWAITED))
        yield here, server


def sign_on(here: Office, server: LoginServer, to: str = "/") -> Any:
    """From the button to the answer of coming back."""
    begun = here.client.get(f"/login/sso?to={to}")
    assert begun.status_code == 303, begun.text
    return here.client.get(server.authorize(begun.headers["location"]))


def is_in(here: Office) -> bool:
    return here.client.get("/incidents").status_code == 200


def test_who_is_awaited_comes_in_and_stays_who_they_are(awaited: tuple[Office, LoginServer]) -> None:
    here, server = awaited
    assert "/login/sso?to=/" in here.client.get("/login").text
    back = sign_on(here, server, "/incidents")
    assert (back.status_code, back.headers["location"]) == (303, "/incidents")
    assert is_in(here)
    assert here.accounts.kept["dewi"].proof == proof_of(server.issuer, "a1")
    assert ("logged in by single sign-on", "dewi") in here.journal
    server.person = {"sub": "a1", "preferred_username": "dewi.baru"}  # a name may change, the subject never does
    here.client.cookies.clear()
    assert sign_on(here, server).status_code == 303
    assert here.journal[-1] == ("logged in by single sign-on", "dewi")


def test_somebody_else_of_the_same_name_does_not(awaited: tuple[Office, LoginServer]) -> None:
    here, server = awaited
    sign_on(here, server)
    here.client.cookies.clear()
    server.person = {"sub": "b2", "preferred_username": "dewi"}
    back = sign_on(here, server)
    assert (back.status_code, "belongs to another account" in back.text) == (401, True)
    assert not is_in(here)


@pytest.mark.parametrize("name", ["admin", "viewer"])
def test_an_account_with_a_password_is_never_taken_over_by_a_name(key: Key, name: str) -> None:
    with house(key, make_accounts=True, role_claim="groups", roles=MAPPED) as (here, server):
        before = here.accounts.kept[name]
        server.person = {"sub": "x", "preferred_username": name, "groups": ["admin-kominfo"]}
        assert sign_on(here, server).status_code == 401
        assert here.accounts.kept[name] == before
        assert not is_in(here)


def test_no_account_is_made_unless_the_settings_say_so(key: Key) -> None:
    with house(key, role_claim="groups", roles=MAPPED) as (here, server):
        server.person |= {"groups": ["noc-kominfo"]}
        before = dict(here.accounts.kept)
        back = sign_on(here, server)
        assert (back.status_code, "no open account" in back.text) == (401, True)
        assert here.accounts.kept == before


def test_an_account_is_made_for_who_has_a_group_and_follows_it(key: Key) -> None:
    settings = {"role_claim": "realm_access.roles", "roles": MAPPED, "region_claim": "wilayah", "make_accounts": True}
    with house(key, **settings) as (here, server):
        for groups, regions, why in (
            ([], [PLERED], "none of the groups"),
            (["noc-kominfo"], None, "no region"),
            (["noc-kominfo"], [], "no region"),
            (["noc-kominfo"], ["Plered"], "no region"),
        ):
            server.person |= {"realm_access": {"roles": groups}, "wilayah": regions}
            assert why in sign_on(here, server).text
        assert "dewi" not in here.accounts.kept
        server.person |= {"realm_access": {"roles": ["tamu", "noc-kominfo"]}, "wilayah": [PLERED]}
        assert sign_on(here, server).status_code == 303
        assert here.accounts.kept["dewi"].role is PersonRole.NOC
        assert here.accounts.kept["dewi"].regions == (PLERED,)
        server.person |= {"realm_access": {"roles": ["admin-kominfo"]}, "wilayah": "*"}
        assert sign_on(here, server).status_code == 303
        now = here.accounts.kept["dewi"]
        assert (now.role, now.regions) == (PersonRole.ADMIN, ())
        assert here.journal[-2] == ("account follows single sign-on: admin *", "dewi")
        here.accounts.put(replace(now, disabled=True))
        assert sign_on(here, server).status_code == 401


def test_the_last_administrator_stays_one(key: Key) -> None:
    with house(key, role_claim="groups", roles=MAPPED) as (here, server):
        here.accounts.kept = {"dewi": Account("dewi", PersonRole.ADMIN, (), proof_of(server.issuer, "a1"))}
        server.person |= {"groups": ["noc-kominfo"]}
        assert sign_on(here, server).status_code == 303
        assert here.accounts.kept["dewi"].role is PersonRole.ADMIN


def changed(**values: Any) -> Callable[[dict[str, Any]], None]:
    return lambda claims: claims.update(values)


def without(name: str) -> Callable[[dict[str, Any]], None]:
    def drop(claims: dict[str, Any]) -> None:
        del claims[name]

    return drop


AT = int(NOW.timestamp())
LIES: dict[str, tuple[Callable[[dict[str, Any]], None], str]] = {
    "another nonce": (changed(nonce="guessed"), "another login"),
    "no nonce": (without("nonce"), "another login"),
    "another audience": (changed(aud="siakad"), "another application"),
    "no audience": (without("aud"), "another application"),
    "several audiences, given to another": (changed(aud=[CLIENT, "siakad"], azp="siakad"), "another application"),
    "several audiences, given to nobody": (changed(aud=[CLIENT, "siakad"]), "another application"),
    "another issuer": (changed(iss="https://sso.example"), "another server"),
    "expired": (changed(iat=AT - 900, exp=AT - 121), "expired"),
    "no end": (without("exp"), "when it was made"),
    "an end that is no number": (changed(exp="later"), "when it was made"),
    "of the future": (changed(iat=AT + 121, exp=AT + 900), "of the future"),
    "not yet": (changed(nbf=AT + 121), "of the future"),
    "too old": (changed(iat=AT - 3601), "too old"),
    "nobody": (without("sub"), "names nobody"),
    "no name": (changed(preferred_username=""), "says no name"),
    "a name with signs": (changed(preferred_username="de\x00wi"), "says no name"),
}


@pytest.fixture(scope="module")
def doubted(key: Key) -> Iterator[tuple[Office, LoginServer]]:
    with house(key) as (here, server):
        yield here, server


def refused(doubted: tuple[Office, LoginServer], why: str) -> None:
    here, server = doubted
    here.accounts.put(Account("dewi", PersonRole.NOC, (), AWAITED))
    here.client.cookies.clear()
    back = sign_on(here, server)
    assert (back.status_code, why in back.text) == (401, True), back.text
    assert not is_in(here)
    assert here.accounts.kept["dewi"].proof == AWAITED


@pytest.mark.parametrize("lie", list(LIES))
def test_a_token_that_does_not_fit_lets_nobody_in(doubted: tuple[Office, LoginServer], lie: str) -> None:
    _here, server = doubted
    server.change, why = LIES[lie]
    try:
        refused(doubted, why)
    finally:
        server.change = changed()


def test_a_signature_that_does_not_fit_lets_nobody_in(
    awaited: tuple[Office, LoginServer], key: Key, other: Key
) -> None:
    ours, theirs = {"alg": "RS256", "kid": "k1"}, {"alg": "RS256", "kid": "k2"}
    forged: list[tuple[Callable[[dict[str, Any]], str], str]] = [
        (unsigned, "signed by none"),
        (by_public_key(key), "signed by HS256"),
        (lambda claims: other.signed(ours, claims), "signature does not fit"),
        (lambda claims: other.signed(theirs, claims), "does not publish"),
        (lambda claims: key.signed(ours, claims)[:-8], "cannot be believed"),
        (lambda claims: "a.b", "no token"),
        (lambda claims: key.signed({"alg": "ES256", "kid": "k1"}, claims), "cannot be read"),
    ]
    for token, why in forged:
        awaited[1].token = token
        refused(awaited, why)


def test_clocks_may_differ_by_two_minutes(awaited: tuple[Office, LoginServer]) -> None:
    here, server = awaited
    server.change = changed(iat=AT + 119, exp=AT + 200)
    assert sign_on(here, server).status_code == 303
    server.change = changed(iat=AT - 300, exp=AT - 119)
    assert sign_on(here, server).status_code == 303


def test_a_new_key_is_fetched_and_not_more_often_than_once_a_minute(
    awaited: tuple[Office, LoginServer], other: Key
) -> None:
    here, server = awaited
    assert sign_on(here, server).status_code == 303
    server.key, server.published = other, [other.public()]
    assert sign_on(here, server).status_code == 401, "asked a moment ago"
    here.steady[0] += 61
    assert sign_on(here, server).status_code == 303
    assert server.asked.count("/keys") == 2
    assert server.asked.count("/.well-known/openid-configuration") == 1


def test_a_stolen_state_opens_nothing(awaited: tuple[Office, LoginServer]) -> None:
    here, server = awaited
    address = server.authorize(here.client.get("/login/sso").headers["location"])
    key = here.client.cookies["kentongan-login"]
    here.client.cookies.clear()  # another browser is sent there
    assert here.client.get(address).status_code == 401
    here.client.cookies.set("kentongan-login", key, path="/login/sso")
    assert here.client.get(address).status_code == 401, "tried once, it is good for nobody any more"
    assert here.accounts.kept["dewi"].proof == AWAITED


def test_an_answer_is_good_once_and_for_ten_minutes(awaited: tuple[Office, LoginServer]) -> None:
    here, server = awaited
    begun = here.client.get("/login/sso").headers["location"]
    key = here.client.cookies["kentongan-login"]
    address = server.authorize(begun)
    assert here.client.get(address).status_code == 303
    here.client.cookies.clear()
    here.client.cookies.set("kentongan-login", key, path="/login/sso")
    assert here.client.get(address).status_code == 401
    late = server.authorize(here.client.get("/login/sso").headers["location"])
    here.later(LASTS + timedelta(seconds=1))
    assert here.client.get(late).status_code == 401


def test_what_comes_from_elsewhere_is_refused(awaited: tuple[Office, LoginServer]) -> None:
    here, server = awaited
    for spoil in (
        lambda address: address.replace("iss=", "iss=https%3A%2F%2Fevil.example&x="),
        lambda address: address.partition("&iss=")[0],
        lambda address: address.replace("code=", "error=access_denied&x="),
        lambda address: address.replace("code=", "code=guessed"),
        lambda address: address.replace("state=", "state=guessed"),
    ):
        address = server.authorize(here.client.get("/login/sso").headers["location"])
        back = here.client.get(spoil(address))
        assert (back.status_code, "access_denied" in back.text) == (401, False)
    assert here.client.get("/login/sso?to=//evil.example").status_code == 303
    assert sign_on(here, server, "//evil.example").headers["location"] == "/"


@pytest.mark.parametrize(
    ("discovery", "why"),
    [
        ({"issuer": "https://evil.example"}, "calls itself otherwise"),
        ({"token_endpoint": "http://10.0.0.1/token"}, "calls itself otherwise"),
        ({"jwks_uri": 7}, "calls itself otherwise"),
    ],
)
def test_a_server_that_is_another_is_not_asked(key: Key, discovery: dict[str, Any], why: str) -> None:
    with house(key) as (here, server):
        server.discovery = discovery
        answer = here.client.get("/login/sso")
        assert (answer.status_code, why in answer.text) == (502, True)


def test_a_server_that_is_gone_says_what_to_do() -> None:
    with pytest.raises(SignOnError, match="Log in by name and password"):
        Asking(Client("http://127.0.0.1:1", CLIENT, BACK), lambda: 0.0).provider()


def test_begun_logins_do_not_pile_up() -> None:
    begun = BegunLogins()
    first = begun.begin("/", NOW)
    for _login in range(1000):
        begun.begin("/", NOW)
    assert begun.take(first[0], first[1], NOW) is None
    last = begun.begin("/", NOW)
    assert begun.take(last[0], "guessed", NOW) is None


def test_who_came_by_single_sign_on_has_no_password(awaited: tuple[Office, LoginServer]) -> None:
    here, server = awaited
    sign_on(here, server)
    for password in (AWAITED, proof_of(server.issuer, "a1"), ""):
        assert here.enter("dewi", password) == 401
