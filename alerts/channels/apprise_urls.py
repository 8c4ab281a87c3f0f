"""Apprise: every service it knows (SMS, Matrix, ntfy, Slack…) by its URL, which holds secrets and is a credential.

It tells whether it worked and a line of its log, not for how long to wait: failures are tried again as others are.
"""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import Final
from urllib.parse import quote

from apprise import Apprise, AppriseAsset, NotifyFormat, NotifyLogEntry

from alerts.dispatch.messages import Delivered, Later, Message, Refused, Result
from domain.secrets import Secret

TIMEOUT_SECONDS: Final = 25.0


class AppriseUrl:
    """Implements alerts.dispatch.Channel. url: may hold {to} where the recipient belongs."""

    def __init__(self, url: Secret, threads: ThreadPoolExecutor) -> None:
        self._url = url
        self._threads = threads

    async def deliver(self, message: Message) -> Result:
        return await asyncio.get_running_loop().run_in_executor(self._threads, self._deliver, message)

    def _deliver(self, message: Message) -> Result:
        url = self._url.reveal().replace("{to}", quote(message.recipient, safe="@+-"))
        # No files of its own, no look for plugins beside the installed ones.
        service = Apprise(asset=AppriseAsset(storage_mode="memory", plugin_paths=[], app_id="Kentongan"))
        if not service.add(url):
            return Refused("Apprise does not understand this address")
        said: list[str] = []

        def hear(entry: NotifyLogEntry, _service: object) -> None:
            if entry.level in ("WARNING", "ERROR"):
                said.append(entry.message)

        text, subject = str(message.payload.get("text", "")), str(message.payload.get("subject", ""))
        done = service.notify(
            body=text,
            title=subject if "mail" in url.partition(":")[0] else "",
            body_format=NotifyFormat.TEXT,
            timeout=TIMEOUT_SECONDS,
            log_callback=hear,
            log_level=30,
        )
        if done:
            return Delivered()
        reason = (said[-1] if said else "Apprise could not deliver it").replace(url, "***")
        return Later(" ".join(reason.split())[:200])
