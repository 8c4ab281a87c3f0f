"""The acceptance sheet as plain data for its template: every text chosen and written, nothing laid out.

What people wrote is only ever a string in that data; the template never reads a string as markup.
"""

import unicodedata
from typing import Final

from domain.changes import Outcome
from domain.documents import AcceptanceSheet, SheetDevice, SheetLink, SheetSpeed, SheetSubnet, Signer
from domain.language import _, active_language
from domain.network.words import medium_word
from exporters.documents.figures import day, number, time
from exporters.documents.findings import finding
from exporters.documents.words import (
    check_word,
    headline,
    outcome_word,
    photo_word,
    signer_word,
    template_words,
    where,
)

WORST_FIRST: Final = (Outcome.FAILED, Outcome.UNCHECKED, Outcome.PASSED)

Plain = str | bool | list["Plain"] | dict[str, "Plain"]


def template_data(sheet: AcceptanceSheet) -> dict[str, Plain]:
    """Strings, booleans, lists and dictionaries of them; all strings one line, without control characters."""
    place = sheet.place
    found: dict[str, Plain] = {
        "language": active_language(),
        "words": {**template_words()},
        "draft": not sheet.is_final,
        "office": _("Diskominfo {regency}").format(regency=place.regency) if place.regency else _("Diskominfo"),
        "annex": _("Annex to BAST no. {number}").format(number=sheet.document_no or "……………………"),
        "name": place.name,
        "where": where(place),
        "headline": headline(sheet),
        "checked": _("Checked {when}.").format(when=time(sheet.checked_at)) if sheet.checked_at else "",
        "footer": " · ".join(filter(None, (place.site, sheet.job, day(sheet.made_at)))),
        "facts": _facts(sheet),
        "devices": [_device(each) for each in sheet.devices],
        "subnets": [_subnet(each) for each in sheet.subnets],
        "links": [_link(each) for each in sheet.links],
        "speeds": [_speed(each) for each in sheet.speeds],
        "checks": [
            {
                "outcome": check.outcome.value,
                "word": outcome_word(check.outcome),
                "check": check_word(check.name),
                "device": check.device,
                "found": finding(check),
            }
            for check in sorted(sheet.checks, key=lambda each: WORST_FIRST.index(each.outcome))
        ],
        "photos": [photo_word(photo) for photo in sheet.photos],
        "signers": [_signer(signer) for signer in sheet.signers],
    }
    return {name: clean(value) for name, value in found.items()}


def _facts(sheet: AcceptanceSheet) -> Plain:
    """Pairs of a name and what is known; what is not known is left out."""
    words, place = template_words(), sheet.place
    degrees = (place.latitude, place.longitude)
    written = ", ".join(number(each, 6) for each in degrees if each is not None)
    if active_language() == "id":
        written = written.replace(", ", "; ")
    pairs = (
        (words["site"], place.site + (f" · {words['code']} {place.region_code}" if place.region_code else "")),
        (words["address"], ", ".join(filter(None, (place.organisation, place.address)))),
        (words["coordinates"], written if None not in degrees else ""),
        (words["job"], f"{sheet.job} · {time(sheet.made_at)}" if sheet.job else time(sheet.made_at)),
        (words["built_by"], sheet.actor),
        (words["approved_by"], ", ".join(sheet.approvers)),
        (words["emergency"], sheet.reason),
    )
    return [[name, text] for name, text in pairs if text]


def _device(device: SheetDevice) -> Plain:
    return {
        "name": device.name,
        "role": device.role.value,
        "model": device.model,
        "serial": device.serial,
        "mac": device.mac,
        "address": device.address,
        "version": device.version,
    }


def _subnet(subnet: SheetSubnet) -> Plain:
    first, last = subnet.dhcp
    return {
        "name": subnet.name,
        "prefix": subnet.prefix,
        "vlan": "" if subnet.vlan is None else str(subnet.vlan),
        "gateway": subnet.gateway,
        "dhcp": f"{first} – {last}" if first and last else "",
    }


def _link(link: SheetLink) -> Plain:
    budget = ""
    if link.lowest_dbm is not None and link.highest_dbm is not None:
        budget = _("{lowest} to {highest}").format(
            lowest=number(link.lowest_dbm, 1), highest=number(link.highest_dbm, 1)
        )
    circuit = f"CID {link.circuit_id}" if link.circuit_id else ""
    return {
        "name": link.name,
        "about": " · ".join(filter(None, (link.provider, circuit))),
        "near": link.near_end,
        "far": link.far_end or link.provider or _("provider"),
        "medium": medium_word(link.medium),
        "length": _measured(link.length_km),
        "level": _measured(link.level_dbm, 1),
        "budget": budget,
    }


def _speed(speed: SheetSpeed) -> Plain:
    return {
        "link": speed.link,
        "promised_down": _measured(speed.promised_down_mbps),
        "promised_up": _measured(speed.promised_up_mbps),
        "measured_down": _measured(speed.measured_down_mbps),
        "measured_up": _measured(speed.measured_up_mbps),
    }


def _signer(signer: Signer) -> Plain:
    return {"part": signer_word(signer.part), "organisation": signer.organisation, "name": signer.name}


def _measured(value: float | None, places: int | None = None) -> str:
    return "" if value is None else number(value, places)


def clean(value: Plain) -> Plain:
    """Every string in it one line."""
    if isinstance(value, str):
        return one_line(value)
    if isinstance(value, list):
        return [clean(each) for each in value]
    if isinstance(value, dict):
        return {name: clean(each) for name, each in value.items()}
    return value


def one_line(text: str) -> str:
    """Control characters, halves of surrogate pairs and line breaks become a space each, several one."""
    kept = "".join(" " if unicodedata.category(each) in ("Cc", "Cs", "Zl", "Zp") else each for each in text)
    return " ".join(kept.split())
