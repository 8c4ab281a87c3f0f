"""Every setting there is, with its default, its bounds and the sentence that `init` writes above it."""

import re
from collections.abc import Collection
from datetime import date
from typing import Literal
from zoneinfo import ZoneInfo, available_timezones

from pydantic import BaseModel, ConfigDict, Field, SecretStr, field_validator

from alerts.desk import DeskRules
from alerts.dispatch.timing import Timing
from domain.coverage.evidence import Demands
from domain.language import _
from domain.network import PollClassName
from domain.polling import DEFAULT_CLASSES, PollClass
from domain.time import NATIONAL, WeeklyHours


class Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class StateSettings(Section):
    """Where Kentongan keeps what must survive a restart."""

    folder: str = Field("var", description="Folder of database, key and backups; relative to this file.")


class DatabaseSettings(Section):
    """Inventory, states and audit."""

    url: SecretStr = Field(
        SecretStr(""),
        description="Empty: SQLite in the state folder. Else postgresql+psycopg://user:password@host/name.",
    )


class SecretsSettings(Section):
    """The key that encrypts stored credentials."""

    key_file: str = Field("key", description="File of mode 0600, relative to the state folder.")
    key: SecretStr = Field(
        SecretStr(""), description="The key itself instead of a file; best given in the environment."
    )


class LanguageSettings(Section):
    """Words and clocks for people."""

    language: Literal["auto", "id", "en"] = Field("auto", description="auto follows LANG.")
    timezone: str = Field("Asia/Jakarta", description="Asia/Jakarta (WIB), Asia/Makassar (WITA), Asia/Jayapura (WIT).")

    @field_validator("timezone")
    @classmethod
    def _known(cls, value: str) -> str:
        if value not in available_timezones():
            raise ValueError(_("this is not a time zone; write for example Asia/Jakarta"))
        return value


class ExporterSettings(Section):
    """Where Prometheus scrapes."""

    host: str = Field("127.0.0.1", description="Address to listen on; the metrics have no password of their own.")
    port: int = Field(9275, ge=0, le=65535, description="TCP port; 0 takes a free one.")


class LogSettings(Section):
    """What the processes write about themselves, to standard error."""

    level: Literal["debug", "info", "warning", "error"] = Field("info", description="Least severity that is written.")
    format: Literal["auto", "text", "json"] = Field("auto", description="auto: text on a terminal, JSON otherwise.")


class RetentionSettings(Section):
    """How long things are kept, in days."""

    samples_days: int = Field(400, ge=1, description="Samples, in Prometheus: goes into the rendered start command.")
    events_days: int = Field(1100, ge=1, description="State changes.")
    audit_days: int = Field(3650, ge=30, description="Who changed what.")
    messages_days: int = Field(400, ge=30, description="What was told to whom, from its delivery on.")


class PollClassSettings(Section):
    """Cadence of one poll class; 0 megabytes means no limit."""

    icmp_seconds: float = Field(gt=0, description="Between two echo requests to one device.")
    icmp_misses: int = Field(ge=1, le=60, description="Lost echoes in a row before a device counts as silent.")
    icmp_timeout_seconds: float = Field(ge=0.05, le=10, description="An echo that is not answered within this is lost.")
    icmp_recheck_seconds: float = Field(
        ge=0,
        le=60,
        description="0: asking again at once only saves a device. Else lost echoes so far apart count against it.",
    )
    snmp_seconds: float = Field(gt=0, description="Between two SNMP polls of one device.")
    snmp_misses: int = Field(ge=1, le=60, description="Lost polls in a row before SNMP counts as silent.")
    discovery_seconds: float = Field(ge=60, description="Between two full looks at a device's shape.")
    month_megabytes: float = Field(ge=0, description="Traffic that polling may cost a device in a month.")

    def as_class(self, name: PollClassName) -> PollClass:
        return PollClass(name, **self.model_dump())


def _shipped(name: PollClassName) -> PollClassSettings:
    poll_class = DEFAULT_CLASSES[name]
    return PollClassSettings(
        icmp_seconds=poll_class.icmp_seconds,
        icmp_misses=poll_class.icmp_misses,
        icmp_timeout_seconds=poll_class.icmp_timeout_seconds,
        icmp_recheck_seconds=poll_class.icmp_recheck_seconds,
        snmp_seconds=poll_class.snmp_seconds,
        snmp_misses=poll_class.snmp_misses,
        discovery_seconds=poll_class.discovery_seconds,
        month_megabytes=poll_class.month_megabytes,
    )


class PollingSettings(Section):
    """How the network is asked."""

    wake_seconds: float = Field(0.5, ge=0.005, le=2, description="Between two looks at the sockets; times stay exact.")
    profiles: str = Field(
        "", description="Folder of your own device profiles (*.yaml), relative to this file; empty: the shipped ones."
    )
    discoveries: int = Field(16, ge=1, le=256, description="Devices whose shape is found out at the same time.")
    fibre: PollClassSettings = _shipped(PollClassName.FIBRE)
    radio: PollClassSettings = _shipped(PollClassName.RADIO)
    metered: PollClassSettings = _shipped(PollClassName.METERED)
    slow: PollClassSettings = _shipped(PollClassName.SLOW)

    def classes(self) -> dict[PollClassName, PollClass]:
        return {name: getattr(self, name.value).as_class(name) for name in PollClassName}


class AlertsSettings(Section):
    """How patient the outage desk is."""

    settle_seconds: float = Field(
        60, ge=0, le=3600, description="A fault must stand this long before it is told: a generator may take over."
    )
    return_holds_seconds: float = Field(
        300, ge=1, le=7200, description="All are back this long before it is over; doubled at each relapse, twice."
    )
    straggle_seconds: float = Field(
        300, ge=1, le=7200, description="Who stays dark this long after the others are back is an incident of his own."
    )
    retell_seconds: float = Field(300, ge=1, le=86400, description="At most one update of an incident in this time.")
    flap_half_life_seconds: float = Field(
        900, ge=10, le=86400, description="In which the memory of a link that came and went fades by half."
    )
    thresholds: str = Field(
        "", description="Your own thresholds (TOML), laid over the shipped ones; relative to this file; empty: none."
    )

    def rules(self) -> DeskRules:
        return DeskRules(
            settle_seconds=self.settle_seconds,
            straggle_seconds=self.straggle_seconds,
            return_holds_seconds=self.return_holds_seconds,
            retell_seconds=self.retell_seconds,
            flap_half_life_seconds=self.flap_half_life_seconds,
        )


class NotifySettings(Section):
    """Who is told, and when. People, their channels and duty hours stand in people.csv."""

    language: Literal["auto", "id", "en"] = Field("auto", description="Of the messages; auto: as the program speaks.")
    webhooks: str = Field("", description="Addresses that get every notice at once as JSON, separated by spaces.")
    alertmanagers: str = Field("", description="Nodes of an Alertmanager, http://host:9093, separated by spaces.")
    webhook_credential: str = Field("", description="A stored token that signs the webhooks; empty: they are unsigned.")
    inbound_credential: str = Field(
        "", description="A stored token: the secret end of the addresses that gateways and Alertmanager post to."
    )
    channels: str = Field(
        "channels.toml",
        description="File of the ways out (telegram, wa, mailto, sms), relative to this file; may be absent.",
    )
    base_url: str = Field("", description="Where telephones reach Kentongan; empty: messages carry no links to it.")
    map_url: str = Field("", description="Address of a map with {latitude} and {longitude}; empty: OpenStreetMap.")
    link_hours: float = Field(12, gt=0, le=168, description="How long the link that acknowledges stays good.")
    quiet_hours: str = Field("21.00-07.30", description="Then only what may wake somebody is told; the rest waits.")
    digest_at: str = Field("07.30", description="When the night is summed up for each kecamatan; empty: never.")
    group_wait_seconds: float = Field(10, ge=0, le=3600, description="What begins within this goes to people together.")
    group_interval_seconds: float = Field(300, ge=0, le=86400, description="Between two updates of one incident.")
    repeat_hours: float = Field(4, gt=0, le=168, description="A page that nobody takes is said again after this.")
    escalate_minutes: float = Field(15, gt=0, le=1440, description="Until the next ring of people is told.")
    acknowledged_hours: float = Field(4, gt=0, le=168, description="How long an acknowledgement holds by itself.")
    burst: int = Field(6, ge=1, le=1000, description="Messages to one channel in the window; the rest is summed up.")
    window_minutes: float = Field(10, gt=0, le=1440, description="The window of the burst.")
    give_up_hours: float = Field(24, gt=0, le=720, description="After this a message that nobody takes is given up.")
    provider_tickets: bool = Field(False, description="Mail the ticket text to the contract's NOC at once.")
    watchdog_url: str = Field("", description="Is told regularly that Kentongan lives; its silence is the alarm.")
    watchdog_seconds: float = Field(60, ge=5, le=3600, description="Between two signs of life.")

    @field_validator("quiet_hours")
    @classmethod
    def _readable(cls, value: str) -> str:
        if value:
            WeeklyHours.parse(value)
        return value

    @field_validator("digest_at")
    @classmethod
    def _a_time(cls, value: str) -> str:
        if value and not re.fullmatch(r"([01]?\d|2[0-3])[.:][0-5]\d", value):
            raise ValueError(_("this is not a time of the day; write for example 07.30"))
        return value

    @field_validator("webhooks", "alertmanagers", "base_url", "watchdog_url")
    @classmethod
    def _web_addresses(cls, value: str) -> str:
        if any(not address.startswith(("http://", "https://")) for address in value.split()):
            raise ValueError(_("write web addresses that begin with https:// or http://"))
        return value

    @field_validator("map_url")
    @classmethod
    def _known_fields(cls, value: str) -> str:
        try:
            value.format(latitude=0.0, longitude=0.0)
        except (KeyError, IndexError, ValueError):
            raise ValueError(_("only {latitude} and {longitude} may stand in braces")) from None
        return value

    def timing(self, timezone: str, holidays: Collection[date] = NATIONAL) -> Timing:
        never = WeeklyHours(((),) * 7)
        return Timing(
            zone=ZoneInfo(timezone),
            quiet=WeeklyHours.parse(self.quiet_hours) if self.quiet_hours else never,
            holidays=holidays,
            group_wait_seconds=self.group_wait_seconds,
            group_interval_seconds=self.group_interval_seconds,
            repeat_seconds=self.repeat_hours * 3600,
            escalate_seconds=self.escalate_minutes * 60,
            acknowledged_seconds=self.acknowledged_hours * 3600,
            burst=self.burst,
            window_seconds=self.window_minutes * 60,
        )

    @property
    def machines(self) -> tuple[str, ...]:
        """Channels that hear everything."""
        nodes = [f"alertmanager:{address}" for address in self.alertmanagers.split()]
        return (*(f"webhook:{address}" for address in self.webhooks.split()), *nodes)


class InboundSettings(Section):
    """Where telephones, gateways and Alertmanager reach us: only with notify.base_url or inbound_credential."""

    host: str = Field(
        "127.0.0.1", description="Address to listen on, apart from the metrics; put a web server before it."
    )
    port: int = Field(9276, ge=0, le=65535, description="TCP port; 0 takes a free one.")


class ConsoleSettings(Section):
    """The web console: a process of its own, `kentongan console`."""

    host: str = Field("127.0.0.1", description="Address to listen on; a web server with TLS stands before it.")
    port: int = Field(9280, ge=0, le=65535, description="TCP port; 0 takes a free one.")
    public_url: str = Field(
        "", description="Where people reach it: messages link there; with https:// cookies go over TLS alone."
    )

    @field_validator("public_url")
    @classmethod
    def _a_web_address(cls, value: str) -> str:
        if value and not value.startswith(("http://", "https://")):
            raise ValueError(_("write a web address that begins with https:// or http://"))
        return value


class ServicesSettings(Section):
    """How applications and cameras are checked."""

    at_once: int = Field(24, ge=1, le=512, description="Checks under way at the same time.")
    misses: int = Field(2, ge=1, le=20, description="Bad checks in a row before a service counts as failing.")
    search_seconds: float = Field(
        900,
        ge=0,
        le=86400,
        description="How long the view of a search engine is believed before it is looked at again.",
    )
    warn_days: float = Field(30, ge=0, le=365, description="Warning before a certificate ends; again 7 days before.")
    ca_files: str = Field(
        "",
        description="Files of issuers to trust beside the system's, relative to this file, separated by commas.",
    )
    forbidden_words: str = Field(
        "", description="File of words that condemn a page, beside the shipped ones; relative to this file."
    )
    rtsp_port: int = Field(554, ge=1, le=65535, description="TCP port of cameras.")
    ffmpeg: str = Field("", description="Program that looks at pictures; empty: streams are watched, not decoded.")

    @property
    def ca_names(self) -> tuple[str, ...]:
        return tuple(name for part in self.ca_files.split(",") if (name := part.strip()))


class HeartbeatSettings(Section):
    """What sites push that cannot be asked."""

    url: str = Field("", description="Where sites reach Kentongan; empty: http://HOST:PORT of the exporter.")
    interval_seconds: int = Field(60, ge=30, le=86400, description="Between two heartbeats of a site.")
    missed_intervals: float = Field(
        3, ge=1.5, le=100, description="Intervals without one until a site counts as silent."
    )

    @field_validator("url")
    @classmethod
    def _a_web_address(cls, value: str) -> str:
        if value and not value.startswith(("http://", "https://")):
            raise ValueError(_("write a web address that begins with https:// or http://"))
        return value


class SshSettings(Section):
    """How devices are logged in to by SSH."""

    credential: str = Field("", description="Stored SSH login for devices that have none of their own; empty: none.")
    first_use: bool = Field(
        True, description="Believe the host key of a device at the first meeting; false: a person accepts each one."
    )
    connect_seconds: float = Field(15, ge=1, le=120, description="Until a device must have answered and let us in.")


class BackupSettings(Section):
    """Configurations of devices, fetched once a day and kept in git. Devices without an SSH login are left out."""

    hour: float = Field(1, ge=0, lt=24, description="Hour of the kabupaten's day from which on they are fetched.")
    spread_minutes: float = Field(120, ge=0, le=1380, description="Over which the devices are spread from then on.")
    workers: int = Field(4, ge=1, le=64, description="Devices that are read at the same time.")
    timeout_seconds: float = Field(180, ge=10, le=3600, description="Hard limit of one conversation with a device.")
    stale_days: float = Field(3, gt=0, le=365, description="A configuration not read for so long is an alarm.")


class SyslogSettings(Section):
    """Where devices send their log: who changed what is kept, and what was changed is read again soon after."""

    host: str = Field("", description="Address to listen on, 0.0.0.0 for every one; empty: nobody listens.")
    port: int = Field(
        514, ge=0, le=65535, description="UDP and TCP port; below 1024 the service needs CAP_NET_BIND_SERVICE."
    )
    tcp: bool = Field(True, description="Listen on TCP too.")
    per_minute: float = Field(
        120, ge=1, le=6000, description="Messages of one device that are read in the long run; more is a flood, cut."
    )
    keep_days: int = Field(400, ge=1, description="How long it is kept who changed what.")


class LanSettings(Section):
    """What happens on the networks behind routers, asked on routers that can be logged in to by SSH."""

    interval_minutes: int = Field(
        60, ge=0, le=10080, description="Between two questions to one router; 0: never asked."
    )
    metered_hours: float = Field(
        24, ge=1, le=720, description="The same on lines of the poll classes metered and slow."
    )
    workers: int = Field(2, ge=1, le=32, description="Routers that are asked at the same time.")
    timeout_seconds: float = Field(60, ge=5, le=600, description="Hard limit of one conversation with a router.")


class ChangesSettings(Section):
    """How sites are built and changed on devices."""

    approvals: int = Field(1, ge=1, le=5, description="People who must agree to a change; 1: whoever applies it.")
    revert_seconds: int = Field(
        600, ge=2, le=3600, description="A device that was told something comes back by itself after so many seconds."
    )
    dns_name: str = Field("www.google.com", description="A name that a new site must be able to look up.")
    throughput_seconds: float = Field(
        5, ge=0, le=30, description="How long each way of a new line is measured; 0: it is not. Never on metered ones."
    )
    throughput_share: float = Field(
        0.8, gt=0, le=1, description="What part of the agreed rate (links.csv) must come through."
    )
    bandwidth_server: str = Field(
        "", description="A RouterOS with its bandwidth server on, for RouterOS routers to test against; empty: never."
    )
    bandwidth_credential: str = Field("", description="Stored SSH login that the bandwidth server asks for.")


class CoverageSettings(Section):
    """When a village counts as served: measured, not claimed."""

    fibre_percent: float = Field(95, ge=0, le=100, description="Of its service hours, where it hangs on fibre.")
    radio_percent: float = Field(90, ge=0, le=100, description="Where it hangs on radio.")
    metered_percent: float = Field(85, ge=0, le=100, description="Where it hangs on LTE or another metered way.")
    slow_percent: float = Field(80, ge=0, le=100, description="Where it hangs on a satellite.")
    seen_percent: float = Field(50, ge=0, le=100, description="Of its service hours that must have been seen.")
    window_days: int = Field(30, ge=1, le=366, description="Days that are looked at, up to the date asked for.")
    use_days: int = Field(5, ge=0, le=366, description="Of them with clients and traffic beyond our own polling.")
    use_megabytes: float = Field(10, ge=0, description="Traffic of a day beyond our own polling that counts as use.")
    speed_days: int = Field(90, ge=0, le=366, description="So long a measured speed proves use instead.")

    def demands(self) -> Demands:
        percent = {name: float(getattr(self, f"{name.value}_percent")) for name in PollClassName}
        return Demands(percent, self.seen_percent, self.use_days, self.speed_days, self.window_days)


class ReportSettings(Section):
    """How reports begin and end: the letterhead, who signs, and sentences of your own."""

    government: str = Field("", description="Above the institution: PEMERINTAH KABUPATEN PURWAKARTA.")
    institution: str = Field("", description="Dinas Komunikasi dan Informatika; empty: Diskominfo of the kabupaten.")
    address: str = Field("", description="Street, town and postal code.")
    contact: str = Field("", description="Telephone, mail, web.")
    city: str = Field("", description="Where it is signed; stands before the date.")
    position: str = Field("", description="Of whom signs: Kepala Dinas Komunikasi dan Informatika.")
    signer: str = Field("", description="Name of whom signs; empty: a line to write it on.")
    rank: str = Field("", description="Rank of whom signs: Pembina Utama Muda.")
    number: str = Field("", description="Number of the official (NIP) of whom signs.")
    opening: str = Field("", description="A paragraph before the figures.")
    closing: str = Field("", description="A paragraph after the figures, before the signature.")


class Settings(Section):
    """All of `kentongan.toml`."""

    state: StateSettings = StateSettings()
    database: DatabaseSettings = DatabaseSettings()
    secrets: SecretsSettings = SecretsSettings()
    language: LanguageSettings = LanguageSettings()
    exporter: ExporterSettings = ExporterSettings()
    log: LogSettings = LogSettings()
    retention: RetentionSettings = RetentionSettings()
    polling: PollingSettings = PollingSettings()
    alerts: AlertsSettings = AlertsSettings()
    notify: NotifySettings = NotifySettings()
    inbound: InboundSettings = InboundSettings()
    console: ConsoleSettings = ConsoleSettings()
    services: ServicesSettings = ServicesSettings()
    heartbeat: HeartbeatSettings = HeartbeatSettings()
    ssh: SshSettings = SshSettings()
    backup: BackupSettings = BackupSettings()
    lan: LanSettings = LanSettings()
    syslog: SyslogSettings = SyslogSettings()
    changes: ChangesSettings = ChangesSettings()
    coverage: CoverageSettings = CoverageSettings()
    report: ReportSettings = ReportSettings()
