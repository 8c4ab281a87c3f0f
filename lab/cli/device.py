"""A simulated device as tests and trainers hold it: one model, its clock, its power, its faults, its host key.

Says what is so; opens no socket (`lab.cli.server` does). May be used from another thread than the server's.
"""

import hashlib
import re
import threading
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Self, TypedDict, Unpack

from lab.cli.clock import LabClock
from lab.cli.conversation import Closing, Console, Journal, Login, PoweredModel, Reply
from lab.cli.faults import Faults
from lab.cli.ios import IosRouter
from lab.cli.lines.plant import Onu
from lab.cli.platforms import Platform, traits_of
from lab.cli.routeros import HEX_S, Router
from lab.cli.smartax import SmartAxOlt
from lab.cli.vrp import VrpSwitch
from lab.cli.zte import ZteOlt

DEFAULT_MANAGER = "192.168.88.10"
DEFAULT_ADDRESS = "192.168.88.1/24"
UP_SECONDS = 3600.0


class Setting(TypedDict, total=False):
    """What stands around any device, whatever it is; see `SimulatedDevice`."""

    manager: str
    clock: LabClock | None
    faults: Faults | None
    boot_seconds: float
    seed: str


class SimulatedDevice:
    """`manager` is the address that our connections are taken to come from, whatever the loopback says: the device's
    own addresses, routes, firewall and access lists decide whether it still lets us in."""

    def __init__(
        self,
        platform: Platform,
        model: PoweredModel,
        *,
        manager: str = DEFAULT_MANAGER,
        clock: LabClock | None = None,
        faults: Faults | None = None,
        boot_seconds: float = 1.0,
        seed: str = "",
    ) -> None:
        self.platform = platform
        self.traits = traits_of(platform)
        self.model = model
        self.manager = manager
        self.clock = clock or LabClock()
        self.boot_seconds = boot_seconds
        self.journal = Journal()
        self.reboots = 0
        self.seed = seed or platform
        self.lock = threading.RLock()
        self._key_number = 0
        self._dark_until: float | None = None
        self._powered = True
        self._watchers: list[Callable[[], None]] = []
        self._faults = Faults()
        self.model.boot(self.clock.now())
        self.faults = faults or Faults()

    @classmethod
    def routeros(
        cls,
        version: str = "7.16",
        *,
        hostname: str = "MikroTik",
        address: str = DEFAULT_ADDRESS,
        board: str = "RB760iGS",
        serial: str = "HE108PZ0LAB",
        interfaces: Sequence[str] = HEX_S,
        **setting: Unpack[Setting],
    ) -> Self:
        """RouterOS 6 or 7; its address is on the first interface (empty: none), `admin` has no password. It has run
        for an hour."""
        clock = setting["clock"] = setting.get("clock") or LabClock()
        model = Router(
            version,
            hostname=hostname,
            address=address,
            board=board,
            serial=serial,
            interfaces=interfaces,
            now=clock.now(),
        )
        platform = Platform.ROUTEROS6 if version.startswith("6") else Platform.ROUTEROS7
        made = cls._called(hostname, platform, model, setting)
        model.has_run(UP_SECONDS)
        return made

    @classmethod
    def ios(
        cls,
        version: str = "15.7(3)M3",
        *,
        hostname: str = "Router",
        address: str = DEFAULT_ADDRESS,
        serial: str = "FGL2000LAB1",
        **setting: Unpack[Setting],
    ) -> Self:
        """A Cisco 2901 with its management address on GigabitEthernet0/0."""
        model = IosRouter(hostname=hostname, address=address, version=version, serial=serial)
        return cls._called(hostname, Platform.IOS, model, setting)

    @classmethod
    def vrp(
        cls,
        version: str = "V200R019C10SPC500",
        *,
        hostname: str = "HUAWEI",
        address: str = DEFAULT_ADDRESS,
        serial: str = "2102359575LAB0000001",
        **setting: Unpack[Setting],
    ) -> Self:
        """A Huawei switch with its management address on Vlanif1; a version `V8…` has two phases and rollback."""
        model = VrpSwitch(hostname=hostname, address=address, version=version, serial=serial)
        return cls._called(hostname, Platform.VRP, model, setting)

    @classmethod
    def zte_olt(
        cls,
        *,
        hostname: str = "ZXAN",
        address: str = DEFAULT_ADDRESS,
        serial: str = "219424LAB001",
        onus: tuple[Onu, ...] = (),
        **setting: Unpack[Setting],
    ) -> Self:
        """A ZTE C320; `onus` hang on its fibres, lit and not registered (ports `1/1/1` to `1/1/4`)."""
        model = ZteOlt(hostname=hostname, address=address, serial=serial, onus=onus)
        return cls._called(hostname, Platform.ZTE_OLT, model, setting)

    @classmethod
    def huawei_olt(
        cls,
        *,
        hostname: str = "MA5608T",
        address: str = DEFAULT_ADDRESS,
        serial: str = "2102350LAB0001",
        onus: tuple[Onu, ...] = (),
        **setting: Unpack[Setting],
    ) -> Self:
        """A Huawei MA5608T; `onus` hang on its fibres, lit and not added (ports `0/1/0` to `0/1/15`)."""
        model = SmartAxOlt(hostname=hostname, address=address, serial=serial, onus=onus)
        return cls._called(hostname, Platform.HUAWEI_OLT, model, setting)

    @classmethod
    def _called(cls, hostname: str, platform: Platform, model: PoweredModel, setting: "Setting") -> Self:
        setting["seed"] = setting.get("seed") or hostname
        return cls(platform, model, **setting)

    @property
    def faults(self) -> Faults:
        return self._faults

    @faults.setter
    def faults(self, faults: Faults) -> None:
        with self.lock:
            self._faults = faults
            self.model.order(faults.ordered())

    def watch(self, watcher: Callable[[], None]) -> None:
        """`watcher()` is called, in whatever thread, each time something may have changed."""
        self._watchers.append(watcher)

    def unwatch(self, watcher: Callable[[], None]) -> None:
        self._watchers.remove(watcher)

    def open(self, login: Login) -> Console:
        with self.lock:
            return self.model.console(login, self.clock.now())

    def close(self, console: Console) -> None:
        """Its session is over, whoever ended it."""
        with self.lock:
            if isinstance(console, Closing) and not self.dark:
                console.closed(self.clock.now())
        self._tell()

    def accepts(self, user: str, password: str) -> bool:
        with self.lock:
            return not self._faults.refuses_login and self.model.accepts(user, password)

    def trusts(self, user: str, public_key: str) -> bool:
        with self.lock:
            return not self._faults.refuses_login and self.model.trusts(user, public_key)

    def take(self, console: Console, user: str, line: str) -> Reply:
        """One line or key of a session. The device may be dark afterwards."""
        with self.lock:
            now = self.clock.now()
            self._pass_time(now)
            self.journal.lines.append((now, user, line))
            reply = console.take(line, now)
            if reply.restarts or (self._faults.reboots_at and re.search(self._faults.reboots_at, line)):
                self._go_down(now)
        self._tell()
        return reply

    def settle(self) -> float | None:
        """Let due timers fire; seconds of our time until the next moment that needs another call, None: no such."""
        with self.lock:
            now = self.clock.now()
            self._pass_time(now)
            moments = [at for at in (self.model.due() if not self.dark else None, self._dark_until) if at is not None]
            if not self._powered or not moments:
                return None
            return max(0.0, min(moments) - now) / self.clock.speed

    @property
    def dark(self) -> bool:
        """Without power or booting."""
        return not self._powered or self._dark_until is not None

    def admits(self, *, established: bool) -> bool:
        """Whether the device's own configuration still lets the manager's packets in and its answers out."""
        with self.lock:
            return not self.dark and self.model.admits(self.manager, established=established)

    def advance(self, seconds: float) -> None:
        """Move the device's clock forward; what was due on the way fires, in order."""
        with self.lock:
            target = self.clock.now() + seconds
            while (due := self._next_moment()) is not None and due <= target:
                self.clock.advance(max(0.0, due - self.clock.now()))
                self._pass_time(max(due, self.clock.now()))
            self.clock.advance(max(0.0, target - self.clock.now()))
            self._pass_time(self.clock.now())
        self._tell()

    def reboot(self) -> None:
        """As by its watchdog or a pulled plug put back at once: what was not saved is lost."""
        with self.lock:
            self._go_down(self.clock.now())
        self._tell()

    def cut_power(self) -> None:
        with self.lock:
            self._powered = False
            self._dark_until = None
        self._tell()

    def restore_power(self) -> None:
        with self.lock:
            if not self._powered:
                self._powered = True
                self._go_down(self.clock.now())
        self._tell()

    def configuration(self) -> str:
        """What runs now, secrets shown, as the device's own export would say it."""
        with self.lock:
            return self.model.running(self.clock.now())

    def saved(self) -> str:
        """What it would boot with."""
        with self.lock:
            return self.model.saved(self.clock.now())

    def change_host_key(self) -> None:
        """From the next connection on: another box, a factory reset, or somebody in between."""
        with self.lock:
            self._key_number += 1
        self._tell()

    def key_material(self) -> bytes:
        """32 bytes that make the host key; the same for the same seed."""
        return hashlib.sha256(f"{self.seed} host key {self._key_number}".encode()).digest()

    def order(self, **changes: object) -> None:
        """Change single faults: `device.order(disk_full=True)`."""
        self.faults = replace(self._faults, **changes)  # type: ignore[arg-type]
        self._tell()

    def _next_moment(self) -> float | None:
        if not self._powered:
            return None
        return self._dark_until if self._dark_until is not None else self.model.due()

    def _pass_time(self, now: float) -> None:
        if not self._powered:
            return
        if self._dark_until is not None:
            if now < self._dark_until:
                return
            self._dark_until = None
            self.model.boot(now)
        if self.model.pass_time(now):
            self._go_down(now)

    def _go_down(self, now: float) -> None:
        self.reboots += 1
        self._dark_until = now + self.boot_seconds

    def _tell(self) -> None:
        for watcher in tuple(self._watchers):
            watcher()
