"""What discovery reads from dumps of real devices, against what is in the dump and what another poller made of it."""

import math
from collections.abc import Callable

import pytest

from domain.polling import Discovery, SensorFacts, status_word
from tests.golden import dumps

NAMES = sorted(dumps.facts())
Discovered = Callable[[str], Discovery]

# Classes of the other poller → ours, and the factor from its unit to ours.
CLASSES = {
    "temperature": ("temperature", 1),
    "voltage": ("voltage", 1),
    "current": ("current", 1),
    "dbm": ("dbm", 1),
    "load": ("load", 1),
    "charge": ("charge", 1),
    "runtime": ("runtime", 60),
    "fanspeed": ("fanspeed", 1),
    "state": ("state", 1),
    "clients": ("clients", 1),
    "snr": ("snr", 1),
    "sinr": ("snr", 1),
    "ccq": ("quality", 1),
    "quality": ("quality", 1),
    "rssi": ("signal", 1),
    "rsrp": ("signal", 1),
    "noise-floor": ("signal", 1),
    "humidity": ("humidity", 1),
    "frequency": ("frequency", 1),
    "rate": ("rate", 1),
    "utilization": ("load", 1),
    "distance": ("distance", 1000),
}
# Where the other poller is wrong or means something else: the dump, and the part of the OID.
OTHERWISE = {
    ("vsolution_v1600d", ".5.12.2.1.8.1.7."): "it takes the milliwatts, not the dBm behind them",
    ("unifi_nanohd", ".41112.1.6.1.2.1.8."): "it adds the SSIDs of all radios into one row",
    ("airos-af", ".41112.1.3.1.1.5."): "it takes the kilohertz of an AF-11 for megahertz",
    ("airos-af", ".41112.1.3.1.1.6."): "it takes the kilohertz of an AF-11 for megahertz",
}
# Sensors of the classes above that no profile reads, by a part of their OID.
NOT_READ = {
    ".14988.1.1.1.8.1.2.": "mode of a 60 GHz radio",
    ".41112.1.5.7.2.1.3.": "link state of the OLT's own ports, which have no ifTable row",
    ".41112.1.4.5.1.6.": "RSSI of airMAX is no dBm",
    ".41112.1.4.2.1.2.": "RSSI per chain of airMAX is no dBm",
    ".9.9.500.": "stacking of Cisco switches",
    ".9.6.1.101.43.1.1.24.": "suspended ports of Cisco small business switches",
    ".2636.3.40.1.4.1.1.1.": "virtual chassis of Juniper",
    ".2011.5.25.31.1.1.1.1.13.": "board voltage of VRP, without a unit that holds",
    ".2.1.99.1.1.1.5.": "the status column of ENTITY-SENSOR says whether there is a reading",
    ".4413.1.1.43.1.15.": "state of the chassis's temperature, which the probes tell",
    ".14823.2.3.3.1.2.4.": "a count of rows",
    ".14823.2.3.3.1.2.2.1.4.": "the number of a channel",
    ".41112.1.6.1.2.1.4.": "the number of a channel",
}


@pytest.mark.parametrize("name", NAMES)
def test_system_group_and_identity(name: str, discovered: Discovered) -> None:
    facts, found = dumps.facts()[name], discovered(name)
    assert found.system.object_id == facts["sysObjectID"]
    assert found.system.description.split() == " ".join(facts["sysDescr"].split())[:255].split()
    assert found.system.name == (facts["sysName"] or "")
    assert found.system.uptime_ticks == facts["sysUpTimeTicks"]
    assert found.errors == ()
    assert found.implausible == 0


@pytest.mark.parametrize("name", NAMES)
def test_every_interface_of_the_dump(name: str, discovered: Discovered) -> None:
    rows, found = dumps.rows(name), {facts.index: facts for facts in discovered(name).interfaces}
    column = "1.3.6.1.2.1.2.2.1.{}.{}".format
    indexes = {
        int(oid.rpartition(".")[2]) for arc in (2, 3, 8) for oid in rows if oid.startswith(f"1.3.6.1.2.1.2.2.1.{arc}.")
    }
    assert indexes <= set(found)
    assert len({facts.name for facts in found.values()}) == len(found)
    for index in indexes:
        facts = found[index]
        oper = rows.get(column(8, index))
        assert facts.oper_status == (int(oper[1]) if oper else None)
        wide = f"1.3.6.1.2.1.31.1.1.1.6.{index}"
        narrow = column(10, index)
        if facts.counter_bits == 64:
            assert facts.in_octets == int(rows[wide][1])
        elif facts.counter_bits == 32:
            assert facts.in_octets == int(rows[narrow][1])
            assert wide not in rows or int(rows[wide][1]) == 0
        else:
            assert narrow not in rows or column(16, index) not in rows


@pytest.mark.parametrize("name", NAMES)
def test_the_ports_another_poller_knows(name: str, discovered: Discovered) -> None:
    found = {facts.index: facts for facts in discovered(name).interfaces}
    for port in dumps.facts()[name]["sample_ports"]:
        facts = found.get(port["ifIndex"])
        if facts is None:
            assert name == "edgeosolt"  # it lists the OLT's PON ports, which have no row in ifTable
            continue
        if port.get("ifName"):
            assert facts.name == port["ifName"].strip()
        assert status_word(facts.oper_status) == port["ifOperStatus"]
        if port.get("ifAdminStatus"):
            assert status_word(facts.admin_status) == port["ifAdminStatus"]
        speed = (port.get("librenms") or {}).get("ifSpeed")
        if speed and speed != 4294967295 and speed < 1e13:  # ifSpeed overflown; bits per second taken for megabits
            assert facts.speed_bps == pytest.approx(speed, rel=0.001)
        if port.get("ifHCInOctets") is not None and facts.counter_bits == 64:
            assert (facts.in_octets, facts.out_octets) == (port["ifHCInOctets"], port["ifHCOutOctets"])
        if port.get("ifPhysAddress") and facts.mac:
            assert facts.mac.replace(":", "") == port["ifPhysAddress"]


@pytest.mark.parametrize("name", NAMES)
def test_readings_another_poller_makes_of_the_same_values(name: str, discovered: Discovered) -> None:
    """Where both read an OID they must agree; a reading we call 'none' must be one of the values that mean it."""
    ours = {sensor.oid: sensor for sensor in discovered(name).sensors}
    for theirs in dumps.facts()[name]["sensors"]:
        sensor = ours.get(theirs["oid"])
        if sensor is None or any(name == dump and part in theirs["oid"] for dump, part in OTHERWISE):
            continue
        if theirs["class"] == "power":
            wanted = ("signal", "dbm") if theirs["group"] == "wireless" else ("power",)
            assert sensor.class_ in wanted, theirs
            assert _agree(sensor, theirs["value"])
        elif theirs["class"] in CLASSES:
            wanted_class, factor = CLASSES[theirs["class"]]
            if theirs["class"] == "frequency" and theirs["group"] == "wireless":
                factor = 1_000_000
            assert sensor.class_ == wanted_class, theirs
            assert _agree(sensor, theirs["value"] * factor), (theirs, sensor)


@pytest.mark.parametrize("name", NAMES)
def test_no_sensor_is_left_out_without_a_reason(name: str, discovered: Discovered) -> None:
    ours = {sensor.oid for sensor in discovered(name).sensors}
    for theirs in dumps.facts()[name]["sensors"]:
        if theirs["class"] in CLASSES and theirs["oid"] not in ours:
            assert any(part in theirs["oid"] for part in NOT_READ), theirs


def _agree(sensor: SensorFacts, value: float) -> bool:
    if sensor.value is None:
        return value in (0, -1, -128, 128, -40) or not sensor.conversion.low <= value <= sensor.conversion.high
    return math.isclose(sensor.value, value, rel_tol=0.005, abs_tol=0.01)


@pytest.mark.parametrize("name", NAMES)
def test_identity_as_another_poller_reads_it(name: str, discovered: Discovered) -> None:
    facts, found = dumps.facts()[name], discovered(name)
    assert found.platform != "generic"
    assert not any(word and not word.strip("0 :.-") for word in (found.model, found.version, found.serial))
    if facts["serial"]:
        assert found.serial == facts["serial"]
    if facts["version"] and name not in ("ciscosb_c1200-8t-e-2g", "apc_smt750x-nmc2", "vrp_ar169sfp"):
        assert found.version == facts["version"]
    if facts["hardware"] and name != "mimosa":
        assert found.model.split(" ")[0] in facts["hardware"]


@pytest.mark.parametrize("name", [name for name in NAMES if dumps.facts()[name]["onu"]])
def test_onus_of_an_olt(name: str, discovered: Discovered) -> None:
    facts, onus = dumps.facts()[name]["onu"], discovered(name).onus
    assert len(onus) == facts["count"]
    if name == "zxa10_c320":
        assert max(onu.distance_m or 0 for onu in onus) == facts["max_m"]
        assert sorted(facts["per_pon"].values()) == sorted(
            sum(onu.olt_port == port for onu in onus) for port in {onu.olt_port for onu in onus}
        )
    if name == "edgeosolt":
        assert sum(onu.state == "online" for onu in onus) == facts["online"]
        by_serial = {onu.serial: onu for onu in onus}
        for row in facts["rows"]:
            rx = int(row["rx_raw"])
            assert by_serial[row["serial"]].rx_dbm == (pytest.approx(rx / 100) if rx else None)
    if name == "vsolution_v1600d":
        for row in facts["rows"]:
            pon, number = row["index"].split(".")
            onu = next(onu for onu in onus if (onu.olt_port, onu.onu_id) == (f"EPON0/{pon}", number))
            assert f"({onu.rx_dbm:.2f} dBm)" in row["rx"]
            assert f"({onu.tx_dbm:.2f} dBm)" in row["tx"]


@pytest.mark.parametrize("name", NAMES)
def test_processors_and_memory(name: str, discovered: Discovered) -> None:
    found = discovered(name)
    readings = {sensor.oid: sensor.value for sensor in found.sensors}
    for processor in dumps.facts()[name]["processors"]:
        oid = processor["processor_oid"].lstrip(".")
        if oid in readings:
            assert readings[oid] == pytest.approx(processor["processor_usage"], abs=1)
    memory = {sensor.name: sensor.value for sensor in found.sensors if sensor.class_ == "memory"}
    for pool in dumps.facts()[name]["mempools"]:
        if pool["mempool_descr"] in memory:
            assert memory[pool["mempool_descr"]] == pytest.approx(pool["mempool_perc"], abs=1)


@pytest.mark.parametrize("name", NAMES)
def test_neighbours_of_the_dump(name: str, discovered: Discovered) -> None:
    seen = {(one.sys_name, one.port_id) for one in discovered(name).neighbours if one.protocol == "lldp"}
    for row in dumps.facts()[name]["lldp_rem_rows"] or ():
        names = {sys_name for sys_name, _port in seen}
        assert (row["remSysName"] or "") in names
