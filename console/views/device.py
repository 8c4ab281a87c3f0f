"""One device: how it stands and since when, what it is, its ports, light, power, and why we say what we say. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Final

from console.ports import Look
from console.ports.charts import ChartKind, Reading
from console.ports.network import CalendarMonth, Facts, Light
from console.views.calendar import MonthRow, calendar_rows
from console.views.charts import writer
from console.views.paths import LinkRow, row_of
from console.views.places import place_name
from console.views.rows import shape_of
from console.views.speech import day, lasting, moment, number, state_word
from domain.incidents import Incident
from domain.language import _
from domain.network import Device, Role
from domain.states import DeviceState, State, StateChange

MOST_CHANGES: Final = 50
MOST_SENSORS: Final = 60
PORT_WORDS: Final = {1: "up", 2: "down", 3: "testing", 4: "unknown", 5: "dormant", 6: "notPresent", 7: "lowerLayerDown"}
_POWERED: Final = (
    "voltage_volts",
    "charge_percent",
    "load_percent",
    "runtime_seconds",
    "power_watts",
    "current_amperes",
)
_SENSOR_UNITS: Final = {
    "temperature_celsius": "°C",
    "voltage_volts": "V",
    "current_amperes": "A",
    "power_watts": "W",
    "optical_power_dbm": "dBm",
    "load_percent": "%",
    "charge_percent": "%",
    "cpu_percent": "%",
    "memory_percent": "%",
    "runtime_seconds": "s",
    "signal_dbm": "dBm",
    "snr_db": "dB",
    "quality_percent": "%",
    "clients": "",
    "fanspeed_rpm": "rpm",
    "humidity_percent": "%",
    "frequency_hertz": "Hz",
    "rate_bytes_per_second": "bit/s",
    "distance_metres": "m",
    "state": "",
}
_PREFIXED_UNITS: Final = ("Hz", "bit/s")
_PREFIXES: Final = (("G", 1e9), ("M", 1e6), ("k", 1e3))


@dataclass(frozen=True, slots=True)
class Port:
    """oper: the MIB's word; shape: how it is drawn. received, sent: now; empty where nobody knows."""

    name: str
    shape: State
    oper: str
    speed: str
    received: str
    sent: str
    errors: bool
    peer: str
    link: str


@dataclass(frozen=True, slots=True)
class LightRow:
    """margin: to where it is lost, in dB; low: little of it is left. trend: change in 30 days."""

    sensor: str
    interface: str
    now: str
    on: str
    margin: str
    low: bool
    trend: str
    points: str
    limit: str


@dataclass(frozen=True, slots=True)
class ChangeRow:
    at: str
    shape: State
    word: str
    reason: str
    lasts: str


@dataclass(frozen=True, slots=True)
class IncidentLine:
    id: str
    at: str
    title: str
    lasts: str
    open: bool
    shape: State


@dataclass(frozen=True, slots=True)
class SensorRow:
    name: str
    value: str


@dataclass(frozen=True, slots=True)
class Sources:
    """What was fetched for the page. readings: empty if nothing answers, away then says so."""

    facts: Facts | None
    changes: Sequence[StateChange]
    light: Sequence[Light]
    incidents: Sequence[Incident]
    calendar: Sequence[CalendarMonth]
    readings: Sequence[Reading]
    away: str = ""


@dataclass(frozen=True, slots=True)
class DevicePage:
    name: str
    role: str
    state: State | None
    word: str
    reason: str
    since: str
    lasts: str
    place: str
    village: str
    what: tuple[tuple[str, str], ...]
    why: tuple[tuple[str, str], ...]
    ports: tuple[Port, ...]
    light: tuple[LightRow, ...]
    power: tuple[SensorRow, ...]
    sensors: tuple[SensorRow, ...]
    links: tuple[LinkRow, ...]
    uplinks: tuple[str, ...]
    behind: int
    incidents: tuple[IncidentLine, ...]
    changes: tuple[ChangeRow, ...]
    calendar: tuple[MonthRow, ...]
    charts: tuple[ChartKind, ...]
    away: str
    polled: str


def page_of(
    device: Device, look: Look, found: Sources, reason: str, titles: Mapping[str, str], zone: tzinfo
) -> DevicePage:
    """reason: of its state, in words. titles: of its incidents, by id."""
    inventory, today = look.inventory, look.at.astimezone(zone).date()
    site, held = inventory.site_by_slug.get(device.site), look.states.get(device.name)
    links = tuple(row_of(link, look, zone) for link in inventory.links if device.name in (link.a_device, link.z_device))
    values = {(reading.metric, reading.part): reading.value for reading in found.readings}
    village = site.region_code if site and site.region_code and site.region_code.count(".") == 3 else ""
    return DevicePage(
        device.name,
        device.role.value,
        held.state if held else None,
        state_word(held.state) if held else "",
        reason,
        moment(held.since, zone, today) if held else "",
        lasting(look.at - held.since) if held else "",
        place_name(site, look.names) if site else device.site,
        village,
        tuple((name, text) for name, text in _what(device, found.facts, zone, look) if text),
        tuple((name, text) for name, text in _why(device, held, values, look, zone) if text),
        _ports(device, found, links),
        tuple(light_row(each) for each in found.light),
        tuple(_sensors(found.readings, powered=True)),
        tuple(_sensors(found.readings, powered=False)),
        links,
        tuple(name for name in device.uplink if name in inventory.used_by_name),
        sum(device.name in other.uplink for other in inventory.used_by_name.values()),
        incident_lines(found.incidents, titles, look, zone),
        tuple(_changes(found.changes, held, look, zone)),
        calendar_rows(found.calendar),
        _charts(device, found),
        found.away,
        _polled(values, look, zone),
    )


def incident_lines(
    incidents: Sequence[Incident], titles: Mapping[str, str], look: Look, zone: tzinfo
) -> tuple[IncidentLine, ...]:
    """The newest first."""
    today = look.at.astimezone(zone).date()
    return tuple(
        IncidentLine(
            each.id,
            moment(each.started_at, zone, today),
            titles.get(each.id, each.id),
            lasting((each.resolved_at or look.at) - each.started_at),
            each.is_open,
            shape_of(each),
        )
        for each in sorted(incidents, key=lambda each: each.started_at, reverse=True)
    )


def _what(device: Device, facts: Facts | None, zone: tzinfo, look: Look) -> list[tuple[str, str]]:
    found = facts or Facts(look.at, "", "", "", "")
    named = device.serial if device.serial else found.serial
    if device.serial and found.serial and device.serial != found.serial:
        named = _("{written} written down, {found} found").format(written=device.serial, found=found.serial)
    return [
        (_("Role"), device.role.value),
        (_("Model"), found.model or device.model),
        (_("Platform"), device.platform or found.platform),
        (_("Firmware"), found.version),
        (_("Serial number"), named),
        (_("Calls itself"), found.name if found.name != device.name else ""),
        (_("Address"), device.address),
        (_("Zone"), device.zone),
        (_("Asset number"), device.asset_no),
        (_("Bought"), str(device.purchase_year or "")),
        (_("Warranty until"), day(device.warranty_until, look.at.date()) if device.warranty_until else ""),
        (_("Discovered"), moment(facts.found_at, zone, look.at.astimezone(zone).date()) if facts else ""),
        (_("Could not be read"), ", ".join(f"{table}: {why}" for table, why in found.errors)),
    ]


def _why(
    device: Device, held: DeviceState | None, values: Mapping[tuple[str, str], float], look: Look, zone: tzinfo
) -> list[tuple[str, str]]:
    """The raw ground of what is said: what is asked, what came of it last."""

    def told(metric: str) -> float | None:
        return values.get((metric, ""))

    last, loss, trip = (
        told(f"kentongan_{name}")
        for name in ("device_last_poll_timestamp_seconds", "icmp_loss_ratio", "icmp_round_trip_seconds")
    )
    interval, answer = told("kentongan_device_poll_interval_seconds"), told("kentongan_snmp_round_trip_seconds")
    today = look.at.astimezone(zone).date()
    write = writer("s", 0.5)
    return [
        (_("Checked by"), f"{device.check.value}, {device.poll_class.value}"),
        (_("Word of the rules"), held.reason if held else _("not polled")),
        (_("Last answer to a poll"), moment(datetime.fromtimestamp(last, UTC), zone, today) if last else ""),
        (_("Polled every"), f"{number(interval)} s" if interval else ""),
        (_("Echoes lost lately"), f"{number(100 * loss, 1)} %" if loss is not None else ""),
        (_("Echo comes back in"), write(trip) if trip is not None else ""),
        (_("Poll answers in"), write(answer) if answer is not None else ""),
        (_("Hangs on"), ", ".join(device.uplink) if look.sees_all else ""),
        (_("Managed through"), device.mgmt_via if look.sees_all else ""),
    ]


def _polled(values: Mapping[tuple[str, str], float], look: Look, zone: tzinfo) -> str:
    """When the readings are of."""
    last = values.get(("kentongan_device_last_poll_timestamp_seconds", ""))
    return moment(datetime.fromtimestamp(last, UTC), zone, look.at.astimezone(zone).date()) if last else ""


def _ports(device: Device, found: Sources, links: Sequence[LinkRow]) -> tuple[Port, ...]:
    values: dict[str, dict[str, float]] = {}
    for reading in found.readings:
        if "interface" in reading.metric.partition(":")[0] or reading.metric.startswith("kentongan_interface_"):
            values.setdefault(reading.part, {})[reading.metric] = reading.value
    names = list(dict.fromkeys((*(found.facts.interfaces if found.facts else ()), *sorted(values))))
    peers = {
        each.interface: f"{each.name} {each.port}".strip() for each in (found.facts.neighbours if found.facts else ())
    }
    linked = {
        (end.interface): row.name
        for row in links
        for end in (row.a, row.z)
        if end.device == device.name and end.interface
    }
    return tuple(_port(name, values.get(name, {}), peers.get(name, ""), linked.get(name, "")) for name in names)


def _port(name: str, values: Mapping[str, float], peer: str, link: str) -> Port:
    def told(metric: str) -> float | None:
        return values.get(f"kentongan_interface_{metric}")

    oper, admin, speed = told("oper_status"), told("admin_status"), told("speed_bytes_per_second")
    rates = (values.get(f"device_interface:kentongan_{way}_bits_per_second:rate") for way in ("receive", "transmit"))
    received, sent = ("" if rate is None else writer("bit/s", rate)(rate) for rate in rates)
    shape = State.UNKNOWN
    if oper is not None:
        shape = State.UP if oper == 1 else State.UNREACHABLE if oper == 7 or admin == 2 else State.DOWN
    return Port(
        name,
        shape,
        "" if oper is None else PORT_WORDS.get(int(oper), str(int(oper))) + (" (admin)" if admin == 2 else ""),
        writer("bit/s", 8 * speed)(8 * speed) if speed else "",
        received,
        sent,
        bool(told("receive_errors_total")),
        peer,
        link,
    )


def light_row(light: Light) -> LightRow:
    values = [dbm for _day, dbm in light.days]
    low, high = min([*values, *([light.limit] if light.limit is not None else [])]), max(values)
    spread = max(high - low, 1.0)
    width = max(len(values) - 1, 1)
    points = " ".join(f"{100 * n / width:.1f},{20 - 18 * (dbm - low) / spread:.1f}" for n, dbm in enumerate(values))
    margin = None if light.limit is None else light.now - light.limit
    trend = light.a_month
    return LightRow(
        light.sensor,
        light.interface,
        number(light.now, 1),
        f"{light.days[-1][0]:%Y-%m-%d}",
        "" if margin is None else number(margin, 1),
        margin is not None and margin < 3,
        "" if trend is None else f"{'+' if trend > 0.05 else ''}{number(trend, 1)}",
        points if len(values) > 1 else "",
        "" if light.limit is None else number(light.limit, 0),
    )


def _sensors(readings: Sequence[Reading], *, powered: bool) -> list[SensorRow]:
    rows = []
    for reading in readings:
        kind = reading.metric.removeprefix("kentongan_sensor_")
        if kind == reading.metric or (kind in _POWERED) is not powered or kind == "state":
            continue
        unit = _SENSOR_UNITS.get(kind, "")
        if kind == "runtime_seconds":
            rows.append(SensorRow(reading.part, lasting(timedelta(seconds=reading.value))))
        else:
            value = 8 * reading.value if unit == "bit/s" else reading.value
            value, prefix = _prefixed(value) if unit in _PREFIXED_UNITS else (value, "")
            digits = 0 if unit in ("%", "rpm", "m", "") else 3 if unit == "A" or prefix == "G" else 1
            rows.append(SensorRow(reading.part, f"{number(value, digits)} {prefix}{unit}".strip()))
    return sorted(rows, key=lambda row: row.name)[:MOST_SENSORS]


def _prefixed(value: float) -> tuple[float, str]:
    return next(((value / size, sign) for sign, size in _PREFIXES if value >= size), (value, ""))


def _changes(changes: Sequence[StateChange], held: DeviceState | None, look: Look, zone: tzinfo) -> list[ChangeRow]:
    today, until, rows = look.at.astimezone(zone).date(), look.at, []
    for change in reversed(changes[-MOST_CHANGES:]):
        reason = change.reason if change.to is not State.UP else ""
        rows.append(
            ChangeRow(
                moment(change.at, zone, today), change.to, state_word(change.to), reason, lasting(until - change.at)
            )
        )
        until = change.at
    return rows


def _charts(device: Device, found: Sources) -> tuple[ChartKind, ...]:
    metrics = {reading.metric for reading in found.readings}
    sensors = {
        ChartKind.DEVICE_LIGHT: "kentongan_sensor_optical_power_dbm",
        ChartKind.DEVICE_SIGNAL: "kentongan_sensor_signal_dbm",
        ChartKind.DEVICE_POWER: "kentongan_sensor_voltage_volts",
        ChartKind.DEVICE_HEAT: "kentongan_sensor_temperature_celsius",
    }
    kinds = [] if device.role in (Role.UPS, Role.CAMERA, Role.SENSOR) else [ChartKind.DEVICE_TRAFFIC]
    kinds += [kind for kind, metric in sensors.items() if metric in metrics]
    return (*kinds, ChartKind.DEVICE_ANSWER, ChartKind.DEVICE_LOSS)
