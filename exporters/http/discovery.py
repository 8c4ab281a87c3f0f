"""What Prometheus is told by http_sd: this exporter, whole or zone by zone."""

from collections.abc import Sequence


def targets(address: str, zones: Sequence[str], *, by_zone: bool = False) -> list[dict[str, object]]:
    """The answer of an http_sd endpoint, a list of target groups.

    Whole: one target; it carries `zone` if there is but one, `__meta_kentongan_zones` always. By zone: a target for
    each, so that a large fleet can be spread over several Prometheus servers, and one for the process's own health.
    """
    named = [zone for zone in zones if zone]
    if not by_zone:
        labels = {"__meta_kentongan_zones": ",".join(named)}
        return [{"targets": [address], "labels": labels | ({"zone": named[0]} if len(named) == 1 else {})}]
    groups: list[dict[str, object]] = [
        {"targets": [address], "labels": {"zone": zone, "__param_zone": zone}} for zone in named
    ]
    if len(named) < len(zones):
        groups.append({"targets": [address], "labels": {"__param_zone": ""}})
    return [*groups, {"targets": [address], "labels": {"__param_part": "own"}}]
