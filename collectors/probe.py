"""One device asked once, and what it said as the JSON promised to users. Nothing is stored."""

from collectors.discovery import discover
from collectors.profiles import Profiles
from collectors.snmp.client import SnmpClient
from domain.polling import Discovery, Endpoint, InterfaceFacts, status_word

ATTEMPTS = 3


async def probe(endpoint: Endpoint, timeout_seconds: float, profiles: Profiles, platform: str = "") -> Discovery:
    """`timeout_seconds` is what one request may take, all its attempts together.

    Raises CollectorError if the device does not answer at all; what fails later stands in `errors`.
    """
    client = SnmpClient(endpoint, attempts=ATTEMPTS, attempt_seconds=timeout_seconds / ATTEMPTS)
    async with client:
        return await discover(client, profiles, platform)


def probe_json(discovery: Discovery) -> dict[str, object]:
    """The keys of `kentongan probe --json`. Statuses in the MIB's words; what is not known is null."""
    system = discovery.system
    return {
        "address": discovery.address,
        "system": {
            "sysObjectID": system.object_id or None,
            "sysDescr": system.description or None,
            "sysName": system.name or None,
            "sysUpTime": system.uptime_ticks,
        },
        "vendor": discovery.vendor or None,
        "platform": discovery.platform,
        "model": discovery.model or None,
        "version": discovery.version or None,
        "serial": discovery.serial or None,
        "interfaces": [_interface(facts) for facts in discovery.interfaces],
        "sensors": [
            {
                "class": sensor.class_.value,
                "name": sensor.name,
                "index": sensor.index,
                "value": sensor.value,
                "unit": sensor.class_.unit,
                "interface": sensor.interface or None,
            }
            for sensor in discovery.sensors
            if sensor.value is not None
        ],
        "neighbours": [
            {
                "protocol": one.protocol,
                "localInterface": one.local_interface or None,
                "chassisId": one.chassis_id or None,
                "portId": one.port_id or None,
                "sysName": one.sys_name or None,
            }
            for one in discovery.neighbours
        ],
        "onus": [
            {
                "oltPort": onu.olt_port,
                "onuId": onu.onu_id,
                "serial": onu.serial or None,
                "state": onu.state,
                "lastDownCause": onu.last_down_cause,
                "rxDbm": onu.rx_dbm,
                "txDbm": onu.tx_dbm,
                "distanceM": onu.distance_m,
            }
            for onu in discovery.onus
        ],
        "errors": [{"table": error.table, "reason": error.reason} for error in discovery.errors],
    }


def _interface(facts: InterfaceFacts) -> dict[str, object]:
    return {
        "ifIndex": facts.index,
        "ifName": facts.name,
        "ifDescr": facts.description or None,
        "ifAlias": facts.alias or None,
        "ifType": facts.type,
        "ifSpeedBps": facts.speed_bps,
        "ifAdminStatus": status_word(facts.admin_status),
        "ifOperStatus": status_word(facts.oper_status),
        "inOctets": facts.in_octets,
        "outOctets": facts.out_octets,
        "inErrors": facts.in_errors,
        "outErrors": facts.out_errors,
        "inDiscards": facts.in_discards,
        "outDiscards": facts.out_discards,
        "counterBits": facts.counter_bits or None,
    }
