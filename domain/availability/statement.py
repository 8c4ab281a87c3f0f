"""A month as it is published: plain values with stable keys, a hash over them, and what changed after it was closed.

Canonical JSON (sorted keys, no spaces, UTF-8) under SHA-256: whoever has the document can check the hash by himself.
Times are whole seconds.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import Any

from domain.availability.figures import Figure
from domain.availability.lines import Restitution
from domain.availability.period import Period
from domain.availability.report import By, Report, Row
from domain.availability.spans import SECOND, Micros

Plain = dict[str, Any]
_LINES = frozenset({By.LINK, By.PROVIDER})


def plain_report(report: Report) -> Plain:
    return {
        "by": report.by.value,
        "rows": [plain_row(row, report.by in _LINES) for row in report.rows],
        "problems": list(report.problems),
    }


def plain_row(row: Row, is_line: bool) -> Plain:
    """is_line: of the thing itself, time behind somebody else's fault left out; else of those who use it."""
    figure = row.figure
    available = figure.own_availability_percent if is_line else figure.availability_percent
    return {
        "key": row.key,
        "name": row.name,
        "kecamatan": row.kecamatan,
        "availabilityPercent": _percent(available),
        **_plain_figure(figure),
        "restitution": [_plain_restitution(each) for each in row.restitutions],
    }


def plain_month(period: Period, zone: str, reports: Iterable[Report]) -> Plain:
    """Everything about a month: the document that is frozen."""
    return {
        "period": period.label,
        "from": period.start.isoformat(),
        "until": period.until.isoformat(),
        "zone": zone,
        "reports": [plain_report(report) for report in reports],
    }


def canonical(document: Mapping[str, Any]) -> str:
    return json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)


def digest(text: str) -> str:
    """SHA-256 of the canonical text, in hexadecimal."""
    return hashlib.sha256(text.encode()).hexdigest()


def differences(frozen: Mapping[str, Any], now: Mapping[str, Any]) -> list[Plain]:
    """Rows that would read otherwise today: by, key, and each value before and after. A row that is new or gone too."""
    found = []
    before, after = _by_key(frozen), _by_key(now)
    for by, key in sorted(before.keys() | after.keys()):
        old, new = before.get((by, key), {}), after.get((by, key), {})
        names = sorted(name for name in old.keys() | new.keys() if old.get(name) != new.get(name))
        if names:
            changed = {name: {"before": old.get(name), "after": new.get(name)} for name in names}
            found.append({"by": by, "key": key, "name": (new or old)["name"], "changed": changed})
    return found


def _by_key(document: Mapping[str, Any]) -> dict[tuple[str, str], Plain]:
    return {(report["by"], row["key"]): row for report in document["reports"] for row in report["rows"]}


def _plain_figure(figure: Figure) -> Plain:
    return {
        "completenessPercent": _percent(figure.completeness_percent),
        "seconds": {
            **{kind.value: _seconds(time) for kind, time in figure.kinds.items()},
            "outside": _seconds(figure.outside),
        },
        "things": figure.things,
        "outages": {
            "count": figure.outages,
            "longestSeconds": _seconds(figure.longest),
            "meanSeconds": _seconds(figure.mean_outage),
        },
        "charged": [
            {
                "party": liable.party.value,
                "name": liable.name,
                "cause": cause,
                "overridden": overridden,
                "seconds": _seconds(time),
            }
            for (liable, cause, overridden), time in sorted(
                figure.charges.items(), key=lambda item: (-item[1], item[0][0].party, item[0][0].name, item[0][1])
            )
        ],
    }


def _plain_restitution(owed: Restitution) -> Plain:
    return {
        "contract": owed.contract,
        "provider": owed.provider,
        "rule": owed.rule,
        "availabilityPercent": _percent(owed.availability_percent),
        "slaPercent": owed.sla_percent,
        "fromDetection": None if owed.from_detection is None else int(owed.from_detection),
        "fromTicket": None if owed.from_ticket is None else int(owed.from_ticket),
        "problem": owed.problem,
    }


def _seconds(time: Micros) -> int | float:
    """Whole where it is whole: the rim reads times to the second."""
    whole, rest = divmod(time, SECOND)
    return whole if not rest else time / SECOND


def _percent(value: float | None) -> float | None:
    """Four decimals; what is not whole is never shown as whole."""
    if value is None or value >= 100.0:
        return value
    return min(round(value, 4), 99.9999)
