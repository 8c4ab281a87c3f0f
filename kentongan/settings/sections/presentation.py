"""Sections about what people look at: the console, coverage, reports."""

from pydantic import Field, field_validator

from domain.coverage.evidence import Demands
from domain.network import PollClassName
from kentongan.settings.sections.entering import OidcSettings, shift_begins
from kentongan.settings.sections.section import Section, WebAddress


class ConsoleSettings(Section):
    """The web console: a process of its own, `kentongan console`."""

    host: str = Field("127.0.0.1", description="Address to listen on; a web server with TLS stands before it.")
    port: int = Field(9280, ge=0, le=65535, description="TCP port; 0 takes a free one.")
    public_url: WebAddress = Field(
        "", description="Where people reach it: messages link there; with https:// cookies go over TLS alone."
    )

    tiles_url: WebAddress = Field(
        "", description="Map tiles of a server of your own, with {z}, {x} and {y}; empty: outlines of kecamatan alone."
    )

    shifts: str = Field("07.00 15.00 23.00", description="When shifts begin, for the handover.")
    oidc: OidcSettings = OidcSettings()

    @field_validator("shifts")
    @classmethod
    def _times(cls, value: str) -> str:
        shift_begins(value)
        return value


class PrometheusSettings(Section):
    """The Prometheus that scrapes Kentongan: charts of the console and traffic in reports come from it."""

    url: WebAddress = Field(
        "", description="http://127.0.0.1:9090. Empty: pages and reports show what Kentongan itself knows, and say so."
    )


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
    schedule: str = Field(
        "reports.toml",
        description="File of the reports that are sent by themselves, relative to this one; may be absent.",
    )
