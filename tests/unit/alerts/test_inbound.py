"""What comes back in: a link that a preview cannot take, known senders only, alerts that name their device."""

import asyncio
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from starlette.routing import Route

from alerts.channels.acknowledge_links import acknowledge_routes
from alerts.channels.alert_receiver import ReportedAlert, alert_routes, alerts_in
from alerts.channels.answers import heard, reply_routes
from alerts.channels.inbound import Came, Outcome, Seen, Way, inbound_app
from alerts.dispatch.links import Grant, LinkError, LinkSigner
from alerts.dispatch.people import plain_number
from alerts.dispatch.replies import read_reply
from domain.incidents import Act, ActKind
from domain.secrets import Secret

NOW = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)
SIGNER = LinkSigner(Secret("key"), timedelta(hours=12))


@dataclass
class FakeDesk:
    """Knows one incident, Asep and his numbers; `selesai` is refused while the probe disagrees."""

    acts: list[Act] = field(default_factory=list)
    probe_agrees: bool = False
    is_open: bool = True

    async def look(self, incident: str, person: str) -> Seen | None:
        if incident != "abcd-efgh":
            return None
        return Seen("FO <Plered> putus", "Dampak: 9 <desa>", self.is_open, "Kepada NOC <X>")

    async def act(self, act: Act) -> Outcome:
        self.acts.append(act)
        if act.kind is ActKind.DONE and not self.probe_agrees:
            return Outcome(False, "Masih gelap: Sukahaji")
        return Outcome(True, "Dicatat")

    async def person_of(self, grant: Grant) -> str:
        return grant.person_among(["Asep", "Budi"])

    async def sender(self, number: str) -> str | None:
        return {"+628111": "Asep", "telegram:77": "Asep"}.get(number)

    async def latest(self, person: str) -> str | None:
        return "abcd-efgh"


def ask(routes: Iterable[Route], method: str, path: str, **options: Any) -> httpx.Response:
    async def work() -> httpx.Response:
        transport = httpx.ASGITransport(inbound_app(routes))
        async with httpx.AsyncClient(transport=transport, base_url="http://k.example") as client:
            return await client.request(method, path, **options)

    return asyncio.run(work())


def test_a_link_is_good_for_its_incident_its_person_and_its_time() -> None:
    token = SIGNER.sign("abcd-efgh", "Asep", NOW)
    assert len(token) <= 36
    grant = SIGNER.read(token, NOW + timedelta(hours=11))
    assert (grant.incident, grant.person_among(["Budi", "Asep"])) == ("abcd-efgh", "Asep")
    with pytest.raises(LinkError, match="old"):
        SIGNER.read(token, NOW + timedelta(hours=12))
    with pytest.raises(LinkError):
        LinkSigner(Secret("other"), timedelta(hours=1)).read(token, NOW)


def test_a_link_that_was_changed_anywhere_is_refused() -> None:
    token = SIGNER.sign("abcd-efgh", "Asep", NOW)
    for place, sign in enumerate(token):
        other = "b" if sign == "a" else "a"
        changed = token[:place] + other + token[place + 1 :]
        try:
            SIGNER.read(changed, NOW)
        except LinkError:
            continue
        assert place == len(token) - 1, "only the last sign holds bits that mean nothing"
    for nonsense in ("", ".", "abcd-efgh", "abcd-efgh.", "abcd-efgh.ääää", "x" * 5000, token + "a" * 8):
        with pytest.raises(LinkError):
            SIGNER.read(nonsense, NOW)


def test_looking_at_a_link_does_nothing_and_pressing_the_button_does() -> None:
    desk = FakeDesk()
    routes = acknowledge_routes(desk, SIGNER, lambda: NOW)
    path = f"/t/{SIGNER.sign('abcd-efgh', 'Asep', NOW)}"
    shown = ask(routes, "GET", path)
    assert shown.status_code == 200
    assert "FO &lt;Plered&gt; putus" in shown.text
    assert "noindex" in shown.headers["x-robots-tag"]
    assert ask(routes, "HEAD", path).status_code == 200
    assert desk.acts == []
    taken = ask(routes, "POST", path)
    assert taken.status_code == 200
    assert [(act.kind, act.actor, act.incident) for act in desk.acts] == [(ActKind.ACKNOWLEDGED, "Asep", "abcd-efgh")]
    ask(routes, "POST", path, data={"act": "departed"})
    assert desk.acts[-1].kind is ActKind.DEPARTED
    refused = ask(routes, "POST", path, data={"act": "done"})
    assert refused.status_code == 409
    assert "Masih gelap" in refused.text
    ask(routes, "POST", path, data={"act": "closed"})
    assert desk.acts[-1].kind is ActKind.ACKNOWLEDGED, "a link gives no more than its buttons"


def test_the_page_tells_what_was_told_and_offers_nothing_when_it_is_over() -> None:
    desk = FakeDesk()
    path = f"/t/{SIGNER.sign('abcd-efgh', 'Asep', NOW)}"
    shown = ask(acknowledge_routes(desk, SIGNER, lambda: NOW), "GET", path)
    assert "Dampak: 9 &lt;desa&gt;" in shown.text
    assert "Kepada NOC &lt;X&gt;" in shown.text
    assert shown.text.count("<button") == 4
    assert "script" not in shown.headers["content-security-policy"]
    desk.is_open = False
    assert "<button" not in ask(acknowledge_routes(desk, SIGNER, lambda: NOW), "GET", path).text


def test_a_link_of_somebody_who_has_left_opens_nothing() -> None:
    desk = FakeDesk()
    path = f"/t/{SIGNER.sign('abcd-efgh', 'Cici', NOW)}"
    for method in ("GET", "POST"):
        answer = ask(acknowledge_routes(desk, SIGNER, lambda: NOW), method, path)
        assert answer.status_code == 410
        assert "Plered" not in answer.text
    assert desk.acts == []


def test_what_comes_in_is_counted() -> None:
    desk, counts = FakeDesk(), Counter[tuple[Way, Came]]()

    def count(way: Way, came: Came) -> None:
        counts[way, came] += 1

    taps = acknowledge_routes(desk, SIGNER, lambda: NOW, count)
    path = f"/t/{SIGNER.sign('abcd-efgh', 'Asep', NOW)}"
    ask(taps, "GET", path)
    ask(taps, "POST", path)
    ask(taps, "POST", path, data={"act": "done"})
    ask(taps, "POST", "/t/forged")
    replies = reply_routes(desk, Secret("s"), lambda: NOW, count)
    ask(replies, "POST", "/inbound/reply/s", json={"sender": "62999", "message": "OTW"})
    ask(replies, "POST", "/inbound/reply/s", json={"sender": "628111", "message": "OTW"})
    ask(replies, "POST", "/inbound/reply/s", json={"sender": "628111", "message": "halo semua"})
    ask(replies, "POST", "/inbound/reply/x", json={})
    assert counts == {
        (Way.LINK, Came.SHOWN): 1,
        (Way.LINK, Came.ACCEPTED): 1,
        (Way.LINK, Came.REFUSED): 1,
        (Way.LINK, Came.WRONG_KEY): 1,
        (Way.REPLY, Came.STRANGER): 1,
        (Way.REPLY, Came.ACCEPTED): 1,
        (Way.REPLY, Came.IGNORED): 1,
        (Way.REPLY, Came.WRONG_KEY): 1,
    }


def test_a_bad_link_and_an_unknown_incident_say_so() -> None:
    desk = FakeDesk()
    routes = acknowledge_routes(desk, SIGNER, lambda: NOW)
    assert ask(routes, "POST", "/t/abcd-efgh.nonsense").status_code == 410
    old = SIGNER.sign("abcd-efgh", "Asep", NOW - timedelta(hours=13))
    assert ask(routes, "GET", f"/t/{old}").status_code == 410
    assert ask(routes, "GET", f"/t/{SIGNER.sign('none-none', 'Asep', NOW)}").status_code == 404
    assert desk.acts == []


@pytest.mark.parametrize(
    ("text", "kind", "incident"),
    [
        ("OTW", ActKind.DEPARTED, ""),
        ("otw pak", ActKind.DEPARTED, ""),
        ("Di lokasi", ActKind.ON_SITE, ""),
        ("selesai abcd-efgh", ActKind.DONE, "abcd-efgh"),
        ("ABCD-EFGH selesai", ActKind.DONE, "abcd-efgh"),
        ("Siap, terima", ActKind.ACKNOWLEDGED, ""),
        ("belum selesai abcd-efgh", ActKind.NOTE, "abcd-efgh"),
        ("catat: kabel di tiang 14", ActKind.NOTE, ""),
        ("abcd-efgh kabelnya digali PDAM", ActKind.NOTE, "abcd-efgh"),
    ],
)
def test_what_people_write(text: str, kind: ActKind, incident: str) -> None:
    reply = read_reply(text)
    assert reply is not None
    assert (reply.kind, reply.incident) == (kind, incident)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "halo semua",
        "belum selesai",
        "kapan selesai?",
        "tidak otw",
        "selesai rapat kita lanjut makan siang di kantor ya",
    ],
)
def test_talk_in_a_group_is_none_of_our_business(text: str) -> None:
    assert read_reply(text) is None


@pytest.mark.parametrize(
    ("document", "number"),
    [
        ({"device": "6281", "sender": "628111", "message": "OTW"}, "+628111"),
        ({"sender": "1203@g.us", "member": "628111", "message": "OTW"}, "+628111"),
        ({"phone": "08111", "message": "OTW", "isFromMe": False}, "+628111"),
        ({"phone": "1203", "group": {"sender": "628111"}, "message": "OTW"}, "+628111"),
        ({"event": "message", "payload": {"from": "628111@c.us", "body": "OTW", "fromMe": False}}, "+628111"),
        ({"event": "message", "payload": {"from": "1@g.us", "participant": "628111@c.us", "body": "OTW"}}, "+628111"),
        ({"update_id": 1, "message": {"from": {"id": 77}, "chat": {"id": -1}, "text": "OTW"}}, "telegram:77"),
    ],
)
def test_every_gateways_form_is_understood(document: dict[str, Any], number: str) -> None:
    said = heard(document)
    assert said is not None
    assert (said.number, said.text) == (number, "OTW")
    desk = FakeDesk()
    answer = ask(reply_routes(desk, Secret("s"), lambda: NOW), "POST", "/inbound/reply/s", json=document)
    assert answer.json()["accepted"] is True
    assert [(act.actor, act.kind) for act in desk.acts] == [("Asep", ActKind.DEPARTED)]


@pytest.mark.parametrize(
    "document",
    [
        {"event": "message", "payload": {"fromMe": True, "from": "628111@c.us", "body": "OTW"}},
        {"message": {"from": {"id": 77, "is_bot": True}, "text": "OTW"}},
        {"sender": "628111"},
        {"sender": "628111", "message": ""},
        {"message": {"text": "OTW"}},
        {},
    ],
)
def test_our_own_words_and_empty_ones_are_not_replies(document: dict[str, Any]) -> None:
    assert heard(document) is None


def test_strangers_and_wrong_doors_learn_nothing() -> None:
    desk = FakeDesk()
    routes = reply_routes(desk, Secret("s"), lambda: NOW)
    stranger = ask(routes, "POST", "/inbound/reply/s", json={"sender": "62999", "message": "selesai abcd-efgh"})
    assert stranger.json() == {"accepted": False, "reply": ""}
    assert ask(routes, "POST", "/inbound/reply/x", json={"sender": "628111", "message": "OTW"}).status_code == 404
    assert ask(reply_routes(desk, Secret(""), lambda: NOW), "POST", "/inbound/reply/", json={}).status_code == 404
    assert ask(routes, "POST", "/inbound/reply/s", content=b"\xff\x00").json()["accepted"] is False
    assert desk.acts == []


def test_done_closes_only_if_the_probe_agrees() -> None:
    desk = FakeDesk()
    routes = reply_routes(desk, Secret("s"), lambda: NOW)
    said = {"sender": "628111", "message": "selesai"}
    assert ask(routes, "POST", "/inbound/reply/s", data=said).json() == {
        "accepted": False,
        "reply": "Masih gelap: Sukahaji",
    }
    desk.probe_agrees = True
    assert ask(routes, "POST", "/inbound/reply/s", data=said).json()["accepted"] is True


@pytest.mark.parametrize(("text", "number"), [("0812-34", "+6281234"), ("+62 812 34", "+6281234"), ("x", "")])
def test_numbers_are_written_in_one_way(text: str, number: str) -> None:
    assert plain_number(text) == number


def alertmanager(**more: Any) -> dict[str, Any]:
    alert = {
        "status": "firing",
        "labels": {"alertname": "HighTemp", "instance": "10.1.1.1:9100", "severity": "critical"},
        "annotations": {"summary": "46 °C"},
        "startsAt": "2026-11-22T01:58:00Z",
        "endsAt": "0001-01-01T00:00:00Z",
        "fingerprint": "abc",
        **more,
    }
    return {"version": "4", "status": "firing", "alerts": [alert]}


def test_alerts_of_another_system_name_their_device() -> None:
    (alert,) = alerts_in(alertmanager(), NOW)
    assert alert == ReportedAlert(
        "abc", "HighTemp", "10.1.1.1", True, NOW - timedelta(minutes=2), None, "46 °C", "critical"
    )
    (over,) = alerts_in(alertmanager(status="resolved", endsAt="2026-11-22T01:59:00Z"), NOW)
    assert (over.firing, over.ended) == (False, NOW - timedelta(minutes=1))
    (v6,) = alerts_in(alertmanager(labels={"alertname": "A", "instance": "[2001:db8::1]:9100"}), NOW)
    assert v6.device == "2001:db8::1"
    (named,) = alerts_in(alertmanager(labels={"alertname": "A", "device": "rtr-1", "instance": "x:1"}), NOW)
    assert named.device == "rtr-1"


def test_the_door_for_alerts() -> None:
    got: list[ReportedAlert] = []

    async def report(alerts: Any) -> int:
        got.extend(alerts)
        return len(got)

    routes = alert_routes(report, Secret("s"), lambda: NOW)
    assert ask(routes, "POST", "/inbound/alerts/s", json=alertmanager()).json() == {"received": 1, "joined": 1}
    direct = ask(routes, "POST", "/inbound/alerts/s/api/v2/alerts", json=alertmanager()["alerts"])
    assert direct.json()["received"] == 1
    got.pop()
    assert ask(routes, "POST", "/inbound/alerts/x", json=alertmanager()).status_code == 404
    for bad in (b"", b"{}", b"[1]", b'{"alerts": 3}', b'{"alerts": [{"labels": 1}]}', b'"x"'):
        assert ask(routes, "POST", "/inbound/alerts/s", content=bad).status_code == 400
    assert ask(routes, "POST", "/inbound/alerts/s", content=b"x" * 1_100_000).status_code == 413
    assert len(got) == 1
