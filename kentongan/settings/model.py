"""Every setting there is: the sections of `kentongan.toml` in the order in which `init` writes them."""

from kentongan.settings.sections.changing import BackupSettings, ChangesSettings, SshSettings
from kentongan.settings.sections.installation import (
    DatabaseSettings,
    ExporterSettings,
    LanguageSettings,
    LogSettings,
    RetentionSettings,
    SecretsSettings,
    StateSettings,
)
from kentongan.settings.sections.presentation import (
    ConsoleSettings,
    CoverageSettings,
    PrometheusSettings,
    ReportSettings,
)
from kentongan.settings.sections.section import Section
from kentongan.settings.sections.telling import AlertsSettings, InboundSettings, NotifySettings, WatchdogSettings
from kentongan.settings.sections.watching import (
    HeartbeatSettings,
    LanSettings,
    PollingSettings,
    ServicesSettings,
    SyslogSettings,
)


class Settings(Section):
    """All of `kentongan.toml`."""

    state: StateSettings = StateSettings()
    database: DatabaseSettings = DatabaseSettings()
    secrets: SecretsSettings = SecretsSettings()
    language: LanguageSettings = LanguageSettings()
    exporter: ExporterSettings = ExporterSettings()
    prometheus: PrometheusSettings = PrometheusSettings()
    log: LogSettings = LogSettings()
    retention: RetentionSettings = RetentionSettings()
    polling: PollingSettings = PollingSettings()
    alerts: AlertsSettings = AlertsSettings()
    notify: NotifySettings = NotifySettings()
    inbound: InboundSettings = InboundSettings()
    watchdog: WatchdogSettings = WatchdogSettings()
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
