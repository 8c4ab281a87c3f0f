"""Alerts of another system that come in: Alertmanager's webhook, and the list of its API v2. Route factory."""

import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from alerts.channels.inbound import Came, Count, Way, body_of, count_nothing, knows
from domain.secrets import Secret


@dataclass(frozen=True, slots=True)
class ReportedAlert:
    """One alert of another system. device: as its labels name it, perhaps an address; firing: False when it is over."""

    fingerprint: str
    name: str
    device: str
    firing: bool
    began: datetime
    ended: datetime | None
    text: str
    severity: str = ""
    url: str = ""


Report = Callable[[Sequence[ReportedAlert]], Awaitable[int]]
"""Takes alerts, returns how many it could join to something it knows."""

_DEVICE_LABELS: Final = ("device", "instance", "host", "hostname", "node", "target", "site", "service")


def alert_routes(
    report: Report, secret: Secret, now: Callable[[], datetime], count: Count = count_nothing
) -> list[Route]:
    """`/inbound/alerts/{secret}`: Alertmanager's webhook (version 4) and its API v2's plain list of alerts.

    Also with `/api/v2/alerts` behind it, which Prometheus itself puts there.
    """

    async def take(request: Request) -> Response:
        if not knows(request, secret):
            count(Way.ALERT, Came.WRONG_KEY)
            return JSONResponse({"joined": 0}, 404)
        body = await body_of(request)
        if body is None:
            return JSONResponse({"error": "too large"}, 413)
        try:
            document = json.loads(body)
            found = alerts_in(document, now())
        except (ValueError, TypeError, AttributeError, KeyError):
            count(Way.ALERT, Came.IGNORED)
            return JSONResponse({"error": "this is not what Alertmanager sends"}, 400)
        joined = await report(found)
        count(Way.ALERT, Came.ACCEPTED)
        return JSONResponse({"received": len(found), "joined": joined})

    path = "/inbound/alerts/{secret}"
    return [Route(path, take, methods=["POST"]), Route(f"{path}/api/v2/alerts", take, methods=["POST"])]


def alerts_in(document: object, now: datetime) -> tuple[ReportedAlert, ...]:
    """Raises ValueError, TypeError, AttributeError or KeyError for what has another form."""
    alerts = document["alerts"] if isinstance(document, dict) else document
    if not isinstance(alerts, list):
        raise TypeError("alerts are a list")
    return tuple(_alert(each, now) for each in alerts)


def _alert(each: Mapping[str, Any], now: datetime) -> ReportedAlert:
    labels, notes = dict(each["labels"]), dict(each.get("annotations") or {})
    device = next((str(labels[name]) for name in _DEVICE_LABELS if labels.get(name)), "")
    began = _instant(each.get("startsAt")) or now
    ended = _instant(each.get("endsAt"))
    firing = each.get("status", "firing" if ended is None or ended > now else "resolved") == "firing"
    known = json.dumps(labels, sort_keys=True)
    return ReportedAlert(
        str(each.get("fingerprint") or known),
        str(labels.get("alertname", "")),
        _without_port(device),
        firing,
        min(began, now),
        None if firing else (ended or now),
        str(notes.get("summary") or notes.get("description") or labels.get("alertname", ""))[:300],
        str(labels.get("severity", "")),
        str(each.get("generatorURL") or ""),
    )


def _without_port(device: str) -> str:
    host, colon, port = device.rpartition(":")
    return host.strip("[]") if colon and port.isdecimal() and (host.count(":") == 0 or host.endswith("]")) else device


def _instant(text: object) -> datetime | None:
    """Alertmanager's zero time means none."""
    if not isinstance(text, str) or text.startswith("0001-"):
        return None
    at = datetime.fromisoformat(text)
    return at if at.tzinfo else at.replace(tzinfo=UTC)
