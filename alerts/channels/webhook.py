"""The webhook: one POST per notice, its body as promised, signed where the receiver has given us a key."""

import hashlib
import hmac
import json

import httpx

from alerts.channels.http import Answer, ask, judge
from alerts.dispatch.body import VERSION
from alerts.dispatch.messages import Message, Result
from domain.secrets import Secret

SIGNATURE = "X-Kentongan-Signature"


class Webhook:
    """Implements alerts.dispatch.Channel; the recipient is the URL. key: signs the body (HMAC-SHA256, hexadecimal)."""

    def __init__(self, client: httpx.AsyncClient, key: Secret | None = None) -> None:
        self._client = client
        self._key = key

    async def deliver(self, message: Message) -> Result:
        content = json.dumps(_body(message), ensure_ascii=False).encode()
        headers = {"Content-Type": "application/json", "Idempotency-Key": message.id}
        if self._key:
            headers[SIGNATURE] = f"sha256={signature(self._key, content)}"
        answer = await ask(self._client, "POST", message.recipient, headers, content)
        return judge(answer) if isinstance(answer, Answer) else answer


def signature(key: Secret, content: bytes) -> str:
    return hmac.new(key.reveal().encode(), content, hashlib.sha256).hexdigest()


def _body(message: Message) -> object:
    """What is no notice (a test, a digest) says so by its event and carries its text."""
    if "body" in message.payload:
        return message.payload["body"]
    return {
        "version": VERSION,
        "id": message.id,
        "event": message.event,
        "reason": message.reason,
        "at": message.at.isoformat(),
        "text": message.payload.get("text", ""),
    }
