"""Tables of what coverage is measured by: evidence and users of each village and day, and the shapes of kecamatan.

Evidence is kept like an electricity meter: `*_total` columns only grow, so that any window is one day's row less
another's. Nothing of a single user is kept, only how many there were.
"""

from sqlalchemy import BigInteger, Column, Date, Double, Integer, MetaData, Table, Text

from domain.network import PollClassName
from inventory.store.tables import RegionText
from inventory.store.types import Word

metadata = MetaData()


def _total(name: str) -> Column[int]:
    return Column(name, BigInteger, nullable=False)


def _peak(name: str) -> Column[int]:
    return Column(name, Integer)


village_evidence = Table(
    "village_evidence",
    metadata,
    Column("day", Date, primary_key=True),
    Column("region_code", RegionText, primary_key=True),
    _total("service_total"),
    _total("up_total"),
    _total("dark_total"),
    _total("use_days_total"),
    Column("speed_on", Date),
    Column("speed_mbps", Double),
    Column("class_", Word(PollClassName), nullable=False),
)

village_use = Table(
    "village_use",
    metadata,
    Column("day", Date, primary_key=True),
    Column("region_code", RegionText, primary_key=True),
    _peak("leases"),
    _peak("hotspot"),
    _peak("pppoe"),
    _peak("wifi"),
    _peak("users"),
    _total("octets"),
)

region_shape = Table(
    "region_shape",
    metadata,
    Column("region_code", RegionText, primary_key=True),
    Column("geometry", Text, nullable=False),
    Column("source", Text, nullable=False),
    Column("imported_at", Double, nullable=False),
)
