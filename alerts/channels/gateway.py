"""Any HTTP gateway by template: address, headers, body and what counts as success are data (`gateways/*.toml`, or the
office's own file). For the bots and WhatsApp gateways that no library knows.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import quote, urlencode

import httpx

from alerts.channels.http import Answer, ask, judge
from alerts.dispatch.lanes import Limits
from alerts.dispatch.messages import Delivered, Later, Message, Refused, Result
from domain.secrets import Secret

_FIELD: Final = re.compile(r"\{(to|text|subject|id|event|secret)\}")


@dataclass(frozen=True, slots=True)
class Template:
    """A gateway. form: `json` or `form`. Texts may hold {to} {text} {subject} {id} {event} {secret}.

    ok: path in the answer's JSON → the value it must have; none: the HTTP status decides. reason, wait, receipt: paths
    of the refusal's words, of the seconds it asks for, of its own identifier. hopeless: words of a refusal for ever.
    """

    url: str
    form: str = "json"
    method: str = "POST"
    headers: Mapping[str, str] = field(default_factory=dict)
    body: Mapping[str, Any] = field(default_factory=dict)
    ok: Mapping[str, Any] = field(default_factory=dict)
    reason: str = ""
    wait: str = ""
    receipt: str = ""
    hopeless: tuple[str, ...] = ()
    limits: Limits = field(default_factory=Limits)


class Gateway:
    """Implements alerts.dispatch.Channel."""

    def __init__(self, client: httpx.AsyncClient, template: Template, secret: Secret | None = None) -> None:
        self._client = client
        self._template = template
        self._secret = secret

    async def deliver(self, message: Message) -> Result:
        template, fields = self._template, self._fields(message)
        url = _filled(template.url, {name: quote(text, safe=":@") for name, text in fields.items()})
        headers = {name: _filled(value, fields) for name, value in template.headers.items()}
        body = _filled_tree(template.body, fields)
        if template.form == "form":
            content, kind = (
                urlencode({key: str(value) for key, value in body.items()}).encode(),
                "x-www-form-urlencoded",
            )
        else:
            content, kind = json.dumps(body, ensure_ascii=False).encode(), "json"
        headers.setdefault("Content-Type", f"application/{kind}")
        answer = await ask(self._client, template.method, url, headers, content)
        return self._without_secret(self._judged(answer) if isinstance(answer, Answer) else answer)

    def _fields(self, message: Message) -> dict[str, str]:
        return {
            "to": message.recipient,
            "text": str(message.payload.get("text", "")),
            "subject": str(message.payload.get("subject", "")),
            "id": message.id,
            "event": message.event,
            "secret": self._secret.reveal() if self._secret else "",
        }

    def _judged(self, answer: Answer) -> Result:
        by_status = judge(answer)
        document, template = answer.json(), self._template
        if isinstance(by_status, Delivered):
            wrong = [path for path, wanted in template.ok.items() if found(document, path) != wanted]
            if not wrong:
                return Delivered(str(found(document, template.receipt) or "") if template.receipt else "")
        said = str(found(document, template.reason) or "") if template.reason else ""
        wait = found(document, template.wait) if template.wait else None
        reason = f"HTTP {answer.status} {said or ' '.join(answer.text.split())[:120]}".rstrip()
        if isinstance(wait, int | float) and not isinstance(wait, bool):
            return Later(reason, float(wait))
        if any(word.casefold() in reason.casefold() for word in template.hopeless):
            return Refused(reason)
        if isinstance(by_status, Delivered):
            return Later(reason)  # it says 200 and that it did not do it
        return Refused(reason) if isinstance(by_status, Refused) else Later(reason, by_status.seconds)

    def _without_secret(self, result: Result) -> Result:
        secret = self._secret.reveal() if self._secret else ""
        if not secret or isinstance(result, Delivered):
            return result
        reason = result.reason.replace(secret, "***").replace(quote(secret, safe=":@"), "***")
        return Refused(reason) if isinstance(result, Refused) else Later(reason, result.seconds)


def found(document: object, path: str) -> object:
    """What lies at `a.b.0.c` of a JSON document; None where there is nothing."""
    for step in path.split("."):
        if isinstance(document, dict):
            document = document.get(step)
        elif isinstance(document, list) and step.isdecimal() and int(step) < len(document):
            document = document[int(step)]
        else:
            return None
    return document


def _filled(text: str, fields: Mapping[str, str]) -> str:
    """Only the known fields: other braces, and braces inside a message, stay as they are."""
    return _FIELD.sub(lambda match: fields[match[1]], text)


def _filled_tree(tree: Mapping[str, Any], fields: Mapping[str, str]) -> dict[str, Any]:
    return {key: _filled_value(value, fields) for key, value in tree.items()}


def _filled_value(value: Any, fields: Mapping[str, str]) -> Any:
    if isinstance(value, str):
        return _filled(value, fields)
    if isinstance(value, Mapping):
        return _filled_tree(value, fields)
    if isinstance(value, list):
        return [_filled_value(each, fields) for each in value]
    return value
