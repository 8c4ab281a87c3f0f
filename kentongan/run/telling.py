"""Who is told and in which words, put together from the settings; how it leaves; and what was told before a restart."""

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import structlog

from alerts.channels.configured import Ways, read_ways
from alerts.channels.http import Client, make_client
from alerts.channels.sender import Sender, SenderRules
from alerts.channels.sign_of_life import SignOfLife
from alerts.dispatch.directory import Directory
from alerts.dispatch.dispatcher import Dispatcher
from alerts.dispatch.links import LinkSigner
from alerts.dispatch.messages import Channel
from alerts.dispatch.routing import Routing
from alerts.dispatch.track import KIND
from alerts.dispatch.writing import MAP, Addresses, Writer
from alerts.store.outbox import SqlOutbox
from alerts.store.tellings import SqlTellings
from alerts.texts import Wording
from domain.language import _, active_language
from domain.network import Inventory
from domain.secrets import Secret, Token
from domain.time import NATIONAL, Moment, read_holidays
from inventory.store.key import read_key
from kentongan.errors import KentonganError
from kentongan.installation import Installation
from kentongan.run.outage import OutageDesk
from kentongan.settings import Loaded, Settings

log = structlog.get_logger(__name__)

THREADS = 4
TIMEOUT_SECONDS = 20.0


class CredentialAbsentError(KentonganError):
    """A setting names a token that is not stored."""


def wording_of(settings: Settings) -> Wording:
    language = settings.notify.language
    return Wording(active_language() if language == "auto" else language, ZoneInfo(settings.language.timezone))


def link_signer(installation: Installation) -> LinkSigner:
    """Its key comes from the one that seals the event log, which outlives a changed key of the credentials."""
    loaded = installation.loaded
    key = Secret(read_key(loaded.audit_key_file).reveal().hex())
    return LinkSigner(key, timedelta(hours=loaded.settings.notify.link_hours))


def office_holidays(loaded: Loaded) -> dict[date, str]:
    """The nation's and the office's own. A list that cannot be read is told of by `check`, and does not count."""
    try:
        return {**NATIONAL, **read_holidays(loaded.holidays_file.read_text(encoding="utf-8-sig"))}
    except FileNotFoundError:
        return dict(NATIONAL)
    except (OSError, ValueError) as error:
        log.warning("holidays_not_read", file=str(loaded.holidays_file), error=str(error))
        return dict(NATIONAL)


def make_dispatcher(installation: Installation, machines: Sequence[str]) -> Dispatcher:
    """Knows nobody yet: people and places come with the inventory. machines: beside those of the settings."""
    settings = installation.loaded.settings
    notify = settings.notify
    sign = link_signer(installation).sign if notify.base_url else None
    addresses = Addresses(notify.base_url, notify.map_url or MAP, sign, settings.console.public_url)
    return Dispatcher(
        Routing(()),
        Directory(Inventory(), {}),
        Writer(wording_of(settings), addresses),
        notify.timing(settings.language.timezone, office_holidays(installation.loaded)),
        (*notify.machines, *machines),
        provider_tickets=notify.provider_tickets,
    )


class Telling:
    """The ways out of an installation and the sender that uses them. Raises ChannelError for a wrong channels file."""

    def __init__(self, installation: Installation, channels: Mapping[str, Channel]) -> None:
        """channels: by scheme, for those that the settings do not name."""
        settings = installation.loaded.settings
        self._client = make_client(TIMEOUT_SECONDS)
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="telling")
        self.ways = read_installed_ways(installation, self._client, self._threads)
        notify = settings.notify
        # it runs in the loop of the poller: a tick that breaks ends the process, one that hangs keeps this from running
        self._life = SignOfLife(self._client, notify.watchdog_url, notify.watchdog_seconds, lambda: True)
        self._watched = bool(notify.watchdog_url)
        wording = wording_of(settings)
        rules = SenderRules(give_up_seconds=settings.notify.give_up_hours * 3600)
        self.sender = Sender(
            SqlOutbox(installation.database.engine),
            {**channels, **self.ways.channels},
            self.ways.limits_of,
            installation.clock,
            rules,
            late=wording.late,
        )

    async def start(self) -> None:
        await self.sender.start()
        if self._watched:
            await self._life.start()

    async def stop(self) -> None:
        if self._watched:
            await self._life.stop()
        await self.sender.stop()
        await self._client.aclose()
        self._threads.shutdown(wait=False, cancel_futures=True)


def read_installed_ways(installation: Installation, client: Client, threads: ThreadPoolExecutor) -> Ways:
    """As the settings name them. Raises ChannelError."""
    loaded = installation.loaded
    text, file = "", loaded.channels_file
    with suppress(FileNotFoundError):
        text = file.read_text(encoding="utf-8")
    signing = loaded.settings.notify.webhook_credential
    key = secret_of(installation, signing, "notify.webhook_credential") if signing else None
    return read_ways(text, str(file), lambda name: token_of(installation, name), client, threads, key)


def token_of(installation: Installation, name: str) -> Secret:
    """A stored token. Raises KeyError."""
    credential = installation.vault.get(name)
    if not isinstance(credential, Token):
        raise KeyError(name)
    return credential.token


def secret_of(installation: Installation, name: str, setting: str) -> Secret:
    """A stored token that a setting names. Raises CredentialAbsentError."""
    try:
        return token_of(installation, name)
    except KeyError:
        raise CredentialAbsentError(
            _("{setting}: there is no token {name}; store it with: kentongan credential add {name} --token").format(
                setting=setting, name=name
            )
        ) from None


def restore_outages(outage: OutageDesk, installation: Installation, now: Moment) -> None:
    """What was open, and what telling remembers of it, as it was kept."""
    memories = SqlTellings(installation.database.engine).read()
    told = {}
    for memory in memories:
        incident = installation.incidents.get(memory.key) if memory.kind == KIND else None
        if incident is not None:
            told[incident.id] = incident
    outage.restore(installation.incidents.open(), memories, told, now)
