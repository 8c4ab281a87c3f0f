"""The part `heartbeat` of a device's configuration: the script that `collectors/heartbeat` writes, its token a hole."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from collectors.heartbeat import ScriptKind, render_script
from domain.intent import Platform, SecretHole, Section
from domain.language import _
from domain.services import ScriptRefusedError, make_token
from provisioning.errors import IntentError
from provisioning.rendering import GivenPart

PART = "heartbeat"
_STAND_IN = make_token(bytes(range(100, 120)))


def credential_of(site: str) -> str:
    """The name that the site's token has in holes. It is made when the site is applied; the vault does not hold it."""
    return f"heartbeat-{site}"


@dataclass(slots=True)
class HeartbeatParts:
    """Scripts are written once for each platform and then belong to any site. tests: addresses and names to try."""

    url: str
    interval_seconds: int
    dns: tuple[str, ...] = ("www.google.com@8.8.8.8",)
    _written: dict[tuple[Platform, int], tuple[Section, ...]] = field(default_factory=dict)

    def of(self, platform: Platform, version: int, site: str) -> Mapping[str, GivenPart]:
        """Empty sections where the platform cannot push."""
        key = (platform, version)
        if key not in self._written:
            self._written[key] = self._sections(platform, version)
        token = _STAND_IN.reveal()
        hole = SecretHole(credential_of(site), "token").marker()  # letters and digits: every quoting leaves it alone
        sections = tuple(
            Section(each.part, tuple(line.replace(token, hole) for line in each.lines), each.target)
            for each in self._written[key]
        )
        return {PART: GivenPart(sections)}

    def _sections(self, platform: Platform, version: int) -> tuple[Section, ...]:
        match platform:
            case Platform.ROUTEROS:
                kind = ScriptKind.ROUTEROS7 if version >= 7 else ScriptKind.ROUTEROS6
                lines = tuple(line for line in self._script(kind) if " add " in line and not line.startswith("#"))
                return (Section(PART, lines),)
            case Platform.OPENWRT:
                return (Section(PART, self._script(ScriptKind.OPENWRT), "/tmp/kentongan-heartbeat.sh"),)  # noqa: S108
            case Platform.FRR:
                script = self._script(ScriptKind.SHELL)
                time = next(line for line in script if line.startswith("# crontab: ")).split()[2:7]
                cron = f"{' '.join(time)} nobody /usr/local/bin/kentongan-heartbeat >/dev/null 2>&1"
                return (
                    Section(PART, script, "/usr/local/bin/kentongan-heartbeat"),
                    Section(PART, (cron,), "/etc/cron.d/kentongan-heartbeat"),
                )
            case _:
                return ()

    def _script(self, kind: ScriptKind) -> tuple[str, ...]:
        try:
            text = render_script(kind, self.url, _STAND_IN, self.interval_seconds, dns=self.dns)
        except ScriptRefusedError as error:
            raise IntentError(_("The heartbeat cannot be written: {cause}").format(cause=error)) from error
        return tuple(line for line in text.splitlines() if line.strip())
