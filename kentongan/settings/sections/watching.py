"""Sections about what is asked of the network, and what it tells by itself."""

from pydantic import Field

from domain.network import PollClassName
from domain.polling import DEFAULT_CLASSES, PollClass
from kentongan.settings.sections.section import Section, WebAddress


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

    url: WebAddress = Field("", description="Where sites reach Kentongan; empty: http://HOST:PORT of the exporter.")
    interval_seconds: int = Field(60, ge=30, le=86400, description="Between two heartbeats of a site.")
    missed_intervals: float = Field(
        3, ge=1.5, le=100, description="Intervals without one until a site counts as silent."
    )


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
