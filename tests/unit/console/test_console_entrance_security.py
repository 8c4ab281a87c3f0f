"""The door against whoever guesses, shuts others out, keeps what has ended, or comes with a clock that jumped."""

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path

import pytest

from console.entrance import MOST_SESSIONS, NOWHERE, Entrance, Whence, hash_of
from console.errors import NotEnteredError
from console.passwords import Passwords
from console.store import SqlAccounts, SqlSessions
from console.tokens import TokenDoor, made_token
from console.web.login import BROWSER_COOKIE, own_path
from domain.accounts import Account, is_locked
from domain.network import Person, PersonRole
from domain.secrets import Secret
from kentongan.console_adapters import terms
from kentongan.console_adapters.accounts import Accounts
from kentongan.console_adapters.tokens import Tokens
from kentongan.installation import Installation
from kentongan.settings import load_settings
from tests.unit.console.console_office import NOW, PASSWORD, MemoryAccounts, MemorySessions, MemoryTokens, office

CHEAP = Passwords(rounds=1, kibibytes=64)
PROOF = CHEAP.proof_of(Secret(PASSWORD))


@dataclass
class Door:
    accounts: MemoryAccounts = field(
        default_factory=lambda: MemoryAccounts({"siti": Account("siti", PersonRole.NOC, proof=PROOF)})
    )
    sessions: MemorySessions = field(default_factory=MemorySessions)
    journal: list[tuple[str, str, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.entrance = Entrance(self.accounts, self.sessions, self.audit, CHEAP)

    def audit(self, action: str, account: str, address: str = "") -> None:
        self.journal.append((action, account, address))

    def tries(self, name: str, password: str, whence: Whence = NOWHERE, after: timedelta = timedelta()) -> str:
        """The key, or why nobody came in."""
        try:
            return self.entrance.enter(name, Secret(password), NOW + after, whence)[0]
        except NotEnteredError as refused:
            return f"no: {refused}"


@pytest.fixture
def door() -> Door:
    return Door()


def test_a_name_that_nobody_has_is_locked_as_one_that_is_known(door: Door) -> None:
    heard = {name: [door.tries(name, "wrong") for _try in range(7)] for name in ("siti", "nobody", "no\x00body")}
    assert heard["siti"] == heard["nobody"] == heard["no\x00body"]
    assert "Too many" in heard["nobody"][-1]
    assert {account for _action, account, _address in door.journal} == {"siti", ""}


def test_strangers_do_not_shut_out_who_was_here_before(door: Door) -> None:
    _key, session = door.entrance.enter("siti", Secret(PASSWORD), NOW)
    known = Whence("10.0.0.7", door.entrance.known_browser(session))
    for n in range(200):
        door.tries("siti", f"guess {n}", Whence("203.0.113.9"), timedelta(minutes=n))
    later = timedelta(minutes=200)
    assert "Too many" in door.tries("siti", PASSWORD, Whence("203.0.113.9"), later)
    assert "no: " not in door.tries("siti", PASSWORD, known, later)
    # A browser that was stolen guesses no more than a few times.
    heard = [door.tries("siti", "guess", known, timedelta(days=2)) for _try in range(20)]
    assert "Too many" in heard[-1]
    # A new password ends what browsers have, and none is good for another account.
    door.accounts.put(replace(door.accounts.kept["siti"], proof=CHEAP.proof_of(Secret("another one"))))
    door.accounts.put(Account("wati", PersonRole.NOC, proof=PROOF, failures=9, locked_until=NOW + timedelta(minutes=9)))
    assert "Too many" in door.tries("wati", PASSWORD, known)
    for forged in ("", ".", "x.y", known.browser[:-1]):
        assert "Too many" in door.tries("wati", PASSWORD, Whence("", forged))


def test_wrong_passwords_side_by_side_are_all_counted(door: Door) -> None:
    tries = [threading.Thread(target=door.tries, args=("siti", f"guess {n}")) for n in range(20)]
    for each in tries:
        each.start()
    for each in tries:
        each.join()
    # Two are proved at a time: when the fifth wrong one is counted, one more may be on its way.
    assert 5 <= door.accounts.kept["siti"].failures <= 6
    assert is_locked(door.accounts.kept["siti"], NOW)


def test_whoever_is_closed_while_a_password_is_proved_stays_closed(door: Door) -> None:
    class Closing(Passwords):
        def proves(self, proof: str, password: Secret) -> bool:
            door.accounts.put(replace(door.accounts.kept["siti"], disabled=True, role=PersonRole.VIEWER))
            return super().proves(proof, password)

    door.entrance = Entrance(door.accounts, door.sessions, door.audit, Closing(rounds=1, kibibytes=64))
    door.tries("siti", "wrong")
    after = door.accounts.kept["siti"]
    assert (after.disabled, after.role, after.failures) == (True, PersonRole.VIEWER, 1)
    key = door.tries("siti", PASSWORD)
    assert door.entrance.who(key, NOW) is None


def test_a_lock_of_a_clock_that_was_ahead_opens(door: Door) -> None:
    ahead = NOW + timedelta(days=1500)
    locked = Account("siti", PersonRole.NOC, failures=20, locked_until=ahead + timedelta(hours=4))
    assert is_locked(locked, ahead)
    assert not is_locked(locked, NOW)
    # and one that costs a minute does not cost two hours because the clock is set back by so much
    for _try in range(5):
        door.tries("siti", "wrong", after=timedelta(hours=2))
    assert "in 1 minutes" in door.tries("siti", PASSWORD, after=timedelta(hours=2))
    assert "no: " not in door.tries("siti", PASSWORD)


def test_what_a_clock_made_that_was_ahead_is_no_longer_good(door: Door) -> None:
    key, _session = door.entrance.enter("siti", Secret(PASSWORD), NOW)
    assert door.entrance.who(key, NOW - timedelta(hours=2)) is not None
    assert door.entrance.who(key, NOW - timedelta(days=1500)) is None
    tokens = MemoryTokens()
    gate = TokenDoor(door.accounts, tokens, lambda _id: True, lambda _address: True)
    sent, token = made_token("siti", NOW, timedelta(days=30))
    tokens.put(token)
    assert gate.who(sent.reveal(), NOW) is not None
    assert gate.who(sent.reveal(), NOW + timedelta(days=31)) is None
    assert gate.who(sent.reveal(), NOW - timedelta(days=1500)) is None, "it had expired, and the clock fell back"


def test_an_older_proof_is_made_anew_at_the_next_login(door: Door) -> None:
    door.entrance = Entrance(door.accounts, door.sessions, door.audit, Passwords(rounds=2, kibibytes=128))
    assert "no: " not in door.tries("siti", PASSWORD)
    assert "m=128,t=2" in door.accounts.kept["siti"].proof
    assert "no: " not in door.tries("siti", PASSWORD)


def test_one_password_whatever_keyboard_writes_it(door: Door) -> None:
    composed, apart = "caf\u00e9 pagi hari", "cafe\u0301 pagi hari"
    assert CHEAP.proves(CHEAP.proof_of(Secret(composed)), Secret(apart))
    assert not CHEAP.proves(CHEAP.proof_of(Secret(composed)), Secret("cafe pagi hari"))
    assert CHEAP.proves(CHEAP.proof_of(Secret("a\x00b" + "x" * 200)), Secret("a\x00b" + "x" * 200))
    assert not CHEAP.proves(CHEAP.proof_of(Secret("a\x00b")), Secret("a\x00c")), "nothing is cut at a zero"


def test_the_oldest_session_ends_where_there_are_too_many(door: Door) -> None:
    keys = [door.tries("siti", PASSWORD, after=timedelta(seconds=n)) for n in range(MOST_SESSIONS + 3)]
    good = [door.entrance.still(key, NOW + timedelta(minutes=5)) is not None for key in keys]
    assert good == [False] * 3 + [True] * MOST_SESSIONS


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    file = tmp_path_factory.mktemp("door") / "kentongan.toml"
    file.write_text("", encoding="utf-8")
    with Installation(load_settings(Path(file), {}), "test").prepare() as made:
        yield made


def test_what_was_ended_meanwhile_does_not_come_back(kept: Installation) -> None:
    accounts, sessions = SqlAccounts(kept.database.engine), SqlSessions(kept.database.engine)
    accounts.put(Account("siti", PersonRole.NOC, proof=PROOF, agencies=("Dinas Pendidikan",)))
    door = Door(accounts, sessions)  # type: ignore[arg-type]
    keys = [door.tries("siti", PASSWORD, after=timedelta(seconds=n)) for n in range(3)]
    stale = sessions.get(hash_of(keys[0]))
    assert stale is not None
    sessions.end_of("siti", but_newest=1)
    sessions.seen(stale.key_hash, NOW + timedelta(hours=1))  # by a page that was under way
    assert [door.entrance.still(key, NOW) is not None for key in keys] == [False, False, True]
    accounts.attempted("siti", 3, NOW)
    accounts.prove("siti", "new", must_change=True)
    after = accounts.get("siti")
    assert after == Account(
        "siti", PersonRole.NOC, (), "new", True, False, 3, NOW, ("Dinas Pendidikan",)
    )  # fmt: skip
    accounts.attempted("nobody", 3, NOW)
    assert [each.name for each in accounts.all()] == ["siti"]


@pytest.mark.parametrize(
    "to",
    ["//evil.example", "/\\evil.example", "/\t/evil.example", "\t//evil.example", "https:evil.example",
     "///evil.example", "/\n//evil.example", "javascript:alert(1)", "//evil.example/%2e", "\\\\evil.example",
     "/ /evil.example\r\nX: y"],
)  # fmt: skip
def test_nothing_leads_elsewhere(to: str) -> None:
    with office() as here:
        for answer in (
            here.client.get("/language/en", params={"to": to}),
            here.client.post("/login", data={"name": "noc", "password": PASSWORD, "to": to}),
        ):
            found = answer.headers["location"]
            assert found.startswith("/"), found
            assert not found.startswith(("//", "/\\")), found
            assert "x" not in answer.headers
    assert own_path("/incidents?ended=true#x") == "/incidents?ended=true#x"


def test_the_new_session_takes_the_place_of_the_old_one() -> None:
    with office() as here:
        here.enter("noc")
        first = here.client.cookies["kentongan"]
        assert here.client.post("/login", data={"name": "noc", "password": PASSWORD}).status_code == 303
        assert here.client.cookies["kentongan"] != first
        assert list(here.sessions.kept) == [hash_of(here.client.cookies["kentongan"])]
        assert here.client.cookies.get(BROWSER_COOKIE)
        # A key that somebody else has set before is never taken for the session.
        here.client.cookies.clear()
        here.client.cookies.set("kentongan", "chosen-by-somebody")
        answer = here.client.post("/login", data={"name": "noc", "password": PASSWORD})
        assert "chosen-by-somebody" not in answer.headers["set-cookie"]
        assert hash_of("chosen-by-somebody") not in here.sessions.kept


def test_nobody_comes_in_after_the_last_day_of_the_role(kept: Installation, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(terms, "FRESH_SECONDS", 0.0)
    today = kept.today()
    for name, last in (("dewi", today), ("budi", today - timedelta(days=1)), ("asep", None)):
        kept.inventory.write([Person(name, PersonRole.NOC, valid_to=last)])
        SqlAccounts(kept.database.engine).put(Account(name, PersonRole.NOC, proof=PROOF))
    accounts, tokens = Accounts(kept, "test"), Tokens(kept, "test")
    now, entrance = kept.clock.now().utc, accounts.entrance()
    came = {}
    for name in ("dewi", "budi", "asep"):
        sent, _token = tokens.add(name, 1, read_only=True, note="")
        came[name] = tokens.door().who(sent.reveal(), now) is not None
        key, _session = entrance.begin(Account(name, PersonRole.NOC), now, "logged in")
        assert (entrance.who(key, now) is not None) is came[name]
    assert came == {"dewi": True, "budi": False, "asep": True}
    kept.inventory.write([Person("budi", PersonRole.NOC, valid_to=today)])
    key, _session = entrance.begin(Account("budi", PersonRole.NOC), now, "logged in")
    assert entrance.who(key, now) is not None
    budi = accounts.get("budi")
    assert not budi.disabled, "nothing was written"
    sent, _token = tokens.add("budi", 1, read_only=True, note="")
    assert tokens.door().who(sent.reveal(), now) is not None
