"""Accounts and tokens as the console changes them in a real database: kept, in the journal, never without a keeper."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from console.external import AWAITED
from console.passwords import Passwords
from console.ports.people import AccountChange, PeopleBook, RefusedError
from console.store import SqlAccounts, SqlSessions
from domain.accounts import Session
from domain.network import Person, PersonRole
from domain.secrets import Secret
from kentongan.console_adapters.accounts import Accounts
from kentongan.console_adapters.people import people_book
from kentongan.installation import Installation
from kentongan.settings import load_settings
from kentongan.words import speak


@pytest.fixture(scope="module")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    speak("en")
    folder: Path = tmp_path_factory.mktemp("people")
    file = folder / "kentongan.toml"
    file.write_text("", encoding="utf-8")
    with Installation(load_settings(file, {}), "test").prepare() as made:
        made.regions.load_all()
        home = made.regions.get("32.14")
        assert home is not None
        made.regions.set_home(home.code)
        yield made


@pytest.fixture
def book(installation: Installation, monkeypatch: pytest.MonkeyPatch) -> Iterator[PeopleBook]:
    monkeypatch.setattr("kentongan.console_adapters.accounts.Passwords", lambda: Passwords(rounds=1, kibibytes=64))
    store = SqlAccounts(installation.database.engine)
    yield people_book(installation)
    for account in store.all():
        store.remove(account.name)


def said(installation: Installation) -> list[tuple[str, str, str]]:
    return [(each.actor, each.action, each.subject) for each in installation.journal.read(0, 4)]


def test_the_last_keeper_stays(installation: Installation, book: PeopleBook) -> None:
    accounts = book.accounts
    accounts.add("test", "siti", PersonRole.ADMIN, (), single_sign_on=False)
    accounts.add("siti", "asep", PersonRole.ADMIN, ("32.14.05",), single_sign_on=False)
    for change in (
        AccountChange(role=PersonRole.NOC),
        AccountChange(disabled=True),
        AccountChange(regions=("32.14.05",)),
    ):
        with pytest.raises(RefusedError, match="last administrator"):
            accounts.change("siti", "siti", change)
    with pytest.raises(RefusedError, match="last administrator"):
        accounts.remove("asep", "siti")
    accounts.change("siti", "asep", AccountChange(regions=()))
    accounts.remove("asep", "siti")
    assert said(installation)[-1] == ("asep", "account removed", "siti")


def test_what_is_removed_takes_its_sessions_and_tokens_with_it(installation: Installation, book: PeopleBook) -> None:
    now = datetime.now(UTC)
    book.accounts.add("test", "siti", PersonRole.ADMIN, (), single_sign_on=False)
    book.accounts.add("siti", "tamu", PersonRole.VIEWER, (), single_sign_on=False)
    sessions = SqlSessions(installation.database.engine)
    sessions.put(Session("a" * 64, "tamu", "k", now, now))
    sessions.put(Session("b" * 64, "tamu", "k", now - timedelta(days=8), now))
    book.tokens.add("tamu", "tamu", 7, read_only=True, note="")
    assert book.accounts.sessions() == {"tamu": 1}, "one of them is too old to count"
    book.accounts.change("siti", "tamu", AccountChange(logged_out=True))
    assert book.accounts.sessions() == {}
    book.accounts.remove("siti", "tamu")
    assert book.tokens.of(None) == ()
    assert said(installation)[-2:] == [("siti", "account removed", "tamu"), ("siti", "token revoked", "tamu")]


def test_an_account_is_unlocked_and_a_password_made_anew(installation: Installation, book: PeopleBook) -> None:
    book.accounts.add("test", "siti", PersonRole.ADMIN, (), single_sign_on=False)
    store = SqlAccounts(installation.database.engine)
    store.put(replace(book.accounts.all()[0], failures=9, locked_until=datetime.now(UTC) + timedelta(hours=1)))
    assert book.accounts.change("siti", "siti", AccountChange(unlocked=True)).locked_until is None
    password = book.accounts.reset("siti", "siti")
    assert Accounts(installation).entrance().enter("siti", password, datetime.now(UTC))


def test_who_comes_by_single_sign_on_has_no_password(installation: Installation, book: PeopleBook) -> None:
    assert book.accounts.add("test", "dewi", PersonRole.NOC, (), single_sign_on=True) is None
    assert book.accounts.all()[0].proof == AWAITED
    with pytest.raises(RefusedError, match="no password"):
        book.accounts.reset("test", "dewi")
    with pytest.raises(Exception, match="Name or password"):
        Accounts(installation).entrance().enter("dewi", Secret(AWAITED), datetime.now(UTC))


@pytest.mark.parametrize(
    ("name", "role", "regions"),
    [
        ("", PersonRole.NOC, ()),
        ("x" * 101, PersonRole.NOC, ()),
        ("a\x00b", PersonRole.NOC, ()),
        ("nobody of people.csv", None, ()),
        ("tamu", PersonRole.NOC, ("99.99",)),
    ],
)
def test_what_cannot_be_made(book: PeopleBook, name: str, role: PersonRole | None, regions: tuple[str, ...]) -> None:
    with pytest.raises(RefusedError):
        book.accounts.add("test", name, role, regions, single_sign_on=False)
    assert book.accounts.all() == ()


def test_the_roster_knows_hours_and_when_somebody_left(installation: Installation, book: PeopleBook) -> None:
    left = date(2020, 1, 1)
    people = (
        Person("asep", PersonRole.NOC, duty_hours="24 jam", channel="wa:62811"),
        Person("budi", PersonRole.NOC, duty_hours="24 jam", valid_to=left),
        Person("cici", PersonRole.NOC, duty_hours="kalau sempat"),
    )
    installation.inventory.write(people)
    found = {each.name: each for each in book.duty.roster()}
    assert [(each.now, bool(each.problem), each.way) for each in found.values()] == [
        (True, False, "wa"), (True, True, ""), (False, False, ""),
    ]  # fmt: skip
    installation.inventory.remove(people)
