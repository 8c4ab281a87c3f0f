"""docs/images/performance.svg: CPU for one poll of one device, by poller, on a logarithmic scale. Plain SVG text."""

from collections.abc import Mapping
from math import log10
from typing import Any

WIDTH, BAR, GAP, LEFT, RIGHT, TOP = 760, 26, 12, 210, 110, 64
NAMES = {"kentongan": "Kentongan", "gufo": "gufo-snmp", "snmpExporter": "snmp_exporter", "pysnmp": "pysnmp"}
INK, FAINT, OURS, PEER = "#1f2933", "#9aa5b1", "#0f766e", "#cbd2d9"


def drawn(figures: Mapping[str, Any]) -> str:
    part = figures["wholePath"]
    best = min(part["paced"]["kentonganByWake"], key=lambda one: one["microseconds"])
    paced = {**part["paced"], "kentongan": best}
    wake = f"{best['wakeSeconds'] * 1000:g} ms"
    groups = [("at full speed", part["fullSpeed"]), (f"once in 60 s, woken every {wake}", paced)]
    body: list[str] = []
    y = TOP
    for title, group in groups:
        body.append(_text(20, y, title, weight="600"))
        y += 14
        for key, name in NAMES.items():
            body += _bar(y, name, float(group[key]["microseconds"]), ours=key == "kentongan")
            y += BAR + GAP
        y += 26
    height = y + 4
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}" '
        'font-family="system-ui, sans-serif" role="img" '
        'aria-label="CPU microseconds for one poll of one device, by poller">'
    )
    return "\n".join(
        (
            head,
            f'<rect width="{WIDTH}" height="{height}" fill="#ffffff"/>',
            _text(20, 28, "CPU for one poll of one device of 122 values, in microseconds (shorter is better)", size=15),
            _text(20, 46, "logarithmic scale; ours with counters, states and a scrape", size=12, fill=FAINT),
            *body,
            "</svg>",
            "",
        )
    )


def _bar(y: float, name: str, microseconds: float, *, ours: bool) -> list[str]:
    most = log10(100_000)
    length = max(4.0, (WIDTH - LEFT - RIGHT) * (log10(max(microseconds, 1.0)) / most))
    label = f"{microseconds:,.0f}" if microseconds >= 100 else f"{microseconds:.1f}"
    return [
        _text(LEFT - 10, y + 18, name, anchor="end", weight="600" if ours else "400"),
        f'<rect x="{LEFT}" y="{y}" width="{length:.1f}" height="{BAR}" rx="3" fill="{OURS if ours else PEER}"/>',
        _text(LEFT + length + 8, y + 18, f"{label} µs", weight="600" if ours else "400"),
    ]


def _text(
    x: float, y: float, words: str, *, size: int = 13, fill: str = INK, anchor: str = "start", weight: str = "400"
) -> str:
    return (
        f'<text x="{x:.0f}" y="{y:.0f}" font-size="{size}" fill="{fill}" text-anchor="{anchor}" '
        f'font-weight="{weight}">{words}</text>'
    )
