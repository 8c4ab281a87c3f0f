"""Which columns of a device's plan tell whether its site has mains, by what its profile says. Pure."""

from collections.abc import Iterator

from collectors.profiles import Profile, Sensor, Table
from domain.polling import Column, MainsSign, Plan


def mains_signs(plan: Plan, profile: Profile) -> tuple[MainsSign, ...]:
    """In the order of the plan, which must be of a device of this profile; empty where nothing tells."""
    tables = {name: table for name, table in profile.tables.items() if any(one.mains for one in table.sensors)}
    signs = []
    for place, column in enumerate(plan.columns):
        for sensor in _sensors(tables.get(column.table), column):
            mains = sensor.mains
            if mains is not None and mains.name.search(column.instance):
                signs.append(MainsSign(place, column.instance, mains.lost, mains.present, mains.by_change))
                break
    return tuple(signs)


def _sensors(table: Table | None, column: Column) -> Iterator[Sensor]:
    """The table's sensors that may have made the column."""
    for sensor in table.sensors if table else ():
        assert table is not None
        base = table.columns.get(sensor.column)
        fits = column.oid.startswith(f"{base}.") if base else column.oid == table.scalars[sensor.column]
        if fits and column.quantity == f"sensor.{sensor.class_}":
            yield sensor
