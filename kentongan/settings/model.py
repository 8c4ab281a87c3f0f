"""Every setting there is, with its default, its bounds and the sentence that `init` writes above it."""

from typing import Literal
from zoneinfo import available_timezones

from pydantic import BaseModel, ConfigDict, Field, SecretStr, field_validator

from alerts.desk import DeskRules
from domain.language import _
from domain.network import PollClassName
from domain.polling import DEFAULT_CLASSES, PollClass


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


class PollClassSettings(Section):
    """Cadence of one poll class; 0 megabytes means no limit."""

    icmp_seconds: float = Field(gt=0, description="Between two echo requests to one device.")
    icmp_misses: int = Field(ge=1, le=60, description="Lost echoes in a row before a device counts as silent.")
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

    def rules(self) -> DeskRules:
        return DeskRules(
            settle_seconds=self.settle_seconds,
            straggle_seconds=self.straggle_seconds,
            return_holds_seconds=self.return_holds_seconds,
            retell_seconds=self.retell_seconds,
            flap_half_life_seconds=self.flap_half_life_seconds,
        )


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
