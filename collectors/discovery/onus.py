"""The ONUs of an OLT, from a profile's tables. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import fields, replace
from math import isfinite

from collectors.decode import reading_of
from collectors.discovery.rows import Row
from collectors.discovery.texts import id_of, text_of
from collectors.profiles.schema import OnuTable, Reading
from collectors.snmp.pdu import Value
from domain.polling import OnuFacts, OnuReading, cause_of


def onus_of(table: OnuTable, rows: Iterable[Row]) -> list[OnuFacts]:
    return [
        OnuFacts(
            *_place(table, row),
            serial=_serial(table, row),
            state=_word(row.values.get("state"), table.states),
            last_down_cause=_word(row.values.get("cause"), table.causes),
            rx_dbm=_reading(table.rx, row),
            tx_dbm=_reading(table.tx, row),
            distance_m=_reading(table.distance, row),
        )
        for row in rows
    ]


def readings_of(table: OnuTable, rows: Iterable[Row]) -> list[OnuReading]:
    """What an outage needs to know of each ONU, in the closed set of causes."""
    return [_look(table, row) for row in rows]


def _look(table: OnuTable, row: Row) -> OnuReading:
    state, last = _word(row.values.get("state"), table.states), _word(row.values.get("cause"), table.causes)
    return OnuReading(
        *_place(table, row),
        online=state in table.online if state and table.online else None,
        cause=cause_of(table.evidence.get(state or ""), table.evidence.get(last or "")),
        state=state or "",
        rx_dbm=_reading(table.rx, row),
    )


def merged(onus: Iterable[OnuFacts]) -> tuple[OnuFacts, ...]:
    """One entry per port and ONU: an OLT may tell of the same ONU in two trees; what the first says counts."""
    known: dict[tuple[str, str], OnuFacts] = {}
    for onu in onus:
        key = (onu.olt_port, onu.onu_id)
        before = known.get(key)
        if before is not None:
            gaps = {f.name: getattr(onu, f.name) for f in fields(onu) if getattr(before, f.name) in (None, "")}
            onu = replace(before, **gaps)
        known[key] = onu
    return tuple(known.values())


def _place(table: OnuTable, row: Row) -> tuple[str, str]:
    """Port and number."""
    port = row.fill(table.port)
    found = table.split.search(port) if table.split else None
    return (found.group(1), found.group(2)) if found else (port, row.fill(table.onu))


def _serial(table: OnuTable, row: Row) -> str:
    value = row.values.get("serial")
    if isinstance(value, bytes):
        if table.serial_form == "mac":
            return id_of(value, is_mac=True)
        if table.serial_form == "vendor" and len(value) == 8:
            vendor = value[:4].decode("ascii") if value[:4].isalnum() else value[:4].hex().upper()
            return vendor + value[4:].hex().upper() if any(value) else ""
    text = text_of(value)
    found = table.serial_match.search(text) if table.serial_match else None
    return found.group(1) if found else text


def _word(value: Value | None, words: Mapping[int | str, str]) -> str | None:
    """The profile's word for a number or a text; an unknown one as it is, None for nothing."""
    if value is None:
        return None
    text = text_of(value)
    return words.get(value if isinstance(value, int) else text, text) or None


def _reading(reading: Reading | None, row: Row) -> float | None:
    raw = row.values.get(reading.column) if reading else None
    if reading is None or not isinstance(raw, int | bytes):
        return None
    value, _plausible = reading_of(raw, reading.conversion(reading.scale))
    return round(value, 3) if isfinite(value) else None
