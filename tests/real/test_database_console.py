"""Accounts and sessions of the console over restarts, on both engines: proofs and hashes alone."""

from datetime import UTC, datetime, timedelta

from console.store import SqlAccounts, SqlSessions
from domain.accounts import Account, Session
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
