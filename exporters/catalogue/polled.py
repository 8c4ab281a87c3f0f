"""Metrics that carry polled values: each sample has its poll's own timestamp."""

from exporters.catalogue.metric import Feed, Metric, counter, gauge

_OCTETS = "Octets {} on the interface, framing included (IF-MIB {})."


def _interface_counter(name: str, help: str, *quantities: str, unit: str) -> Metric:
    feeds = tuple(Feed(quantity) for quantity in quantities)
    return counter(f"kentongan_interface_{name}_total", help, "device", "interface", unit=unit, feeds=feeds)


INTERFACES: tuple[Metric, ...] = (
    _interface_counter(
        "receive_bytes", _OCTETS.format("received", "ifHCInOctets"), "ifHCInOctets", "ifInOctets", unit="bytes"
    ),
    _interface_counter(
        "transmit_bytes", _OCTETS.format("sent", "ifHCOutOctets"), "ifHCOutOctets", "ifOutOctets", unit="bytes"
    ),
    _interface_counter(
        "receive_errors", "Packets received that held errors (IF-MIB ifInErrors).", "ifInErrors", unit="packets"
    ),
    _interface_counter(
        "transmit_errors", "Packets not sent because of errors (IF-MIB ifOutErrors).", "ifOutErrors", unit="packets"
    ),
    _interface_counter(
        "receive_discards", "Good packets received and dropped (IF-MIB ifInDiscards).", "ifInDiscards", unit="packets"
    ),
    _interface_counter(
        "transmit_discards",
        "Good packets dropped instead of sent (IF-MIB ifOutDiscards).",
        "ifOutDiscards",
        unit="packets",
    ),
    gauge(
        "kentongan_interface_oper_status",
        "Operational status: 1 up, 2 down, 3 testing, 4 unknown, 5 dormant, 6 notPresent, 7 lowerLayerDown.",
        "device",
        "interface",
        feeds=(Feed("ifOperStatus"),),
    ),
    gauge(
        "kentongan_interface_admin_status",
        "Status wanted by the administrator: 1 up, 2 down, 3 testing.",
        "device",
        "interface",
        feeds=(Feed("ifAdminStatus"),),
    ),
    gauge(
        "kentongan_interface_speed_bytes_per_second",
        "Nominal speed of the interface in bytes per second; times 8 for bit/s (IF-MIB ifHighSpeed, ifSpeed).",
        "device",
        "interface",
        unit="bytes per second",
        feeds=(Feed("ifHighSpeed", times=125_000), Feed("ifSpeed", over=8)),
    ),
)

SYSTEM: tuple[Metric, ...] = (
    gauge(
        "kentongan_device_uptime_seconds",
        "Time since the agent started, modulo 497 days (SNMPv2-MIB sysUpTime).",
        "device",
        unit="seconds",
        feeds=(Feed("sysUpTime", over=100),),
    ),
)


def _sensor(kind: str, name: str, help: str, unit: str, over: float = 1.0) -> Metric:
    labels = ("device", "sensor", "interface")
    return gauge(f"kentongan_sensor_{name}", help, *labels, unit=unit, feeds=(Feed(f"sensor.{kind}", over=over),))


SENSORS: tuple[Metric, ...] = (
    _sensor("temperature", "temperature_celsius", "Temperature a sensor shows.", "celsius"),
    _sensor("voltage", "voltage_volts", "Voltage a sensor shows.", "volts"),
    _sensor("current", "current_amperes", "Current a sensor shows.", "amperes"),
    _sensor("power", "power_watts", "Electrical power a sensor shows.", "watts"),
    _sensor("dbm", "optical_power_dbm", "Optical power of a port or ONU, sent or received.", "dBm"),
    _sensor("load", "load_percent", "Load of a power supply or UPS, of its rated load.", "percent"),
    _sensor("charge", "charge_percent", "Charge left in a battery.", "percent"),
    _sensor("cpu", "cpu_percent", "Share of a processor in use.", "percent"),
    _sensor("memory", "memory_percent", "Share of a memory or storage in use.", "percent"),
    _sensor("runtime", "runtime_seconds", "Time a battery will last at its present load.", "seconds"),
    _sensor("signal", "signal_dbm", "Radio signal strength received.", "dBm"),
    _sensor("snr", "snr_db", "Radio signal above noise.", "dB"),
    _sensor("quality", "quality_percent", "Quality of a radio connection as the device rates it.", "percent"),
    _sensor("clients", "clients", "Clients connected to an access point or port.", ""),
    _sensor("fanspeed", "fanspeed_rpm", "Speed of a fan.", "revolutions per minute"),
    _sensor("humidity", "humidity_percent", "Relative humidity of the air.", "percent"),
    _sensor("frequency", "frequency_hertz", "Frequency of the mains or of a radio.", "hertz"),
    _sensor(
        "rate",
        "rate_bytes_per_second",
        "Rate a radio has agreed on with its other end, in bytes per second; times 8 for bit/s.",
        "bytes per second",
        over=8,
    ),
    _sensor("distance", "distance_metres", "Distance of a radio to its other end.", "metres"),
    _sensor("state", "state", "State of a part, as the number in its vendor's MIB.", ""),
)

POLLED: tuple[Metric, ...] = (*SYSTEM, *INTERFACES, *SENSORS)

FEEDS: dict[str, tuple[Metric, Feed]] = {feed.quantity: (metric, feed) for metric in POLLED for feed in metric.feeds}
