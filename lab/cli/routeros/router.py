"""A MikroTik router as a model: its configuration, files, users, schedule and log, written at once and kept over a
power cut, as RouterOS does. Pure: the time comes with each call.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from lab.cli.conversation import Login, Ordered
from lab.cli.routeros.admission import admits
from lab.cli.routeros.configuration import HEX_S, Configuration, Item, factory
from lab.cli.routeros.console import RouterConsole
from lab.cli.routeros.errors import FailureError, RouterError
from lab.cli.routeros.exporting import ExportStyle, Identity, exported, release_of
from lab.cli.routeros.lan import Lan
from lab.cli.routeros.menus import Menu
from lab.cli.routeros.schedule import next_run, printed_date
from lab.cli.routeros.shell import Shell, StopRunError
from lab.cli.routeros.syntax import parse
from lab.cli.routeros.system_commands import RouterCommands
from lab.cli.routeros.tables import Table
from lab.cli.routeros.values import printed_time
from lab.cli.routeros.words import Value

_ZONES = {"Asia/Jakarta": 7, "Asia/Pontianak": 7, "Asia/Makassar": 8, "Asia/Jayapura": 9}
_LOG_LINES = 1000
_ARCHITECTURES = {"RB760iGS": "mmips", "RB5009UG+S+": "arm64", "hAP ac^2": "arm"}


@dataclass(slots=True)
class Stored:
    """One file: text, or a configuration sealed in a backup."""

    content: str
    kind: str
    created: float
    backup: "Backup | None" = None


@dataclass(frozen=True, slots=True)
class Backup:
    configuration: Configuration
    password: str


class Router:
    """Implements PoweredModel, and what its commands need."""

    def __init__(
        self,
        version: str,
        *,
        hostname: str,
        address: str,
        board: str,
        serial: str,
        now: float,
        user: str = "admin",
        interfaces: Sequence[str] = HEX_S,
    ) -> None:
        self.version = version
        self.major = release_of(version)[0]
        self.user = user
        self.interfaces = tuple(interfaces)
        self.configuration = factory(self.major, interfaces=self.interfaces)
        self.globals: dict[str, Value] = {}
        self.web: dict[str, str] = {}
        self.reachable: set[str] = set()
        self.lan = Lan()
        self.after_boot = ""
        self.restarting = False
        self._address = address.partition("/")[0]
        self._board = board
        self._serial = serial
        self._files: dict[str, Stored] = {}
        self._log: list[dict[str, str]] = []
        self._now = now
        self._booted = now
        self._waited = 0.0
        self._planned: dict[int, tuple[str, float | None]] = {}
        self._runs: dict[int, int] = {}
        self._ordered = Ordered()
        self.configuration.singles["/system identity"] = {"name": hostname}
        if address:
            table = Table(self.configuration, self.configuration.menus["/ip address"])
            table.add({"address": address, "interface": self.interfaces[0]})

    # --- the model

    def has_run(self, seconds: float) -> None:
        """Since its last start; for a router that stood there long before anybody looked at it."""
        self._booted = self._now - seconds

    def boot(self, now: float) -> None:
        self._now = self._booted = now
        self.restarting = False
        self.globals.clear()
        self._planned.clear()
        self._runs.clear()
        self._log = []
        self.log("system,info", "router rebooted")
        if self.after_boot:
            name, self.after_boot = self.after_boot, ""
            self._run_quietly(self.read_file(name) or "", f"script {name}")
        self.plan()

    def console(self, login: Login, now: float) -> RouterConsole:
        self._now = now
        self.log("system,info,account", f"user {login.user} logged in from {login.address} via ssh")
        return RouterConsole(self, login)

    def accepts(self, user: str, password: str) -> bool:
        found = self._account(user)
        keys = any(item.given.get("user") == user for item in self.configuration.items("/user ssh-keys"))
        if keys and self.configuration.single("/ip ssh", "always-allow-password-login") != "yes":
            return False
        return found is not None and found.given.get("password", "") == password

    def trusts(self, user: str, public_key: str) -> bool:
        wanted = public_key.split()[:2]
        return self._account(user) is not None and any(
            item.given.get("user") == user and item.given.get("key", "").split()[:2] == wanted
            for item in self.configuration.items("/user ssh-keys")
        )

    def admits(self, address: str, *, established: bool) -> bool:
        return admits(self.configuration, self._address, address, established=established)

    def pass_time(self, now: float) -> bool:
        """Run what is due; True: the router goes down now."""
        self._now = now
        for item in list(self.configuration.items("/system scheduler")):
            self.plan()
            at = self._planned.get(item.number, ("", None))[1]
            if at is None or at > now or item.disabled:
                continue
            self._planned[item.number] = (
                self._signature(item),
                next_run(item.given, self._booted, now, self.zone_seconds),
            )
            self._runs[item.number] = self._runs.get(item.number, 0) + 1
            self._run_event(item)
            if self.restarting:
                return True
        return self.restarting

    def due(self) -> float | None:
        self.plan()
        return min((at for _signature, at in self._planned.values() if at is not None), default=None)

    def add_login(self, user: str, password: str, public_key: str) -> None:
        found = self._account(user)
        if found is None:
            found = self.configuration.add("/user", {"name": user, "group": "full"})
        found.given["password"] = password
        if public_key:
            self.configuration.add("/user ssh-keys", {"user": user, "key": public_key})
            if password:
                self.configuration.singles.setdefault("/ip ssh", {})["always-allow-password-login"] = "yes"

    def order(self, ordered: Ordered) -> None:
        self._ordered = ordered

    @property
    def ignores(self) -> str:
        return self._ordered.ignores

    def running(self, now: float) -> str:
        self._now = now
        return self.export_text(ExportStyle(sensitive=True), "")

    def saved(self, now: float) -> str:
        return self.running(now)

    # --- time

    @property
    def zone_seconds(self) -> float:
        return _ZONES.get(self.configuration.single("/system clock", "time-zone-name"), 0) * 3600.0

    @property
    def iso_dates(self) -> bool:
        return release_of(self.version) >= (7, 10)

    @property
    def has_dry_run(self) -> bool:
        return release_of(self.version) >= (7, 16)

    def moment(self, at: float | None = None) -> datetime:
        """Local time, as the router's clock shows it."""
        return datetime.fromtimestamp(self._now if at is None else at, UTC) + timedelta(seconds=self.zone_seconds)

    def set_now(self, now: float) -> None:
        self._now = now
        self._waited = 0.0

    def delay(self, seconds: float) -> None:
        """`:delay` in a simulation: time does not stand still for it."""
        self._waited += seconds

    def plan(self) -> None:
        """Give each scheduler entry that is new or changed its next run."""
        kept: dict[int, tuple[str, float | None]] = {}
        for item in self.configuration.items("/system scheduler"):
            if "start-time" not in item.given:
                item.given["start-date"] = printed_date(self.moment(), iso=self.iso_dates)
                item.given["start-time"] = f"{self.moment():%H:%M:%S}"
            signature = self._signature(item)
            known = self._planned.get(item.number)
            if known is not None and known[0] == signature:
                kept[item.number] = known
            elif item.disabled:
                kept[item.number] = (signature, None)
            else:
                kept[item.number] = (signature, next_run(item.given, self._booted, self._now, self.zone_seconds))
        self._planned = kept

    @staticmethod
    def _signature(item: Item) -> str:
        return "|".join(item.given.get(name, "") for name in ("start-date", "start-time", "interval", "disabled"))

    def _run_event(self, item: Item) -> None:
        event = item.given.get("on-event", "")
        for script in self.configuration.items("/system script"):
            if script.given.get("name") == event.strip():
                event = script.given.get("source", "")
        self._run_quietly(event, f"scheduler {item.given.get('name', '')}")

    def _run_quietly(self, source: str, what: str) -> None:
        shell = self.shell(interactive=False, user="")
        try:
            statements = parse(source)
            shell.check(statements)
            shell.run(statements)
        except StopRunError:
            return
        except RouterError as error:
            self.log("script,error", f"executing script from {what} failed, please check it manually: {error}")

    # --- what commands need

    def shell(self, *, interactive: bool, user: str) -> Shell:
        return Shell(self, RouterCommands(self), interactive=interactive, user=user)

    def restart(self) -> None:
        self.restarting = True

    def put_back(self, configuration: Configuration) -> None:
        self.configuration = configuration

    def log(self, topics: str, message: str) -> None:
        row = {"time": f"{self.moment():%H:%M:%S}", "topics": topics, "message": message}
        self._log = [*self._log[-_LOG_LINES:], row]

    def export_text(self, style: ExportStyle, under: str) -> str:
        return exported(self.configuration, self.identity(), style, self.moment(), under)

    def identity(self) -> Identity:
        digest = hashlib.sha256(self.serial.encode()).hexdigest().upper()
        letters = digest.translate(str.maketrans("0123456789", "GHJKLMNPQR"))
        return Identity(self.version, f"{letters[:4]}-{letters[4:8]}", self._board, self.serial)

    @property
    def serial(self) -> str:
        return self._ordered.serial or self._serial

    def meet_stranger(self, interface: str, mac: str, address: str) -> None:
        """A foreign DHCP server answers on a wire of this router, from now on."""
        logged = self.lan.stranger(self.configuration, interface, mac, address)
        if logged:
            self.log("dhcp,critical,error,warning,info,debug", logged)

    def answers(self, address: str) -> bool:
        own = {str(network.ip) for network, _name in self.configuration.networks()}
        return address in own or address in self.reachable or address == "127.0.0.1"

    # --- files

    def read_file(self, name: str) -> str | None:
        found = self._files.get(name)
        return None if found is None else found.content

    def write_file(self, name: str, content: str, now: float) -> None:
        self._now = now
        kind = "script" if name.endswith(".rsc") else "ssh key" if name.endswith(".pub") else ".txt file"
        self.keep_file(name, content, kind)

    def keep_file(self, name: str, content: str, kind: str) -> None:
        self._refuse_full()
        self._files[name] = Stored(content, kind, self._now)

    def keep_backup(self, name: str, password: str) -> None:
        self._refuse_full()
        sealed = Backup(self.configuration.copy(), password)
        self._files[name] = Stored("\x88\xac\xa1\xb1", "backup", self._now, sealed)

    def backup(self, name: str) -> Backup | None:
        found = self._files.get(name)
        return None if found is None else found.backup

    def backup_name(self) -> str:
        return f"{self.configuration.single('/system identity', 'name')}-{self.moment():%Y%m%d-%H%M}"

    def file_names(self) -> list[str]:
        return sorted(self._files)

    def remove_file(self, name: str) -> bool:
        return self._files.pop(name, None) is not None

    def file_items(self) -> list[Item]:
        rows = self.rows("/file")
        assert isinstance(rows, list)
        return [Item(number, row) for number, row in enumerate(rows, start=1)]

    def _refuse_full(self) -> None:
        if self._ordered.disk_full:
            raise FailureError("failure: not enough space on disk")

    # --- readings

    @property
    def tables(self) -> frozenset[str]:
        return frozenset({"/file"})

    def rows(self, path: str) -> dict[str, str] | list[dict[str, str]]:
        match path:
            case "/log":
                return self._log
            case "/ip neighbor":
                return self.lan.neighbours
            case "/file":
                return [self._file_row(name, stored) for name, stored in sorted(self._files.items())]
            case "/system resource":
                return self._resource()
            case "/system routerboard":
                return {
                    "routerboard": "yes",
                    "board-name": self._board,
                    "model": self._board,
                    "serial-number": self.serial,
                    "firmware-type": "mt7621L",
                    "factory-firmware": "6.43.9",
                    "current-firmware": self.version,
                    "upgrade-firmware": self.version,
                }
            case "/system license":
                return {"software-id": self.identity().software_id, "nlevel": "4", "features": ""}
            case "/system package":
                return [{"name": "routeros", "version": self.version}]
            case "/system health":
                return [{"name": "voltage", "value": "24.1", "type": "V"}]
        return []

    def shown(self, menu: Menu, item: Item, name: str) -> str:
        if menu.path == "/system scheduler" and name == "run-count":
            return str(self._runs.get(item.number, 0))
        if menu.path == "/system scheduler" and name == "next-run":
            at = self._planned.get(item.number, ("", None))[1]
            return "" if at is None else f"{self.moment(at):%Y-%m-%d %H:%M:%S}"
        if name == "dynamic":
            return item.given.get(name, "no")
        return self.lan.state(menu.path, item).get(name) or item.value(menu, name)

    def dynamic(self, path: str) -> list[Item]:
        return self.lan.items(path)

    def row(self, menu: Menu, item: Item) -> Item:
        if menu.path != "/system scheduler":
            state = self.lan.state(menu.path, item)
            return Item(item.number, item.given | state, item.built_in) if state else item
        return Item(item.number, item.given | {"run-count": self.shown(menu, item, "run-count")}, item.built_in)

    def _file_row(self, name: str, stored: Stored) -> dict[str, str]:
        size = str(len(stored.content.encode())) if stored.backup is None else "23.4KiB"
        created = (
            f"{self.moment(stored.created):%Y-%m-%d %H:%M:%S}"
            if self.iso_dates
            else (f"{printed_date(self.moment(stored.created), iso=False)} {self.moment(stored.created):%H:%M:%S}")
        )
        return {"name": name, "type": stored.kind, "size": size, "creation-time": created}

    def _resource(self) -> dict[str, str]:
        channel = "(stable)" if self.major > 6 else "(long-term)"
        return {
            "uptime": printed_time(float(int(self._now - self._booted))),
            "version": f"{self.version} {channel}",
            "build-time": "2024-09-20 13:00:27" if self.major > 6 else "Sep/20/2023 13:00:27",
            "free-memory": "200.5MiB",
            "total-memory": "256.0MiB",
            "cpu": "MIPS 1004Kc V2.15",
            "cpu-count": "4",
            "cpu-load": "1%",
            "free-hdd-space": "0" if self._ordered.disk_full else "4.3MiB",
            "total-hdd-space": "16.0MiB",
            "architecture-name": _ARCHITECTURES.get(self._board, "arm"),
            "board-name": self._board,
            "platform": "MikroTik",
        }

    def _account(self, user: str) -> Item | None:
        return next(
            (item for item in self.configuration.items("/user") if item.given["name"] == user and not item.disabled),
            None,
        )
