"""Sections about logging in to devices: backups of their configurations, and changes."""

from pydantic import Field

from kentongan.settings.sections.section import Section


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
