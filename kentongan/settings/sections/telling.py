"""Sections about incidents and whom they are told."""

import re
from collections.abc import Collection
from datetime import date
from typing import Literal
from zoneinfo import ZoneInfo

from pydantic import Field, field_validator

from alerts.desk import DeskRules
from alerts.dispatch.timing import Timing
from domain.language import _
from domain.time import NATIONAL, WeeklyHours
from kentongan.settings.sections.section import Section


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


class WatchdogSettings(Section):
    """`kentongan watchdog`, on another machine and another power line: who is listened for, and who is told."""

    host: str = Field("127.0.0.1", description="Address to listen on; put a web server with TLS before it.")
    port: int = Field(9277, ge=0, le=65535, description="TCP port; 0 takes a free one.")
    credential: str = Field("", description="Token that signs of life bring along (`credential add NAME --token`).")
    places: str = Field("", description="Who is listened for, as in their address: `kantor-pusat kantor-cadangan`.")
    patience_seconds: float = Field(300, ge=15, le=86400, description="So long a place may be silent.")
    tell: str = Field("", description="Who is told, as in people.csv: `telegram:-1001 mailto:noc@example.go.id`.")

    @field_validator("places")
    @classmethod
    def _parts_of_an_address(cls, value: str) -> str:
        wrong = next((place for place in value.split() if not re.fullmatch(r"[a-z0-9][a-z0-9-]{0,62}", place)), None)
        if wrong is not None:
            raise ValueError(_("'{place}' is no part of an address: small letters, digits and -").format(place=wrong))
        return value
