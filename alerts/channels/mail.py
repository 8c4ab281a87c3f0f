"""Mail by SMTP (RFC 5321): what the server says decides, a 4xx is tried later, a 5xx for this recipient never.

Apprise sends mail too, but tells only that it failed; a mail server says why, and for how long.
"""

import asyncio
import smtplib
import ssl
from base64 import b64decode
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime
from hashlib import sha256
from typing import Final

from alerts.dispatch.messages import Delivered, Later, Message, Refused, Result
from domain.secrets import Secret

TIMEOUT_SECONDS: Final = 15.0


@dataclass(frozen=True, slots=True)
class MailServer:
    """security: `starttls` (usual on 587), `tls` (465) or `none` (a relay on our own machine)."""

    host: str
    port: int = 587
    security: str = "starttls"
    sender: str = "kentongan@localhost"
    user: str = ""


class Mail:
    """Implements alerts.dispatch.Channel; the recipient is the address. threads: shared by what blocks."""

    def __init__(self, server: MailServer, threads: ThreadPoolExecutor, password: Secret | None = None) -> None:
        self._server = server
        self._password = password
        self._threads = threads

    async def deliver(self, message: Message) -> Result:
        return await asyncio.get_running_loop().run_in_executor(self._threads, self._deliver, message)

    def _deliver(self, message: Message) -> Result:
        try:
            mail = letter(message, self._server.sender)
        except ValueError:
            return Refused("the recipient is not a mail address, or a file is damaged")
        try:
            with self._connected() as server:
                server.send_message(mail)
        except smtplib.SMTPRecipientsRefused as error:
            code, text = next(iter(error.recipients.values()))
            return _answered(code, text, hopeless=code >= 500)
        except smtplib.SMTPDataError as error:
            return _answered(error.smtp_code, error.smtp_error, hopeless=error.smtp_code >= 500)
        except smtplib.SMTPResponseException as error:
            # A login or a sender that is not accepted is put right by somebody, the message stays good.
            return _answered(error.smtp_code, error.smtp_error, hopeless=False)
        except (smtplib.SMTPException, OSError, ssl.SSLError) as error:
            return Later(str(error) or type(error).__name__)
        return Delivered(str(mail["Message-ID"]))

    def _connected(self) -> smtplib.SMTP:
        server, context = self._server, ssl.create_default_context()
        if server.security == "tls":
            smtp: smtplib.SMTP = smtplib.SMTP_SSL(server.host, server.port, timeout=TIMEOUT_SECONDS, context=context)
        else:
            smtp = smtplib.SMTP(server.host, server.port, timeout=TIMEOUT_SECONDS)
        try:
            if server.security == "starttls":
                smtp.starttls(context=context)
            if server.user and self._password:
                smtp.login(server.user, self._password.reveal())
        except BaseException:
            smtp.close()
            raise
        return smtp


def letter(message: Message, sender: str) -> EmailMessage:
    """Its Message-ID comes from the message's own, so that a repeat can be known as one. Raises ValueError."""
    mail = EmailMessage()
    mail["From"] = sender
    mail["To"] = Address(addr_spec=message.recipient)
    mail["Subject"] = " ".join(str(message.payload.get("subject", "Kentongan")).split())
    mail["Date"] = format_datetime(message.at)
    domain = sender.rpartition("@")[2].strip("> ") or "localhost"
    mail["Message-ID"] = f"<{sha256(message.id.encode()).hexdigest()[:32]}@{domain}>"
    if message.topic:
        thread = f"<{sha256(message.topic.encode()).hexdigest()[:32]}@{domain}>"
        mail["References"] = thread
    mail["Auto-Submitted"] = "auto-generated"  # RFC 3834: no out-of-office answers
    mail.set_content(str(message.payload.get("text", "")) + "\n")
    for each in _attached(message.payload.get("attachments")):
        main, _slash, sub = str(each.get("type", "")).partition("/")
        octets = b64decode(str(each.get("base64", "")), validate=True)
        mail.add_attachment(octets, maintype=main, subtype=sub, filename=str(each.get("filename", "")))
    return mail


def _attached(files: object) -> list[Mapping[str, object]]:
    """Plain values of the payload: filename, type and base64 of each."""
    return [each for each in files if isinstance(each, Mapping)] if isinstance(files, list) else []


def _answered(code: int, text: bytes | str, *, hopeless: bool) -> Result:
    said = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
    reason = f"SMTP {code} {' '.join(said.split())[:160]}"
    return Refused(reason) if hopeless else Later(reason)
