"""The words of the acceptance sheet in the active language: heads, titles, and what closed words are called."""

from typing import assert_never

from domain.changes import Outcome
from domain.documents import AcceptanceSheet, Photo, SheetPlace, SignerPart
from domain.language import _, n_


def template_words() -> dict[str, str]:
    """By the names that the template uses; {page} and {pages} are filled in there."""
    return {
        "title": _("Acceptance sheet"),
        "draft": _("DRAFT"),
        "page": _("Page {page} of {pages}"),
        "site": _("Site"),
        "code": _("region code"),
        "address": _("Address"),
        "coordinates": _("Coordinates"),
        "built_by": _("Built by"),
        "approved_by": _("Approved by"),
        "emergency": _("Emergency"),
        "job": _("Change"),
        "devices": _("Devices"),
        "device": _("device"),
        "model": _("model"),
        "serial": _("serial"),
        "ip": _("address"),
        "version": _("version"),
        "addresses": _("Addresses"),
        "name": _("name"),
        "range": _("range"),
        "vlan": _("VLAN"),
        "gateway": _("gateway"),
        "dhcp": _("handed out by DHCP"),
        "links": _("Links"),
        "link": _("link"),
        "ends": _("from, to"),
        "medium": _("medium"),
        "length": _("km"),
        "level": _("level, dBm"),
        "budget": _("budget, dBm"),
        "speeds": _("Speeds"),
        "promised_down": _("promised down, Mbit/s"),
        "promised_up": _("up"),
        "measured_down": _("measured down, Mbit/s"),
        "measured_up": _("up"),
        "by_hand": _("What is left blank was not measured or is not known; fill it in by hand."),
        "checks": _("Checks"),
        "check": _("check"),
        "result": _("result"),
        "found": _("what was found"),
        "photos": _("Photos"),
        "notes": _("Notes"),
        "signatures": _("Signatures"),
        "signature_place": _("Place and date"),
        "none": _("None is known."),
    }


def headline(sheet: AcceptanceSheet) -> str:
    """The answer first: whether it was looked at, and what came of it."""
    passed, failed, unchecked = (sheet.count(each) for each in (Outcome.PASSED, Outcome.FAILED, Outcome.UNCHECKED))
    if not passed and not failed:
        return _("Nothing was checked by the machine.")
    said = n_("{passed} check passed", "{passed} checks passed", passed).format(passed=passed)
    rest = [
        n_("{failed} failed", "{failed} failed", failed).format(failed=failed),
        n_("{unchecked} not checked", "{unchecked} not checked", unchecked).format(unchecked=unchecked),
    ]
    return ", ".join([said, *rest]) + "."


def where(place: SheetPlace) -> str:
    """The region by its name: a village never without its kecamatan."""
    if not place.village:
        return ", ".join(
            filter(None, (_("Kec. {name}").format(name=place.district) if place.district else "", place.regency))
        )
    village = _("Kelurahan {name}") if place.is_kelurahan else _("Desa {name}")
    district = _("Kec. {name}").format(name=place.district)
    return ", ".join(filter(None, (village.format(name=place.village), district, place.regency)))


def outcome_word(outcome: Outcome) -> str:
    match outcome:
        case Outcome.PASSED:
            return _("passed")
        case Outcome.FAILED:
            return _("FAILED")
        case Outcome.UNCHECKED:
            return _("not checked")
        case _:
            assert_never(outcome)


def check_word(name: str) -> str:
    """What a check asks; one that is not known here is called by its name."""
    words = {
        "reachable": _("Answers to echoes"),
        "snmp": _("Answers SNMP, is the planned device"),
        "neighbour": _("The right neighbour at the link"),
        "optical-level": _("Received light inside the budget"),
        "onu-level": _("Light of the ONU inside the budget"),
        "signal": _("Radio signal strong enough"),
        "path-mtu": _("Full packets pass"),
        "tunnel": _("The tunnel answers"),
        "dns": _("Names are found"),
        "services": _("Applications reachable"),
        "no-default-credentials": _("No factory login left"),
        "throughput": _("As fast as agreed"),
        "heartbeat": _("The heartbeat comes"),
        "stream": _("The camera's picture comes"),
        "lan-dhcp-rogue": _("No foreign DHCP server"),
        "lan-addresses": _("No address used twice"),
        "lan-dhcp-pool": _("Addresses left to give out"),
        "lan-neighbours": _("Who is seen on the LAN"),
    }
    return words.get(name, name)


def photo_word(photo: Photo) -> str:
    match photo:
        case Photo.BUILDING:
            return _("The building from the front, with its name")
        case Photo.RACK:
            return _("Rack or box with all devices")
        case Photo.LABELS:
            return _("Labels with serials")
        case Photo.CABLE:
            return _("Where the cable or the antenna comes in")
        case Photo.POWER:
            return _("Power, UPS and earthing")
        case Photo.SPEED:
            return _("Speed test at the site")
        case _:
            assert_never(photo)


def signer_word(part: SignerPart) -> str:
    match part:
        case SignerPart.BUILT:
            return _("Built by")
        case SignerPart.CHECKED:
            return _("Checked by")
        case SignerPart.ACCEPTED:
            return _("Accepted by")
        case _:
            assert_never(part)
