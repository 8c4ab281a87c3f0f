"""Channels from their file, with complaints that name the place; bodies of gateways; letters; alerts."""

import asyncio
import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import httpx
import pytest

from alerts.channels.alertmanager import alert
from alerts.channels.configured import ChannelError, Ways, presets, read_ways
from alerts.channels.gateway import Gateway
from alerts.channels.http import Answer, judge, retry_after
from alerts.channels.mail import letter
from alerts.dispatch import Delivered, Later, Message, Refused
from alerts.dispatch.body import body
from alerts.texts import Surroundings, Wording
from domain.incidents import Notice, NoticeEvent, NoticeReason
from domain.secrets import Secret
from tests.unit.alerts.telling_office import DAY, fault

TEXT = 'PUTUS · kita\n"FO" {secret} {Plered}–Tegalwaru & 100 %'


def message(channel: str = "wa:62811", text: str = TEXT) -> Message:
    payload = {"text": text, "subject": "PUTUS · kita"}
    return Message("a-1-opened@x", "a", channel, "opened", "new", DAY, payload)


def ways(text: str, client: httpx.AsyncClient | None = None) -> Ways:
    tokens = {"bot": Secret("12:ab"), "key": Secret("rahasia")}
    return read_ways(
        text, "channels.toml", lambda name: tokens[name], client or httpx.AsyncClient(), ThreadPoolExecutor(1)
    )


def ask(text: str, answer: Callable[[httpx.Request], httpx.Response], sent: Message) -> tuple[Any, httpx.Request]:
    """What the gateway of the text's one table does with a message."""
    requests: list[httpx.Request] = []

    def handle(request: httpx.Request) -> httpx.Response:
        requests.append(request)
        return answer(request)

    async def work() -> object:
        async with httpx.AsyncClient(transport=httpx.MockTransport(handle)) as client:
            return await ways(text, client).channels[sent.scheme].deliver(sent)

    return asyncio.run(work()), requests[0]


def test_a_bots_message_is_what_its_documentation_asks_for() -> None:
    result, request = ask(
        '[telegram]\npreset = "telegram"\ncredential = "bot"\n',
        lambda request: httpx.Response(200, json={"ok": True, "result": {"message_id": 7}}),
        message("telegram:-1001"),
    )
    assert result == Delivered("7")
    assert str(request.url) == "https://api.telegram.org/bot12:ab/sendMessage"
    assert json.loads(request.content) == {"chat_id": "-1001", "text": TEXT, "disable_web_page_preview": True}


def test_a_message_cannot_break_out_of_its_field() -> None:
    """Quotes, braces and ampersands in a text stay in the text, the key stays in its header."""
    result, request = ask(
        '[wa]\npreset = "fonnte"\ncredential = "key"\n',
        lambda request: httpx.Response(200, json={"status": True, "id": ["99"]}),
        message(),
    )
    assert result == Delivered("99")
    assert request.headers["authorization"] == "rahasia"
    form = dict(httpx.QueryParams(request.content.decode()).items())
    assert form == {"target": "62811", "message": TEXT, "countryCode": "62"}


def test_two_hundred_and_no_is_no() -> None:
    result, _request = ask(
        '[wa]\npreset = "fonnte"\ncredential = "key"\n',
        lambda request: httpx.Response(200, json={"status": False, "reason": "device disconnected"}),
        message(),
    )
    assert result == Later("HTTP 200 device disconnected")
    result, _request = ask(
        '[wa]\npreset = "fonnte"\ncredential = "key"\n',
        lambda request: httpx.Response(200, json={"status": False, "reason": "target invalid"}),
        message(),
    )
    assert result == Refused("HTTP 200 target invalid")


@pytest.mark.parametrize("preset", presets())
def test_every_preset_is_a_gateway_with_limits(preset: str) -> None:
    made = ways(f'[wa]\npreset = "{preset}"\ncredential = "key"\n')
    assert isinstance(made.channels["wa"], Gateway)
    assert made.limits_of("wa:62811").overall


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("[wa", "channels.toml"),
        ('[whatsapp]\npreset = "fonnte"\n', "[whatsapp]"),
        ('[webhook]\nurl = "https://x"\n', "[webhook]"),
        ('[wa]\npreset = "fontee"\n', "fonnte"),
        ("[wa]\n", "url"),
        ('[wa]\npreset = "fonnte"\ncredential = "nobody"\n', "credential add nobody --token"),
        ('[wa]\npreset = "fonnte"\nurll = "x"\n', "urll"),
        ('[wa]\nurl = "https://x"\nlimits = {overall = [1]}\n', "limits"),
        ('[wa]\nurl = "https://x"\nform = "xml"\n', "form"),
        ('[mailto]\nkind = "mail"\n', "host"),
        ('[mailto]\nkind = "mail"\nhost = "x"\nsecurity = "ssl"\n', "starttls"),
        ('[mailto]\nkind = "mail"\nhost = "x"\nport = 0\n', "port"),
        ('[sms]\nkind = "apprise"\n', "credential"),
        ('[sms]\nkind = "pigeon"\n', "pigeon"),
        ("wa = 3\n", "[wa]"),
    ],
)
def test_what_is_wrong_in_the_file_is_named(text: str, named: str) -> None:
    with pytest.raises(ChannelError) as caught:
        ways(text)
    assert named in str(caught.value)
    assert "channels.toml" in str(caught.value)


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        *((status, Delivered) for status in (200, 202, 204)),
        *((status, Later) for status in (301, 401, 403, 404, 429, 500, 503)),
        *((status, Refused) for status in (400, 413, 422)),
    ],
)
def test_what_a_status_means(status: int, kind: type) -> None:
    assert isinstance(judge(Answer(status, "x")), kind)


def test_when_a_receiver_asks_for_patience() -> None:
    now = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)
    assert retry_after("120", now) == 120
    assert retry_after("Sun, 22 Nov 2026 02:01:00 GMT", now) == 60
    assert retry_after("Sun, 22 Nov 2020 02:01:00 GMT", now) == 0
    assert retry_after("99999999", now) == 3600
    assert retry_after("soon", now) is None
    assert retry_after("", now) is None


def test_a_letter_carries_the_messages_own_id_and_cannot_be_bent() -> None:
    sent = message("mailto:noc@example.id")
    mail = letter(sent, "Kentongan <kentongan@purwakarta.example>")
    assert mail["Message-ID"] == letter(sent, "kentongan@purwakarta.example")["Message-ID"]
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail.get_content().strip() == TEXT
    bent = Message(
        "a", "a", "mailto:x@y.example", "opened", "new", DAY, {"text": "x", "subject": "a\nBcc: z@z.example"}
    )
    assert letter(bent, "k@k.example")["Bcc"] is None
    with pytest.raises(ValueError, match=r"CR|LF|addr"):
        letter(message("mailto:x@y\nBcc: z@z"), "k@k.example")


def test_an_alerts_labels_stay_while_its_cause_changes() -> None:
    wording = Wording("en", ZoneInfo("Asia/Jakarta"))

    def made(name: str) -> dict[str, Any]:
        notice = Notice("n", NoticeEvent.OPENED, NoticeReason.NEW, DAY, fault(name, id_="aaaa-0000"))
        return alert(body(notice, wording, Surroundings(), "https://k.example/i"), DAY)

    one, other = made("FO A–B"), made("FO C–D")
    assert (
        one["labels"]
        == other["labels"]
        == {
            "alertname": "KentonganIncident",
            "incident": "aaaa-0000",
            "condition": "outage",
        }
    )
    assert one["annotations"]["summary"] != other["annotations"]["summary"]
    assert datetime.fromisoformat(one["endsAt"]) > DAY + timedelta(minutes=1)
    assert all(isinstance(text, str) for text in one["annotations"].values())
