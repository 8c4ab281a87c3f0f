"""What must hold between the cells of one row, after each has been read on its own."""

from collections.abc import Callable
from ipaddress import ip_address, ip_network
from typing import Any, Final, Protocol

from domain.language import _
from inventory.importing.coordinates import place_error
from inventory.importing.regioncodes import RegionReader


class Findings(Protocol):
    """Where a row's errors and warnings go."""

    def refuse(self, row: int, attribute: str, value: object, problem: str, remedy: str = "") -> None: ...

    def warn(self, row: int, attribute: str, value: object, problem: str, remedy: str = "") -> None: ...


class Verdict:
    """Findings about one row."""

    __slots__ = ("_findings", "_row")

    def __init__(self, findings: Findings, row: int) -> None:
        self._findings = findings
        self._row = row

    def refuse(self, attribute: str, value: object, problem: str, remedy: str = "") -> None:
        self._findings.refuse(self._row, attribute, value, problem, remedy)

    def warn(self, attribute: str, value: object, problem: str, remedy: str = "") -> None:
        self._findings.warn(self._row, attribute, value, problem, remedy)


RowCheck = Callable[[dict[str, Any], Verdict, RegionReader], None]


def _place(values: dict[str, Any], verdict: Verdict, _regions: RegionReader) -> None:
    latitude, longitude = values.get("latitude"), values.get("longitude")
    if latitude is None and longitude is None:
        return
    if latitude is None or longitude is None:
        missing, other = ("latitude", "longitude") if latitude is None else ("longitude", "latitude")
        if missing in values and other in values:
            verdict.refuse(
                missing, "", _("there is a {other} without a {missing}.").format(other=other, missing=missing)
            )
        return
    wrong = place_error(latitude, longitude)
    if wrong is not None:
        attribute, problem, remedy = wrong
        verdict.refuse(attribute, values[attribute], problem, remedy)


def _village(values: dict[str, Any], verdict: Verdict, regions: RegionReader) -> None:
    _place(values, verdict, regions)
    population, households = values.get("population"), values.get("households")
    if population is not None and households is not None and households > population:
        verdict.warn(
            "households",
            households,
            _("{households} households are more than {population} people.").format(
                households=households, population=population
            ),
            _("Are the two columns exchanged?"),
        )

    former = values.get("former_code")
    if former and former == values.get("region_code"):
        verdict.refuse("former_code", former, _("the old code is the code itself."))
    elif former and values.get("year") is None:
        verdict.refuse("year", "", _("a village with an old code needs the year of the new one."))


def _link(values: dict[str, Any], verdict: Verdict, _regions: RegionReader) -> None:
    if values.get("a_device") and values.get("a_device") == values.get("z_device"):
        verdict.refuse("z_device", values["z_device"], _("the link leads from a device to itself."))


def _contract(values: dict[str, Any], verdict: Verdict, _regions: RegionReader) -> None:
    starts, ends = values.get("starts_on"), values.get("ends_on")
    if starts is not None and ends is not None and ends < starts:
        verdict.refuse(
            "ends_on",
            ends,
            _("the contract ends on {ends}, before it starts on {starts}.").format(ends=ends, starts=starts),
        )


def _prefix(values: dict[str, Any], verdict: Verdict, _regions: RegionReader) -> None:
    if "prefix" not in values:
        return
    network = ip_network(values["prefix"])
    inside = [name for name in ("gateway", "dhcp_from", "dhcp_to") if values.get(name)]
    for name in inside:
        address = ip_address(values[name])
        if address not in network:
            verdict.refuse(
                name,
                address,
                _("{address} does not lie in {prefix}.").format(address=address, prefix=network),
            )
            return
    first, last = values.get("dhcp_from"), values.get("dhcp_to")
    if first and last and int(ip_address(first)) > int(ip_address(last)):
        verdict.refuse("dhcp_to", last, _("{last} lies before {first}.").format(last=last, first=first))


CHECKS: Final[dict[str, RowCheck]] = {
    "villages": _village,
    "sites": _place,
    "links": _link,
    "contracts": _contract,
    "prefixes": _prefix,
}
