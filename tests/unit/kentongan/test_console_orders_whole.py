"""An order of the console is carried out and in the journal, or it is neither: whatever fails between the two."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from console.entrance import Entrance
from console.passwords import Passwords
from console.ports import OrderFailedError
from console.store import SqlAccounts, SqlSessions
from domain.accounts import Account
from domain.incidents import Act, ActKind, Cause, CauseKind, Condition, Incident, Member, Urgency
from domain.network import PersonRole
from domain.secrets import Secret
from kentongan.console_adapters.accounts import Accounts
from kentongan.console_adapters.orders import EngineOrders
from kentongan.console_adapters.tokens import Tokens
from kentongan.file_lock import is_held
from kentongan.incidents import order
from kentongan.installation import Installation
from kentongan.run_lock import RunLock
from kentongan.settings import load_settings
from kentongan.store.commands import CommandState
from kentongan.store.faults import DatabaseFullError
from kentongan.words import speak

AT = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
WORDS = "empat kata yang mudah"
CHEAP = Passwords(rounds=1, kibibytes=64)


@pytest.fixture(scope="module")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    speak("en")
    file: Path = tmp_path_factory.mktemp("orders-whole") / "kentongan.toml"
    file.write_text("", encoding="utf-8")
    with Installation(load_settings(file, {}), "test").prepare() as made:
        fault = Incident("plrd-0001", Condition.OUTAGE, Cause(CauseKind.DEVICE, "rtr"), "icmp-silent", Urgency.PAGE, AT,
                         AT, (Member("rtr", AT),))  # fmt: skip
        made.incidents.save([fault])
        SqlAccounts(made.database.engine).put(Account("siti", PersonRole.ADMIN, proof=CHEAP.proof_of(Secret(WORDS))))
        SqlAccounts(made.database.engine).put(Account("asep", PersonRole.NOC))
        yield made


@pytest.fixture
def full(monkeypatch: pytest.MonkeyPatch, installation: Installation) -> pytest.MonkeyPatch:
    """The disk takes everything but the journal, which comes last."""

    def record_in(*_given: Any) -> None:
        raise DatabaseFullError("no room")

    monkeypatch.setattr(installation.journal, "record_in", record_in)
    return monkeypatch


@pytest.fixture
def entrance(installation: Installation, monkeypatch: pytest.MonkeyPatch) -> Entrance:
    monkeypatch.setattr("kentongan.console_adapters.accounts.Passwords", lambda: CHEAP)
    return Accounts(installation).entrance()


def note(text: str, kind: ActKind = ActKind.NOTE) -> Act:
    return Act("plrd-0001", AT, "siti", kind, text)


def journal(installation: Installation) -> list[tuple[str, str]]:
    return [(each.actor, each.action) for each in installation.journal.read(0, 100)]


def test_a_note_that_cannot_be_audited_is_not_written(installation: Installation, full: pytest.MonkeyPatch) -> None:
    with pytest.raises(DatabaseFullError):
        EngineOrders(installation).act(note("penuh"))
    assert installation.acts.of("plrd-0001") == ()
    full.undo()
    EngineOrders(installation).act(note("ada tempat"), token="t1")
    assert [each.text for each in installation.acts.of("plrd-0001")] == ["ada tempat"]
    (entry,) = installation.journal.of(["incident.note"])
    assert (entry.actor, entry.detail) == ("siti", {"text": "ada tempat", "by": "api", "token": "t1"})
    assert installation.acts.verify().findings == ()


def test_a_head_that_cannot_be_moved_on_is_no_refusal(
    installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The order stands in the database by then; the head may lag."""

    def anchor(_head: object) -> bool:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(installation.acts, "anchor", anchor)
    before = len(installation.acts.of("plrd-0001"))
    assert order(installation, note("kepala tertinggal")) == ()
    assert len(installation.acts.of("plrd-0001")) == before + 1


def test_the_engine_hears_of_no_order_that_is_not_audited(installation: Installation, full: pytest.MonkeyPatch) -> None:
    with RunLock(installation.loaded.folder / "run.lock"):
        with pytest.raises(DatabaseFullError):
            EngineOrders(installation).act(note("penuh", ActKind.ACKNOWLEDGED))
        assert installation.commands.take() == ()
        full.undo()
        full.setattr(installation.commands, "wait", lambda number, _seconds: installation.commands.get(number))
        with pytest.raises(OrderFailedError, match="The order waits"):
            EngineOrders(installation).act(note("tunggu", ActKind.ACKNOWLEDGED))
        assert journal(installation)[-1] == ("siti", "incident.acknowledged"), "it may be carried out later"
        (taken,) = installation.commands.take()
        installation.commands.finish(taken.id, {"error": "sudah pulih"}, 0.0, failed=True)
        full.setattr(installation.commands, "wait", lambda *_given: installation.commands.get(taken.id))
        assert installation.commands.get(taken.id).state is CommandState.FAILED
        with pytest.raises(OrderFailedError, match="sudah pulih"):
            EngineOrders(installation).act(note("lagi", ActKind.ACKNOWLEDGED))
        assert journal(installation)[-1] == ("siti", "incident.acknowledged refused")


def test_who_looks_whether_it_runs_is_not_taken_for_it(installation: Installation) -> None:
    lock = installation.loaded.folder / "run.lock"
    assert not is_held(lock.with_name("nowhere.lock"))
    assert not is_held(lock)
    with RunLock(lock):
        held = lock.read_text(encoding="ascii")
        assert is_held(lock)
        assert lock.read_text(encoding="ascii") == held != ""
    assert not is_held(lock)


def test_an_account_that_cannot_be_audited_stays_as_it_was(
    installation: Installation, entrance: Entrance, full: pytest.MonkeyPatch
) -> None:
    accounts, store = Accounts(installation, "siti"), SqlAccounts(installation.database.engine)
    before = store.all()
    orders = (
        lambda: accounts.change("asep", PersonRole.ENGINEER, None, None),
        lambda: accounts.reset("asep"),
        lambda: accounts.remove("asep"),
        lambda: accounts.add("baru", PersonRole.VIEWER, ()),
        lambda: accounts.log_out("asep"),
        lambda: Tokens(installation, "siti").add("asep", 1, read_only=True, note=""),
    )
    for each in orders:
        with pytest.raises(DatabaseFullError):
            each()
    assert store.all() == before
    assert Tokens(installation).of("asep") == ()
    assert entrance.still("", AT) is None


def test_nobody_is_let_in_and_no_password_changed_unseen(
    installation: Installation, entrance: Entrance, full: pytest.MonkeyPatch
) -> None:
    sessions = SqlSessions(installation.database.engine)
    with pytest.raises(DatabaseFullError):
        entrance.enter("siti", Secret(WORDS), AT)
    assert sessions.counted(AT.replace(year=2000), AT.replace(year=2000)) == {}
    full.undo()
    key, _session = entrance.enter("siti", Secret(WORDS), AT)
    visitor = entrance.who(key, AT)
    assert visitor is not None

    def record_in(*_given: Any) -> None:
        raise DatabaseFullError("no room")

    full.setattr(installation.journal, "record_in", record_in)
    with pytest.raises(DatabaseFullError):
        entrance.change_password(visitor, Secret(WORDS), Secret("lima kata yang lebih sukar"))
    assert entrance.who(key, AT) is not None, "the session goes on, with the password of before"
    with pytest.raises(DatabaseFullError):
        entrance.leave(visitor)
    full.undo()
    assert entrance.who(key, AT) is not None
    entrance.leave(visitor)
    assert entrance.who(key, AT) is None
    assert journal(installation)[-2:] == [("siti", "console logged in"), ("siti", "console logged out")]
