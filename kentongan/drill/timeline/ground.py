"""The network of a timeline, from its own lines: sites, devices, links, and villages in one line each."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Final, TypeVar

from domain.language import _
from domain.network import (
    Check,
    Device,
    Inventory,
    Link,
    LinkPurpose,
    Medium,
    Meter,
    Operator,
    PollClassName,
    PowerSource,
    Region,
    RegionCode,
    Role,
    Segment,
    SegmentKind,
    Site,
    SiteKind,
)
from kentongan.drill.network import CODE, Network

T = TypeVar("T")
_MEDIA: Final = {Medium.FIBRE: "fo", Medium.RADIO: "radio", Medium.COPPER: "utp"}
_METERED: Final = {
    Medium.LTE: PollClassName.METERED,
    Medium.LEO: PollClassName.METERED,
    Medium.VSAT: PollClassName.SLOW,
}


class GroundError(ValueError):
    """A line of the network that cannot be read; says what would be right."""


@dataclass(slots=True)
class Ground:
    """`line` for each statement, then `network`."""

    _regions: dict[str, Region] = field(default_factory=dict)  # kecamatan by name
    _villages: Counter[str] = field(default_factory=Counter)
    _names: dict[str, str] = field(default_factory=lambda: {CODE: "Kabupaten Contoh"})
    _sites: list[Site] = field(default_factory=list)
    _devices: list[Device] = field(default_factory=list)
    _links: list[Link] = field(default_factory=list)
    _segments: dict[str, Segment] = field(default_factory=dict)
    _ports: Counter[str] = field(default_factory=Counter)

    def __bool__(self) -> bool:
        return bool(self._devices)

    def network(self) -> Network:
        inventory = Inventory(
            sites=tuple(sorted(self._sites, key=lambda each: each.slug)),
            devices=tuple(sorted(self._devices, key=lambda each: each.name)),
            links=tuple(sorted(self._links, key=lambda each: each.name)),
            segments=tuple(self._segments[name] for name in sorted(self._segments)),
        )
        return Network(inventory, dict(self._names))

    def line(self, words: list[str]) -> None:
        """words: a statement. Raises GroundError."""
        match words:
            case ["site", slug, kind, *rest]:
                self._site(slug, _member(SiteKind, kind, _("kind of site")), _Options(rest, SITE_WORDS))
            case ["device", name, role, "at", site, *rest]:
                self._device(name, _member(Role, role, _("role")), site, _Options(rest, DEVICE_WORDS))
            case ["link", name, a, z, *rest]:
                self._link(name, a, z, _Options(rest, LINK_WORDS))
            case ["line", name, device, *rest]:
                self._link(name, device, "", _Options(rest, LINE_WORDS))
            case ["village" | "villages", *rest] if "in" in rest:
                at = rest.index("in")
                for name in rest[:at]:
                    self._village(name, _Options(rest[at:], VILLAGE_WORDS))
            case _:
                forms = (
                    "site SLUG KIND · device NAME ROLE at SITE · link NAME A Z · line NAME A · village NAME in PLACE"
                )
                raise GroundError(_("write it as one of: {forms}").format(forms=forms))

    def _site(self, slug: str, kind: SiteKind, options: "_Options") -> None:
        kecamatan = options.get("in", "Kota")
        code = self._region(kecamatan, slug if kind is SiteKind.DESA else "")
        self._sites.append(
            Site(
                slug,
                options.get("named", slug),
                kind,
                region_code=code,
                organisation=options.get("of", ""),
                power=tuple(_member(PowerSource, each, _("power")) for each in options.list("power") or ["pln"]),
                power_feeder=options.get("feeder", ""),
                meter=_member(Meter, options.get("meter", "prepaid"), _("meter")),
                operator=_member(Operator, options.get("operator", "diskominfo"), _("operator")),
            )
        )

    def _region(self, kecamatan: str, village: str) -> RegionCode:
        region = self._regions.get(kecamatan)
        if region is None:
            region = Region(RegionCode(f"{CODE}.{len(self._regions) + 1:02d}"), kecamatan)
            self._regions[kecamatan] = region
            self._names[region.code] = kecamatan
        if not village:
            return region.code
        self._villages[kecamatan] += 1
        code = RegionCode(f"{region.code}.2{self._villages[kecamatan]:03d}")
        self._names[code] = village.removeprefix("desa-").capitalize()
        return code

    def _device(self, name: str, role: Role, site: str, options: "_Options") -> None:
        if not any(each.slug == site for each in self._sites):
            raise GroundError(_("site {site} is not known yet: put its line above this one").format(site=site))
        self._devices.append(
            Device(
                name,
                site,
                role,
                address=f"127.50.{len(self._devices) // 250}.{len(self._devices) % 250 + 1}",
                check=_member(Check, options.get("check", "icmp+snmp"), _("check")),
                uplink=tuple(options.list("behind")),
                mgmt_via=options.get("through", ""),
                poll_class=_member(PollClassName, options.get("class", "fibre"), _("poll class")),
            )
        )

    def _link(self, name: str, a: str, z: str, options: "_Options") -> None:
        medium = _member(Medium, options.get("by", "fibre"), _("medium"))
        segments = tuple(options.list("over"))
        for segment in segments:
            self._segments.setdefault(segment, Segment(segment, SegmentKind.CABLE, "Diskominfo"))
        tunnel = medium is Medium.VPN
        self._links.append(
            Link(
                name,
                a,
                self._port(a),
                z,
                self._port(z) if z else "",
                purpose=LinkPurpose.MANAGEMENT if tunnel else LinkPurpose.SERVICE,
                medium=medium,
                provider=options.get("from", ""),
                segments=segments,
            )
        )

    def _port(self, device: str) -> str:
        self._ports[device] += 1
        return f"port{self._ports[device]}"

    def _village(self, name: str, options: "_Options") -> None:
        """A desa with a router; by fibre, radio or copper from a device, or over a provider and a concentrator."""
        behind = options.get("behind", "")
        if not behind:
            example = "behind rtr-pop-plered"
            raise GroundError(_("say what {name} hangs on, for example: {example}").format(name=name, example=example))
        slug, router = f"desa-{name}", f"rtr-{name}"
        self._site(slug, SiteKind.DESA, options)
        self._sites[-1] = replace(self._sites[-1], name=f"Desa {name.capitalize()}", organisation=f"Desa {name}")
        medium = _member(Medium, options.get("by", "fibre"), _("medium"))
        metered = _METERED.get(medium)
        self._devices.append(
            Device(
                router,
                slug,
                Role.ROUTER,
                address=f"127.51.{len(self._devices) // 250}.{len(self._devices) % 250 + 1}",
                uplink=(behind,),
                mgmt_via=behind if metered else "",
                poll_class=metered or PollClassName.FIBRE,
            )
        )
        if metered:
            line = ["by", medium.value, "from", options.get("from", "provider")]
            self._link(f"internet-{name}", router, "", _Options(line, LINE_WORDS))
            self._link(f"vpn-{name}", router, behind, _Options(["by", "vpn"], LINK_WORDS))
        else:
            over = ["over", ",".join(options.list("over"))] if options.list("over") else []
            self._link(f"{_MEDIA[medium]}-{name}", router, behind, _Options(["by", medium.value, *over], LINK_WORDS))


SITE_WORDS: Final = ("in", "named", "of", "power", "feeder", "meter", "operator")
DEVICE_WORDS: Final = ("behind", "through", "check", "class")
LINK_WORDS: Final = ("by", "over", "from")
LINE_WORDS: Final = LINK_WORDS
VILLAGE_WORDS: Final = (*SITE_WORDS, "behind", "by", "over", "from")


class _Options:
    """Pairs of a word and its value; a list is written with commas."""

    def __init__(self, words: list[str], known: Iterable[str]) -> None:
        known = tuple(known)
        if len(words) % 2:
            raise GroundError(_("after {word} a value is missing").format(word=words[-1]))
        self._values = dict(zip(words[::2], words[1::2], strict=True))
        for word in self._values:
            if word not in known:
                raise GroundError(_("{word} is not one of: {known}").format(word=word, known=", ".join(known)))

    def get(self, word: str, otherwise: str) -> str:
        return self._values.get(word, otherwise)

    def list(self, word: str) -> list[str]:
        return [part.strip() for part in self._values.get(word, "").split(",") if part.strip()]


def _member(kind: type[T], text: str, what: str) -> T:
    known = {each.value: each for each in kind}  # type: ignore[attr-defined]
    if text not in known:
        raise GroundError(
            _("{text} is no {what}; write one of: {known}").format(text=text, what=what, known=", ".join(known))
        )
    found: T = known[text]
    return found
