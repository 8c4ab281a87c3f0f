"""Months of one report added up, row by row, as they were published. Pure.

Works on the plain rows of `statement`, so that a year is the sum of its months: of frozen ones as they were frozen. An
outage over the end of a month is one in each of the two, and its longest stretch is that of one month.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from domain.availability.kinds import KNOWN, Kind
from domain.availability.report import By

Plain = dict[str, Any]
_OF_ITSELF = frozenset({By.LINK, By.PROVIDER})
_DIGITS = 4


def added(by: By, months: Sequence[Sequence[Mapping[str, Any]]]) -> list[Plain]:
    """The rows of all months, one for each key, sorted by it; keys as in `statement.plain_row`."""
    rows: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for month in months:
        for row in month:
            rows[row["key"]].append(row)
    return [_row(by, rows[key]) for key in sorted(rows)]


def _row(by: By, parts: Sequence[Mapping[str, Any]]) -> Plain:
    """parts: of one thing, oldest first; it is called as it was called last."""
    last = parts[-1]
    seconds = {name: sum(part["seconds"][name] for part in parts) for name in last["seconds"]}
    outages = sum(part["outages"]["count"] for part in parts)
    charged = _charged(part["charged"] for part in parts)
    dark = sum(each["seconds"] for each in charged)
    return {
        "key": last["key"],
        "name": last["name"],
        "kecamatan": last["kecamatan"],
        "availabilityPercent": _available(by, seconds),
        "completenessPercent": _seen(seconds),
        "seconds": seconds,
        "things": max(part["things"] for part in parts),
        "outages": {
            "count": outages,
            "longestSeconds": max(part["outages"]["longestSeconds"] for part in parts),
            "meanSeconds": dark / outages if outages else 0,
        },
        "charged": charged,
        "restitution": _restitution([each for part in parts for each in part["restitution"]]),
    }


def _available(by: By, seconds: Mapping[str, float]) -> float | None:
    base = sum(seconds[kind] for kind in KNOWN)
    dark = seconds[Kind.DOWN]
    if by in _OF_ITSELF:
        base -= seconds[Kind.UNREACHABLE]
    else:
        dark += seconds[Kind.UNREACHABLE]
    return _percent(base - dark, base)


def _seen(seconds: Mapping[str, float]) -> float | None:
    service = sum(seconds[kind] for kind in Kind)
    return _percent(service - seconds[Kind.UNKNOWN], service)


def _percent(part: float, whole: float) -> float | None:
    """As months are rounded: what is not whole is never shown as whole."""
    if not whole:
        return None
    return 100.0 if part == whole else min(round(100.0 * part / whole, _DIGITS), 99.9999)


def _charged(months: Iterable[Sequence[Mapping[str, Any]]]) -> list[Plain]:
    sums: dict[tuple[str, str, str, bool], float] = defaultdict(int)
    for month in months:
        for each in month:
            sums[each["party"], each["name"], each["cause"], each["overridden"]] += each["seconds"]
    return [
        {"party": party, "name": name, "cause": cause, "overridden": overridden, "seconds": seconds}
        for (party, name, cause, overridden), seconds in sorted(sums.items(), key=lambda item: (-item[1], item[0]))
    ]


def _restitution(parts: Sequence[Mapping[str, Any]]) -> list[Plain]:
    """A clause is reckoned month by month; what it came to is added up. A month without a figure leaves it blank."""
    contracts: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for each in parts:
        contracts[each["contract"]].append(each)
    found = []
    for _contract, months in sorted(contracts.items()):
        problem = next((each["problem"] for each in months if each["problem"]), "")
        sums = {key: None if problem else sum(each[key] for each in months) for key in ("fromDetection", "fromTicket")}
        found.append({**months[-1], "availabilityPercent": None, **sums, "problem": problem})
    return found
