"""Sections about the installation itself: where it keeps things, how it speaks, what it writes of itself."""

from typing import Literal
from zoneinfo import available_timezones

from pydantic import Field, SecretStr, field_validator

from domain.language import _
from kentongan.settings.sections.section import Section


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


class ExporterSettings(Section):
    """Where Prometheus scrapes."""

    host: str = Field("127.0.0.1", description="Address to listen on; the metrics have no password of their own.")
    port: int = Field(9275, ge=0, le=65535, description="TCP port; 0 takes a free one.")
