"""The whole path of a poll against three peers, in one run, one after the other, on one core each.

Ours is everything from the schedule to the text of a scrape. snmp_exporter asks, decodes and renders. gufo-snmp and
pysnmp ask and decode; what one would have to build behind them is not counted for them.
"""

import argparse
import json
import sys

from benchmarks.parts import Figures, run_part
from benchmarks.responder import responding

PEERS = {"snmpExporter": "peers.exporter", "gufo": "peers.gufo", "pysnmp": "peers.pysnmp"}
WAKES = (0.5, 0.25, 0.1)  # the first is what `run` does unless it is told otherwise


def flat_out(port: int, devices: int, rounds: int, pysnmp_devices: int, repeats: int) -> Figures:
    """Each poller `repeats` times, interleaved; of each the run in the middle stands, with all the figures beside."""
    runs: dict[str, list[Figures]] = {"kentongan": [], **{peer: [] for peer in PEERS}}
    for _repeat in range(repeats):
        runs["kentongan"].append(run_part("ours", port=port, devices=devices, rounds=rounds))
        runs["snmpExporter"].append(run_part("peers.exporter", port=port, devices=devices, at_once=64))
        runs["gufo"].append(run_part("peers.gufo", port=port, devices=devices, at_once=64))
        runs["pysnmp"].append(run_part("peers.pysnmp", port=port, devices=pysnmp_devices, at_once=8, warm_up=20))
    return _with_ratios({name: _middle(found) for name, found in runs.items()})


def paced(port: int, devices: int, pysnmp_devices: int, seconds: float, wakes: tuple[float, ...]) -> Figures:
    """Every device once in `seconds`, by each poller in its turn."""
    ours = [run_part("ours", port=port, devices=devices, paced=seconds, wake=wake) for wake in wakes]
    found: dict[str, Figures] = {"kentongan": ours[0]}
    found["snmpExporter"] = run_part("peers.exporter", port=port, devices=devices, paced=seconds)
    found["gufo"] = run_part("peers.gufo", port=port, devices=devices, paced=seconds)
    found["pysnmp"] = run_part("peers.pysnmp", port=port, devices=pysnmp_devices, paced=seconds, at_once=8, warm_up=20)
    return _with_ratios(found) | {"kentonganByWake": ours}


def _middle(runs: list[Figures]) -> Figures:
    each = sorted(runs, key=_cost)
    middle = each[(len(each) - 1) // 2]
    return middle | {"microsecondsOfRuns": [one["microseconds"] for one in each], "least": each[0]["microseconds"]}


def _cost(figures: Figures) -> float:
    return float(figures["microseconds"])  # type: ignore[arg-type]


def _with_ratios(found: dict[str, Figures]) -> Figures:
    ours = _cost(found["kentongan"])
    return {**found, "ratios": {peer: round(_cost(found[peer]) / ours, 1) for peer in PEERS}}


def measure(
    port: int, *, devices: int = 5000, seconds: float = 60.0, repeats: int = 3, quick: bool = False
) -> dict[str, Figures]:
    with responding(port):
        full = flat_out(port, devices, 5, 60 if quick else 150, 1 if quick else repeats)
        rate = devices / 60.0
        at_rate = paced(
            port,
            round(rate * seconds),
            round(2000 / 60 * seconds),
            seconds,
            WAKES,
        )
    return {"fullSpeed": full, "paced": at_rate}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=19161)
    parser.add_argument("--devices", type=int, default=5000)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--repeats", type=int, default=3)
    options = parser.parse_args()
    figures = measure(options.port, devices=options.devices, seconds=options.seconds, repeats=options.repeats)
    json.dump(figures, sys.stdout, default=int)


if __name__ == "__main__":
    main()
