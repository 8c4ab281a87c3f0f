"""Alertmanager's API v2 (POST /api/v2/alerts): stable labels, an end on resolve, said again while it lasts.

Alertmanager forgets what is not repeated, so `Alertmanagers.remind` posts everything open each minute. Post to every
node of a cluster: each is a channel of its own.
"""

import json
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any, Final

import httpx

from alerts.channels.http import Answer, ask, judge
from alerts.dispatch.messages import Message, Refused, Result

LASTS: Final = timedelta(minutes=5)
NAME: Final = "KentonganIncident"
_NODES: Final = ("villages", "opd", "services")


class Alertmanager:
    """Implements alerts.dispatch.Channel; the recipient is the node's address, `http://host:9093`."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        self._client = client

    async def deliver(self, message: Message) -> Result:
        body = message.payload.get("body")
        if not isinstance(body, Mapping):
            return await self._post(message.recipient, [_test(message)])
        return await self._post(message.recipient, [alert(body, message.at)])

    async def remind(self, node: str, bodies: Iterable[Mapping[str, Any]], now: datetime) -> Result:
        """Say again what is open, in one request."""
        return await self._post(node, [alert(body, now) for body in bodies])

    async def _post(self, node: str, alerts: list[dict[str, Any]]) -> Result:
        url = f"{node.rstrip('/')}/api/v2/alerts"
        if not url.startswith(("http://", "https://")):
            return Refused("the address is not a web address")
        content = json.dumps(alerts, ensure_ascii=False).encode()
        answer = await ask(self._client, "POST", url, {"Content-Type": "application/json"}, content)
        return judge(answer) if isinstance(answer, Answer) else answer


def alert(body: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    """Labels never change while an incident lives: its cause and verdict may, so they are annotations."""
    incident = body["incident"]
    ends = incident["resolvedAt"] or (now + LASTS).isoformat()
    made = {
        "labels": {"alertname": NAME, "incident": incident["id"], "condition": incident["condition"]},
        "annotations": {
            "summary": incident["title"],
            "verdict": incident["verdict"],
            "confidence": incident["confidence"],
            "owner": incident["owner"],
            "cause": f"{incident['cause']['kind']} {incident['cause']['name']}".rstrip(),
            "urgency": incident["urgency"],
            "evidence": "; ".join(each["text"] for each in incident["evidence"])[:1000],
            **{name: ", ".join(place["name"] for place in incident["impact"][name])[:1000] for name in _NODES},
        },
        "startsAt": incident["startedAt"],
        "endsAt": ends,
    }
    made["annotations"] = {name: text for name, text in made["annotations"].items() if text}
    if incident["url"]:
        made["generatorURL"] = incident["url"]
    return made


def _test(message: Message) -> dict[str, Any]:
    return {
        "labels": {"alertname": "KentonganTest", "severity": "none"},
        "annotations": {"summary": str(message.payload.get("text", ""))},
        "startsAt": message.at.isoformat(),
        "endsAt": (message.at + timedelta(minutes=1)).isoformat(),
    }
