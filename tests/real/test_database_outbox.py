"""The outbox over restarts, on both engines: once is enough, order is kept, nothing vanishes unseen."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from alerts.dispatch import Fate, Message, message_id
from alerts.dispatch.memory import Memory
from alerts.store.outbox import SqlOutbox
from alerts.store.tellings import SqlTellings
from kentongan.database import Database

T0 = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)


def message(topic: str, count: int, channel: str = "telegram:-100", *, after: str = "") -> Message:
    event = "resolved" if after else "opened"
    notice = f"{topic}-{count}-{event}"
    payload = {"text": "PUTUS · kita", "body": {"version": 1}}
    return Message(message_id(notice, channel), topic, channel, event, "new", T0, payload, "Dedi", after)


def test_a_message_comes_back_as_it_was_and_in_order(database: Database) -> None:
    outbox = SqlOutbox(database.engine)
    first, second, other = message("a", 1), message("a", 2, after="x"), message("b", 1, "mailto:x@y.example")
    with database.transaction() as connection:
        outbox.put_in(connection, [first, other])
        outbox.put_in(connection, [second])
    waiting = SqlOutbox(database.engine).waiting(10)
    assert [out.message for out in waiting] == [first, other, second]
    assert [out.message for out in outbox.waiting(1)] == [first, other]


def test_what_was_decided_twice_is_told_once(database: Database) -> None:
    outbox = SqlOutbox(database.engine)
    outbox.put([message("a", 1)])
    outbox.end(outbox.waiting(1)[0].number, Fate.DELIVERED, 1, "", T0)
    outbox.put([replace(message("a", 1), payload={"text": "changed"})])
    assert outbox.waiting(10) == ()
    assert outbox.about("a")[0].message.payload["text"] == "PUTUS · kita"


def test_a_decision_that_is_rolled_back_tells_nothing(database: Database) -> None:
    outbox = SqlOutbox(database.engine)
    connection = database.engine.connect()
    with connection.begin() as transaction:
        outbox.put_in(connection, [message("a", 1)])
        transaction.rollback()
    connection.close()
    assert outbox.waiting(10) == ()


def test_an_end_knows_whether_its_beginning_arrived(database: Database) -> None:
    outbox = SqlOutbox(database.engine)
    begin = message("a", 1)
    summary = message("held", 1)
    outbox.put([begin, message("a", 2, after=begin.id), summary, message("b", 2, after=summary.id)])
    first, end, held, told_by_summary = outbox.waiting(10)
    assert outbox.beginning(end) is Fate.WAITING
    outbox.end(first.number, Fate.REFUSED, 1, "", T0)
    assert outbox.beginning(end) is Fate.NOT_ANNOUNCED
    outbox.end(held.number, Fate.DELIVERED, 1, "", T0)
    assert outbox.beginning(told_by_summary) is Fate.DELIVERED
    assert outbox.beginning(end) is Fate.NOT_ANNOUNCED
    outbox.put([message("a", 3), message("a", 4, after=begin.id)])
    update, later_end = outbox.waiting(10)[-2:]
    outbox.end(update.number, Fate.DELIVERED, 1, "", T0)
    assert outbox.beginning(later_end) is Fate.DELIVERED, "something of it arrived, so its end is worth telling"


def test_what_does_not_arrive_is_shown_until_it_does(database: Database) -> None:
    outbox = SqlOutbox(database.engine)
    outbox.put([message("a", 1), message("b", 1), message("c", 1)])
    first, second, _third = outbox.waiting(10)
    outbox.postpone(first.number, 3, "HTTP 500")
    outbox.end(second.number, Fate.GIVEN_UP, 40, "nobody there", T0)
    shown = outbox.undelivered(10)
    assert [(sent.message.topic, sent.fate, sent.tried, sent.error) for sent in shown] == [
        ("b", Fate.GIVEN_UP, 40, "nobody there"),
        ("a", Fate.WAITING, 3, "HTTP 500"),
    ]
    outbox.end(first.number, Fate.DELIVERED, 4, "", T0)
    outbox.end(first.number, Fate.REFUSED, 5, "late", T0)  # an end is an end
    assert outbox.about("a")[0].fate is Fate.DELIVERED
    assert outbox.counts() == {Fate.DELIVERED: 1, Fate.GIVEN_UP: 1, Fate.WAITING: 1}


def test_a_dead_receiver_keeps_no_more_than_its_share(database: Database) -> None:
    outbox = SqlOutbox(database.engine)
    outbox.put([message(f"i{n}", 1) for n in range(8)] + [message("z", 1, "mailto:x@y.example")])
    assert outbox.trim(5, T0) == 3
    assert outbox.trim(5, T0) == 0
    assert [out.message.topic for out in outbox.waiting(9)] == ["i3", "i4", "i5", "i6", "i7", "z"]
    assert {sent.fate for sent in outbox.about("i0")} == {Fate.DROPPED}


def test_retention_takes_what_has_ended(database: Database) -> None:
    outbox = SqlOutbox(database.engine)
    outbox.put([message("a", 1), message("b", 1)])
    outbox.end(outbox.waiting(1)[0].number, Fate.DELIVERED, 1, "", T0)
    assert outbox.prune(T0) == 0
    assert outbox.prune(T0 + timedelta(seconds=1)) == 1
    assert [out.message.topic for out in outbox.waiting(9)] == ["b"]


def test_what_telling_remembers_is_kept_and_forgotten(database: Database) -> None:
    tellings = SqlTellings(database.engine)
    tellings.save(
        [Memory("incident", "a", {"step": 1}), Memory("incident", "a", {"step": 2}), Memory("digest", "", {"on": "x"})]
    )
    assert tellings.read() == (Memory("digest", "", {"on": "x"}), Memory("incident", "a", {"step": 2}))
    tellings.save([Memory("incident", "a"), Memory("incident", "nobody")])
    assert tellings.read() == (Memory("digest", "", {"on": "x"}),)
