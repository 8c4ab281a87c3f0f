"""Accounts, sessions and tokens of the console over restarts, on both engines: proofs and hashes alone."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from console.store import SqlAccounts, SqlSessions, SqlTokens
from domain.accounts import AccessToken, Account, Session
from domain.network import PersonRole, RegionCode
from kentongan.database import Database

NOW = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)
REGIONS = (RegionCode("32.14.05"), RegionCode("32.14.10"))


def test_accounts_are_kept_as_they_were_put(database: Database) -> None:
    store = SqlAccounts(database.engine)
    locked = Account("Asep Sunandar", PersonRole.NOC, REGIONS, "$argon2id$", True, False, 6, NOW)
    for account in (Account("zul", PersonRole.ADMIN), locked):
        store.put(account)
    store.put(Account("zul", PersonRole.VIEWER, disabled=True))
    again = SqlAccounts(database.engine)
    assert again.all() == (locked, Account("zul", PersonRole.VIEWER, disabled=True))
    again.remove("zul")
    assert (again.get("zul"), again.get("Asep Sunandar")) == (None, locked)


def test_sessions_end_by_key_by_account_and_by_age(database: Database) -> None:
    store = SqlSessions(database.engine)
    for key, account, hours in (("a", "asep", 0), ("b", "asep", 1), ("c", "budi", 30), ("d", "budi", 2)):
        store.put(Session(key, account, f"form-{key}", NOW, NOW - timedelta(hours=hours)))
    store.put(Session("d", "budi", "form-d", NOW, NOW))
    assert store.get("d") == Session("d", "budi", "form-d", NOW, NOW)
    assert store.prune(NOW - timedelta(hours=12), NOW - timedelta(days=7)) == 1
    store.end_of("asep")
    assert [key for key in "abcd" if store.get(key)] == ["d"]
    store.end("d")
    assert store.get("d") is None


def test_tokens_are_found_by_key_by_number_and_by_account(database: Database) -> None:
    store = SqlTokens(database.engine)
    first = AccessToken("a1", "hash-1", "asep", True, "peta", NOW, NOW + timedelta(days=90))
    second = AccessToken("b2", "hash-2", "asep", False, "", NOW + timedelta(hours=1), NOW + timedelta(days=1), NOW)
    for token in (second, first, AccessToken("c3", "hash-3", "budi", True, "", NOW, NOW)):
        store.put(token)
    assert store.of("asep") == (first, second)
    assert (store.get("hash-2"), store.find("a1"), store.get("hash-9"), store.find("z")) == (second, first, None, None)
    store.mark_used("a1", NOW)
    store.mark_used("gone", NOW)
    assert store.find("a1") == replace(first, used_at=NOW)
    store.remove("a1")
    assert store.of("asep") == (second,)
