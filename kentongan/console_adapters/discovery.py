"""The queue of doubts for the console: neighbours that nobody knows, units that may be others, host keys refused."""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from ipaddress import ip_address
from typing import Any, Final

from collectors.store.plans import DeviceFacts
from console.ports.discovery import Doubted, Found, Queue, Taken
from console.ports.sites import ConflictError, RefusedError
from domain.audit import AuditEntry
from domain.language import _
from domain.network import Check, Device, Inventory
from domain.network.units import Answer, UnitQuestion, is_same_unit
from inventory.store.units import SqlUnits
from kentongan.backups import host_keys
from kentongan.console_adapters.ignored import IgnoredBook
from kentongan.console_adapters.sites import in_the_name_of
from kentongan.installation import Installation
from kentongan.store.joined import joined

_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,62}")


def queue_of(installation: Installation) -> Queue:
    return Queue(Neighbours(installation), InstallationDoubts(installation))


class Neighbours:
    """Implements console.ports.discovery.Strangers, from what devices told when they were discovered last."""

    def __init__(self, installation: Installation) -> None:
        self._installation = installation
        self._ignored = IgnoredBook(installation)

    def found(self) -> Sequence[Found]:
        inventory = self._installation.inventory.read()
        return list(strangers(inventory, self._installation.plans.facts(), self._ignored.read()))

    def ignore(self, key: str, reason: str, who: str) -> None:
        if all(each.key != key for each in self.found()):
            raise RefusedError(_("Nobody sees this any more. Look at the list again."))
        self._ignored.put(key, reason, who)

    def take(self, taken: Taken, who: str) -> None:
        found = next((each for each in self.found() if each.key == taken.key), None)
        if found is None:
            raise ConflictError(_("Nobody sees this any more, or somebody has written it down. Look again."))
        if not _NAME.fullmatch(taken.name):
            raise RefusedError(_("Write a name of letters, figures, dots, hyphens; such as sw-cibodas."))
        if any(each.name.casefold() == taken.name.casefold() for each in self._installation.inventory.read().devices):
            raise RefusedError(_("There is a device {name} already.").format(name=taken.name))
        try:
            address = str(ip_address(taken.address)) if taken.address else ""
        except ValueError:
            raise RefusedError(_("{text} is no address.").format(text=taken.address)) from None
        device = Device(
            taken.name,
            found.site,
            taken.role,
            model=taken.model,
            mac=found.chassis if _mac(found.chassis) else "",
            address=address,
            check=Check.ICMP_SNMP if address else Check.NONE,
            uplink=(found.seen_by,),
        )
        with self._installation.database.transaction() as connection:
            self._installation.inventory.write_in(connection, [device])
            detail = {"site": found.site, "seen_by": found.seen_by}
            entry = AuditEntry(self._installation.clock.now(), who, "neighbour taken in", taken.name, detail)
            self._installation.journal.record_in(connection, entry)


def strangers(
    inventory: Inventory, facts: Mapping[str, DeviceFacts], ignored: Mapping[str, Mapping[str, Any]]
) -> Iterator[Found]:
    """Each once, by who sees it first. What calls itself as a device of ours does, or has its MAC, is known. Pure."""
    names = {_plain_name(each.name) for each in inventory.devices}
    names |= {_plain_name(str(each.more.get("sysName", ""))) for each in facts.values()}
    macs = {_mac(each.mac) for each in inventory.devices if _mac(each.mac)}
    seen: set[str] = set()
    for device in sorted(inventory.used_by_name):
        told = facts.get(device)
        neighbours = told.more.get("neighbours", ()) if told else ()
        for each in neighbours if isinstance(neighbours, list | tuple) else ():
            name, chassis = str(each.get("sys_name", "")), str(each.get("chassis_id", ""))
            key = _mac(chassis) or chassis or name
            if not key or key in seen or _mac(chassis) in macs or (name and _plain_name(name) in names):
                continue
            seen.add(key)
            said = ignored.get(key, {})
            yield Found(
                key,
                name,
                chassis,
                str(each.get("protocol", "")),
                device,
                str(each.get("local_interface", "")),
                inventory.used_by_name[device].site,
                datetime.fromtimestamp(told.discovered_at if told else 0.0, UTC),
                str(said.get("reason", "")),
                str(said.get("who", "")),
            )


class InstallationDoubts:
    """Implements console.ports.discovery.Doubts."""

    def __init__(self, installation: Installation) -> None:
        self._installation = installation
        self._units = SqlUnits(installation.database.engine)

    def questions(self) -> Sequence[UnitQuestion]:
        return self._units.questions()

    def dismiss(self, device: str, serial: str, reason: str, who: str) -> None:
        asked = [each for each in self._units.questions() if each.device == device]
        if not any(is_same_unit(each.serial, serial) for each in asked):
            raise ConflictError(_("This is not asked any more. Look at the list again."))
        now = self._installation.clock.now()
        with self._installation.database.transaction() as connection:
            SqlUnits(joined(connection)).answer(device, Answer.DISMISSED, who, now.utc)
            detail = {"serial": serial, "why": reason, "by": "console"}
            self._installation.journal.record_in(connection, AuditEntry(now, who, "replacement denied", device, detail))

    def host_keys(self) -> Sequence[Doubted]:
        return [
            Doubted(
                each.device,
                each.known.fingerprint if each.known else "",
                each.trusted_at,
                each.offered.fingerprint,
                each.offered_at,
            )
            for each in host_keys(self._installation, "").all()
            if each.offered is not None
        ]

    def believe(self, device: str, fingerprint: str, who: str) -> None:
        keys = host_keys(in_the_name_of(who, self._installation), "host key accepted")
        kept = keys.get(device)
        if kept is None or kept.offered is None:
            raise ConflictError(_("No key of {device} is refused any more.").format(device=device))
        if kept.offered.fingerprint != fingerprint:
            raise ConflictError(
                _("{device} showed {offered} since, not {fingerprint}. Nothing was changed.").format(
                    device=device, offered=kept.offered.fingerprint, fingerprint=fingerprint
                )
            )
        keys.accept(device)


def _plain_name(name: str) -> str:
    return name.casefold().partition(".")[0]


def _mac(text: str) -> str:
    """Twelve hexadecimal figures, or '' for what is no MAC address."""
    plain = re.sub(r"[\s:.-]", "", text).lower().removeprefix("0x")
    return plain if re.fullmatch(r"[0-9a-f]{12}", plain) else ""
