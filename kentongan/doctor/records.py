"""The inventory and what discovery found: what contradicts itself or cannot be polled."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

from domain.language import _, n_
from domain.network import Device, DeviceStatus, Inventory, Region, RegionLevel, parent_of
from kentongan.doctor.findings import Finding, Severity


def look_at_records(
    inventory: Inventory,
    regions: Iterable[Region],
    credentials: Iterable[str],
    interfaces: Mapping[str, frozenset[str]],
) -> Iterator[Finding]:
    """`interfaces`: device → the interface names that discovery found on it."""
    polled = [device for device in inventory.devices if device.status is DeviceStatus.IN_USE]
    if not polled:
        yield Finding(
            Severity.NOTE,
            _("inventory"),
            _("There is no device in use."),
            _("Import your files: kentongan import DIR"),
        )
    yield from _credentials(polled, frozenset(credentials))
    yield from _addresses(polled)
    yield from _interface_names(inventory, interfaces)
    yield from _namesakes(regions)


def _credentials(devices: Iterable[Device], known: frozenset[str]) -> Iterator[Finding]:
    lacking: dict[str, list[str]] = defaultdict(list)
    for device in devices:
        if device.check.by_snmp and device.credential not in known:
            lacking[device.credential].append(device.name)
    for credential, names in sorted(lacking.items()):
        message = n_(
            "{count} device waits for the credential '{name}', for example {device}.",
            "{count} devices wait for the credential '{name}', for example {device}.",
            len(names),
        ).format(count=len(names), name=credential, device=names[0])
        remedy = (
            f"kentongan credential add {credential}"
            if credential
            else _("Fill the column credential in devices.csv and import again.")
        )
        yield Finding(Severity.WRONG, _("credentials"), message, remedy)


def _addresses(devices: Iterable[Device]) -> Iterator[Finding]:
    without = [
        device.name for device in devices if not device.address and (device.check.by_icmp or device.check.by_snmp)
    ]
    if without:
        yield Finding(
            Severity.WRONG,
            _("addresses"),
            n_(
                "{count} device has no address, for example {device}.",
                "{count} devices have no address, for example {device}.",
                len(without),
            ).format(count=len(without), device=without[0]),
            _("Fill the column address in devices.csv, or set check to none."),
        )


def _interface_names(inventory: Inventory, interfaces: Mapping[str, frozenset[str]]) -> Iterator[Finding]:
    for link in inventory.links:
        for device, interface in ((link.a_device, link.a_interface), (link.z_device, link.z_interface)):
            found = interfaces.get(device)
            if found and interface and interface not in found:
                yield Finding(
                    Severity.WARNING,
                    _("interface names"),
                    _("Link {link}: {device} has no interface '{interface}'.").format(
                        link=link.name, device=device, interface=interface
                    ),
                    _("It has: {names}. Mend links.csv and import again.").format(names=", ".join(sorted(found)[:12])),
                )


def _namesakes(regions: Iterable[Region]) -> Iterator[Finding]:
    known = {region.code: region.name for region in regions}
    places: dict[str, list[str]] = defaultdict(list)
    for code, name in known.items():
        if Region(code, name).level is RegionLevel.VILLAGE:
            places[name].append(known.get(parent_of(code) or code, "?"))
    twice = {name: districts for name, districts in places.items() if len(districts) > 1}
    if twice:
        yield Finding(
            Severity.NOTE,
            _("village names"),
            n_(
                "{count} name belongs to more than one village: {names}.",
                "{count} names belong to more than one village: {names}.",
                len(twice),
            ).format(
                count=len(twice),
                names="; ".join(f"{name} ({', '.join(districts)})" for name, districts in sorted(twice.items())),
            ),
            _("Use their codes in your files, or the name with its kecamatan."),
        )
