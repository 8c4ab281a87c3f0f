"""Bad days of the receivers: down, slow, answering 500, hanging up, with limits; killed senders; locked databases."""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Callable, Coroutine, Iterable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from alerts.channels.gateway import Gateway, Template
from alerts.channels.sender import Sender, SenderRules
from alerts.channels.webhook import SIGNATURE, Webhook, signature
from alerts.dispatch import Channel, Fate, Message, message_id
from alerts.dispatch.lanes import Limits
from alerts.dispatch.rate_limits import Backoff, Limit
from alerts.store.outbox import SqlOutbox
from alerts.store.outbox_tables import metadata
from domain.secrets import Secret
from kentongan.clock import SystemClock
from kentongan.database import Database
from tests.real.receivers import BotApi, Receiver

pytestmark = pytest.mark.real

FAST = SenderRules(attempt_seconds=0.5, backoff=Backoff(0.02, 0.1), look_seconds=0.2)


def run(work: Callable[[], Coroutine[Any, Any, None]]) -> None:
    asyncio.run(work())


@pytest.fixture
def database(tmp_path: Path) -> Iterable[Database]:
    with Database(f"sqlite:///{tmp_path / 'outbox.db'}", busy_seconds=0.2) as database:
        metadata.create_all(database.engine)
        yield database


def note(topic: str, count: int, url: str, event: str = "opened", after: str = "") -> Message:
    notice, channel = f"{topic}-{count}-{event}", f"webhook:{url}"
    body = {"version": 1, "id": notice, "event": event}
    return Message(
        message_id(notice, channel), topic, channel, event, "new", datetime.now(UTC), {"body": body}, "", after
    )


@asynccontextmanager
async def sending(
    outbox: SqlOutbox,
    rules: SenderRules = FAST,
    limits: Limits | None = None,
    **channels: Channel,
) -> AsyncIterator[Sender]:
    async with httpx.AsyncClient(timeout=5.0, trust_env=False) as client:
        known: dict[str, Channel] = {"webhook": Webhook(client), **channels}
        for channel in channels.values():
            if isinstance(channel, Gateway):
                channel._client = client
        sender = Sender(outbox, known, lambda channel: limits or Limits(), SystemClock(), rules, lambda s: "(late)")
        await sender.start()
        try:
            yield sender
        finally:
            await sender.stop()


async def until(condition: Callable[[], bool], seconds: float = 15.0) -> None:
    async with asyncio.timeout(seconds):
        while not condition():
            await asyncio.sleep(0.005)


def ids(receiver: Receiver) -> list[str]:
    return [body["id"] for body in receiver.got]


def test_a_message_goes_within_a_moment_of_its_commit(database: Database) -> None:
    async def work() -> None:
        outbox = SqlOutbox(database.engine)
        async with Receiver() as receiver, sending(outbox) as sender:
            await asyncio.sleep(0.1)
            began = time.perf_counter()
            outbox.put([note("a", 1, receiver.url)])
            sender.wake()
            await until(lambda: len(receiver.got) == 1)
            assert time.perf_counter() - began < 0.5
            await until(lambda: outbox.counts() == {Fate.DELIVERED: 1})

    run(work)


def test_a_signed_body_can_be_checked(database: Database) -> None:
    seen: dict[str, str] = {}

    def answer(path: str, headers: dict[str, str], body: bytes) -> tuple[int, dict[str, str], bytes]:
        seen.update(sent=headers[SIGNATURE.lower()], right=f"sha256={signature(Secret('key'), body)}")
        return 204, {}, b""

    async def work() -> None:
        async with httpx.AsyncClient(trust_env=False) as client, Receiver(answer) as receiver:
            await Webhook(client, Secret("key")).deliver(note("a", 1, receiver.url))
        assert seen["sent"] == seen["right"]

    run(work)


@pytest.mark.parametrize("trouble", ["down", "fail", "close", "slow", "garbage"])
def test_a_receiver_in_trouble_gets_everything_in_order_and_others_do_not_wait(
    database: Database, trouble: str
) -> None:
    async def work() -> None:
        outbox = SqlOutbox(database.engine)
        async with Receiver() as bad, Receiver() as good:
            if trouble == "down":
                await bad.close()
            else:
                bad.mode = trouble
            rows = [note(topic, count, bad.url) for count in (1, 2, 3) for topic in "abcde"]
            rows += [note(f"g{count}", 1, good.url) for count in range(20)]
            outbox.put(rows)
            async with sending(outbox) as sender:
                await until(lambda: len(good.got) == 20)
                await until(lambda: sender.tally.failed >= 3)
                assert bad.got == []
                assert f"webhook:{bad.url}" in sender.tally.failing
                assert any(sent.fate is Fate.WAITING and sent.error for sent in outbox.undelivered(50))
                if trouble == "down":
                    await bad.open()
                bad.mode = "ok"
                await until(lambda: len(set(ids(bad))) == 15)
                await until(lambda: outbox.counts() == {Fate.DELIVERED: 35})
                await until(lambda: sender.tally.failing == {})
        for topic in "abcde":
            mine = [id_ for id_ in dict.fromkeys(ids(bad)) if id_.startswith(topic)]
            assert mine == [f"{topic}-{count}-opened" for count in (1, 2, 3)]

    run(work)


def test_an_hour_of_a_dead_receiver_is_a_handful_of_attempts(database: Database) -> None:
    async def work() -> None:
        outbox = SqlOutbox(database.engine)
        async with Receiver(mode="fail") as bad:
            outbox.put([note(f"t{n}", 1, bad.url) for n in range(100)])
            rules = SenderRules(backoff=Backoff(0.2, 60.0), look_seconds=0.05)
            async with sending(outbox, rules):
                await asyncio.sleep(1.5)
                assert bad.asked <= 4 + 4, "a burst at first, then one at a time, twice as long apart"

    run(work)


def test_an_end_without_a_beginning_is_not_told(database: Database) -> None:
    def answer(path: str, headers: dict[str, str], body: bytes) -> tuple[int, dict[str, str], bytes]:
        return (422, {}, b"no") if b"opened" in body else (200, {}, b"")

    async def work() -> None:
        outbox = SqlOutbox(database.engine)
        async with Receiver(answer) as receiver:
            begin = note("a", 1, receiver.url)
            outbox.put([begin, note("a", 2, receiver.url, "resolved", after=begin.id)])
            async with sending(outbox):
                await until(lambda: outbox.counts() == {Fate.REFUSED: 1, Fate.NOT_ANNOUNCED: 1})
            assert receiver.got == []
            assert outbox.undelivered(5)[0].error == "HTTP 422 no"

    run(work)


def test_an_end_waits_for_a_beginning_that_is_still_on_its_way(database: Database) -> None:
    async def work() -> None:
        outbox = SqlOutbox(database.engine)
        async with Receiver(mode="fail") as receiver:
            begin = note("held", 1, receiver.url)
            outbox.put([begin, note("a", 2, receiver.url, "resolved", after=begin.id)])
            async with sending(outbox):
                await until(lambda: receiver.asked >= 3)
                receiver.mode = "ok"
                await until(lambda: len(receiver.got) == 2)
            assert ids(receiver) == ["held-1-opened", "a-2-resolved"]

    run(work)


def test_what_nobody_ever_takes_is_given_up_and_shown(database: Database) -> None:
    async def work() -> None:
        outbox = SqlOutbox(database.engine)
        async with Receiver(mode="fail") as receiver:
            outbox.put([note("a", 1, receiver.url)])
            rules = SenderRules(backoff=Backoff(0.02, 0.05), give_up_seconds=0.4)
            async with sending(outbox, rules) as sender:
                await until(lambda: outbox.counts() == {Fate.GIVEN_UP: 1})
                await until(lambda: sender.tally.given_up == 1)
        assert [(sent.fate, sent.error) for sent in outbox.undelivered(5)] == [(Fate.GIVEN_UP, "HTTP 500 broken")]

    run(work)


def test_a_queue_has_a_bound_and_what_falls_off_is_counted(database: Database) -> None:
    async def work() -> None:
        outbox = SqlOutbox(database.engine)
        async with Receiver(mode="fail") as receiver:
            outbox.put([note(f"t{n:03}", 1, receiver.url) for n in range(120)])
            rules = SenderRules(keep=50, backoff=Backoff(0.05, 0.1), look_seconds=0.05)
            async with sending(outbox, rules) as sender:
                await until(lambda: sender.tally.dropped == 70)
                receiver.mode = "ok"
                await until(lambda: set(outbox.counts()) == {Fate.DELIVERED, Fate.DROPPED})
            assert "t119-1-opened" in ids(receiver), "the newest are the ones worth keeping"

    run(work)


def test_the_limits_of_a_bot_are_kept_and_what_it_asks_for_is_obeyed(database: Database) -> None:
    async def work() -> None:
        outbox = SqlOutbox(database.engine)
        bot = BotApi("12:ab", time.monotonic, window_seconds=1.0, most=5)
        async with Receiver(bot.answer) as server:
            template = Template(
                f"http://127.0.0.1:{server.port}/bot{{secret}}/sendMessage",
                body={"chat_id": "{to}", "text": "{text}"},
                ok={"ok": True},
                reason="description",
                wait="parameters.retry_after",
                receipt="result.message_id",
                hopeless=("chat not found",),
            )
            gateway = Gateway(httpx.AsyncClient(trust_env=False), template, Secret("12:ab"))
            texts = [f"kabar {{to}} {n}" for n in range(14)]
            rows = [
                Message(
                    f"m{n}@telegram:-100", f"t{n}", "telegram:-100", "opened", "new", datetime.now(UTC), {"text": text}
                )
                for n, text in enumerate(texts)
            ]
            lost = Message("x@telegram:404", "x", "telegram:404", "opened", "new", datetime.now(UTC), {"text": "?"})
            outbox.put([*rows, lost])
            async with sending(outbox, telegram=gateway) as sender:
                await until(lambda: len(bot.texts) == 14)
                await until(lambda: outbox.counts() == {Fate.DELIVERED: 14, Fate.REFUSED: 1})
                assert bot.refused <= 14, "it is asked again when it said, not before"
                assert sender.tally.refused == 1
            assert sorted(bot.texts) == sorted(texts)
            refused = outbox.about("x")[0]
            assert "chat not found" in refused.error
            before = bot.refused
            outbox.put(
                [Message("y@telegram:-1", "y", "telegram:-1", "opened", "new", datetime.now(UTC), {"text": "a"})]
            )
            bot.sent.clear()
            more = [
                Message(f"z{n}@telegram:-2", f"z{n}", "telegram:-2", "opened", "new", datetime.now(UTC), {"text": "b"})
                for n in range(8)
            ]
            outbox.put(more)
            limits = Limits((), (Limit(5, 1.05),))
            async with sending(outbox, limits=limits, telegram=gateway):
                await until(lambda: outbox.counts()[Fate.DELIVERED] == 23)
            assert bot.refused == before, "who keeps to the limits is never refused"

    run(work)


def test_a_wrong_token_is_never_printed(database: Database) -> None:
    async def work() -> None:
        async with Receiver(BotApi("right", time.monotonic).answer) as server:
            template = Template(f"http://127.0.0.1:{server.port}/bot{{secret}}/sendMessage", reason="description")
            async with httpx.AsyncClient(trust_env=False) as client:
                message = Message("m@telegram:1", "t", "telegram:1", "opened", "new", datetime.now(UTC), {"text": "x"})
                result = await Gateway(client, template, Secret("sangat-rahasia")).deliver(message)
                unreached = Template("http://127.0.0.1:1/bot{secret}/x")
                nobody = await Gateway(client, unreached, Secret("sangat-rahasia")).deliver(message)
        assert "401" in repr(result)
        assert "sangat-rahasia" not in repr(result) + repr(nobody)

    run(work)


def test_what_comes_late_says_so(database: Database) -> None:
    async def work() -> None:
        outbox = SqlOutbox(database.engine)
        async with Receiver() as server:
            template = Template(server.url, body={"text": "{text}"})
            old = datetime.now(UTC) - timedelta(hours=2)
            woke_in_2021 = datetime(2021, 1, 1, tzinfo=UTC)
            outbox.put(
                [
                    Message("a@wa:1", "a", "wa:1", "opened", "new", old, {"text": "PUTUS"}),
                    Message("b@wa:1", "b", "wa:1", "opened", "new", woke_in_2021, {"text": "PUTUS"}),
                ]
            )
            async with sending(outbox, wa=Gateway(httpx.AsyncClient(trust_env=False), template)):
                await until(lambda: len(server.got) == 2)
            assert sorted(body["text"] for body in server.got) == ["PUTUS", "PUTUS\n(late)"]

    run(work)


def test_a_locked_database_neither_loses_nor_repeats(database: Database) -> None:
    async def work() -> None:
        outbox = SqlOutbox(database.engine)
        async with Receiver(hold_seconds=0.2) as receiver:
            outbox.put([note("a", 1, receiver.url), note("b", 1, receiver.url)])
            async with sending(outbox):
                await until(lambda: receiver.asked == 2)
                with contextlib.closing(database.engine.connect()) as lock:
                    transaction = lock.begin()  # IMMEDIATE: nobody else writes
                    await asyncio.sleep(0.8)
                    assert len(receiver.got) == 2
                    transaction.rollback()
                await until(lambda: outbox.counts() == {Fate.DELIVERED: 2})
            assert receiver.asked == 2

    run(work)


def test_a_sender_that_is_cut_off_goes_on_with_the_same_ids(database: Database) -> None:
    async def work() -> None:
        outbox = SqlOutbox(database.engine)
        async with Receiver() as receiver:
            outbox.put([note(f"t{n}", count, receiver.url) for count in (1, 2) for n in range(30)])
            for kill_after in (0.02, 0.05, 0.1):
                async with httpx.AsyncClient(trust_env=False) as client:
                    sender = Sender(outbox, {"webhook": Webhook(client)}, lambda c: Limits(), SystemClock(), FAST)
                    await sender.start()
                    await asyncio.sleep(kill_after)
                    for task in [sender._main, *sender._flights]:
                        assert task is not None
                        task.cancel()
                    await asyncio.gather(sender._main, *sender._flights, return_exceptions=True)  # type: ignore[arg-type]
            async with sending(outbox):
                await until(lambda: outbox.counts() == {Fate.DELIVERED: 60})
        first_seen = list(dict.fromkeys(ids(receiver)))
        assert len(first_seen) == 60
        for n in range(30):
            assert first_seen.index(f"t{n}-1-opened") < first_seen.index(f"t{n}-2-opened")

    run(work)


def test_hundreds_of_messages_in_a_second(database: Database) -> None:
    async def work() -> None:
        outbox = SqlOutbox(database.engine)
        async with Receiver(hold_seconds=0.005) as receiver:
            outbox.put([note(f"t{n}", 1, receiver.url) for n in range(300)])
            began = time.perf_counter()
            async with sending(outbox, SenderRules(look_seconds=5.0)):
                await until(lambda: len(receiver.got) == 300)
            assert time.perf_counter() - began < 10
            assert 1 < receiver.most_open <= 4

    run(work)
