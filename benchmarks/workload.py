"""The device every figure speaks of: 122 values of a router of 12 interfaces, in three GETs of 41, 41 and 40.

sysUpTime, sysName, and ten columns of IF-MIB's two tables. Every device has an address of its own in 127.0.0.0/8.
"""

from collections.abc import Iterator

from domain.polling import Budget, Column, Kind, Plan, PlanBook
from domain.secrets import AuthProtocol, PrivProtocol, Secret, SnmpCommunity, SnmpUser, SnmpVersion

INTERFACES = 12
VARBINDS = 41
ENTRY, X_ENTRY = "1.3.6.1.2.1.2.2.1", "1.3.6.1.2.1.31.1.1.1"
UPTIME, NAME = "1.3.6.1.2.1.1.3.0", "1.3.6.1.2.1.1.5.0"
TABLE = (
    ("ifOperStatus", f"{ENTRY}.8", Kind.INTEGER),
    ("ifAdminStatus", f"{ENTRY}.7", Kind.INTEGER),
    ("ifHighSpeed", f"{X_ENTRY}.15", Kind.GAUGE32),
    ("ifHCInOctets", f"{X_ENTRY}.6", Kind.COUNTER64),
    ("ifHCOutOctets", f"{X_ENTRY}.10", Kind.COUNTER64),
    ("ifInErrors", f"{ENTRY}.14", Kind.COUNTER32),
    ("ifOutErrors", f"{ENTRY}.20", Kind.COUNTER32),
    ("ifInDiscards", f"{ENTRY}.13", Kind.COUNTER32),
    ("ifOutDiscards", f"{ENTRY}.19", Kind.COUNTER32),
    ("ifName", f"{X_ENTRY}.1", Kind.TEXT),
)
COUNTERS = (Kind.COUNTER32, Kind.COUNTER64)
COMMUNITY = SnmpCommunity("bench", SnmpVersion.V2C, Secret("public"))
USER = SnmpUser(
    "bench-v3", "bench", AuthProtocol.SHA1, Secret("authpass12345"), PrivProtocol.AES128, Secret("privpass12345")
)


def columns() -> list[Column]:
    found = [
        Column(UPTIME, Kind.TIMETICKS, "system", "sysUpTime"),
        Column(NAME, Kind.TEXT, "system", "sysName"),
    ]
    for quantity, oid, kind in TABLE:
        for port in range(1, INTERFACES + 1):
            bps = speed_bps(port) if kind is Kind.COUNTER64 else float("inf")
            ether = interface(port)
            found.append(Column(f"{oid}.{port}", kind, "interfaces", quantity, ether, ether, port_bps=bps))
    return found


def speed_bps(port: int) -> float:
    """As the target's ifHighSpeed tells it, and a discovery would have written it into the plan."""
    return 1e10 if port == 1 else 1e9


def interface(port: int) -> str:
    return "sfp-sfpplus1" if port == 1 else f"ether{port}"


def plan(book: PlanBook) -> Plan:
    return book.intern(columns(), Budget(varbinds=VARBINDS))


def instances() -> list[list[str]]:
    """The OIDs of the three requests, for pollers that are told OIDs."""
    oids = [column.oid for column in columns()]
    return [oids[first : first + VARBINDS] for first in range(0, len(oids), VARBINDS)]


def addresses(count: int) -> Iterator[str]:
    """127.1.0.1 upwards, leaving out .0 and .255."""
    for number in range(count):
        rest, last = divmod(number, 254)
        yield f"127.{1 + rest // 256}.{rest % 256}.{1 + last}"


def name_of(address: str) -> str:
    return "rtr-" + address.replace(".", "-")
