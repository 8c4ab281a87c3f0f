"""Kept configurations and the queue of doubts in memory."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from console.ports.backups import BackupRow, Drifted, Drifting, Kept
from console.ports.discovery import Doubted, Found, Taken
from console.ports.sites import ConflictError, RefusedError
from domain.network.units import UnitQuestion
from tests.unit.console.console_office import EVIL, NOW

NEW, OLD = "b" * 40, "a" * 40
TEXTS = {OLD: "hostname a\nsnmp ***\n", NEW: f"hostname a\nsnmp ***\ndescription {EVIL}\n"}


@dataclass
class MemoryBackups:
    held: list[BackupRow] = field(
        default_factory=lambda: [
            BackupRow("rtr-citeko", "desa-citeko", "mikrotik-routeros", NOW, NOW, 3, stale=False),
            BackupRow("rtr-cadassari", "desa-cadassari", "=cisco", NOW - timedelta(days=9), NOW, 3, "busy", EVIL, 2),
            BackupRow("srv-1", "dc", "frr", has_login=False, cause="no-login"),
        ]
    )
    states: dict[str, Drifting] = field(
        default_factory=lambda: {"rtr-citeko": Drifting.DRIFTED, "rtr-cadassari": Drifting.MATCHES}
    )
    ordered: list[tuple[str, str]] = field(default_factory=list)

    def rows(self) -> Sequence[BackupRow]:
        return self.held

    def history(self, device: str) -> Sequence[Kept]:
        return [Kept(NEW, NOW, EVIL, EVIL, 1, 0), Kept(OLD, NOW - timedelta(days=1), "", "first", 2, 0)]

    def text(self, device: str, revision: str) -> str:
        return TEXTS[revision]

    def drift(self) -> Mapping[str, Drifting]:
        return self.states

    def drifted(self, device: str) -> Drifted:
        state = self.states.get(device, Drifting.NO_INTENT)
        lines = ("@@ /ip @@", f"+ add {EVIL}", "- drop ***") if state is Drifting.DRIFTED else ()
        return Drifted(state, lines)

    def read_now(self, device: str, who: str, token: str = "") -> None:
        if (device, who) in self.ordered:
            raise ConflictError(f"{device} is being read already.")
        if device == "srv-1":
            raise RefusedError("srv-1 cannot be read.")
        self.ordered.append((device, who))


def found(key: str, seen_by: str, site: str, ignored: str = "") -> Found:
    return Found(key, f"sw {EVIL}", key, "lldp", seen_by, "ether1", site, NOW, ignored, "siti" if ignored else "")


@dataclass
class MemoryStrangers:
    held: list[Found] = field(
        default_factory=lambda: [
            found("aa:01", "rtr-citeko", "desa-citeko"),
            found("aa:02", "rtr-cadassari", "desa-cadassari"),
            found("=aa:03", "rtr-citeko", "desa-citeko", f"tetangga {EVIL}"),
        ]
    )
    acts: list[tuple[str, ...]] = field(default_factory=list)

    def found(self) -> Sequence[Found]:
        return self.held

    def ignore(self, key: str, reason: str, who: str) -> None:
        self.acts.append(("ignore", key, reason, who))

    def take(self, taken: Taken, who: str) -> None:
        if taken.name == "taken":
            raise ConflictError("There is a device taken already.")
        self.acts.append(("take", taken.key, taken.name, taken.role.value, who))


@dataclass
class MemoryDoubts:
    acts: list[tuple[str, ...]] = field(default_factory=list)

    def questions(self) -> Sequence[UnitQuestion]:
        return [
            UnitQuestion(device, f"HE1{EVIL}", "HE0", f"hEX {EVIL}", "", device, NOW, NOW)
            for device in ("rtr-citeko", "rtr-cadassari")
        ]

    def dismiss(self, device: str, serial: str, reason: str, who: str) -> None:
        self.acts.append(("dismiss", device, serial, reason, who))

    def host_keys(self) -> Sequence[Doubted]:
        return [Doubted(device, "", None, "SHA256:new", NOW) for device in ("rtr-citeko", "rtr-cadassari")]

    def believe(self, device: str, fingerprint: str, who: str) -> None:
        if fingerprint != "SHA256:new":
            raise ConflictError(f"{device} showed SHA256:new since.")
        self.acts.append(("believe", device, who))
