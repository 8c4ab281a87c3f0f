"""The data centre, the rings over the kecamatan PoPs and what stands in every PoP."""

import math
from collections.abc import Sequence

from domain.network import Medium, Meter, Operator, PowerSource, Role, SegmentKind, SiteKind
from lab.hardware import (
    CORE_ROUTER,
    FIBRE_SWITCH,
    POE_SWITCH,
    POP_ROUTER,
    SERVER,
    UPS,
    UPS_WITH_CARD,
    VPN_ROUTER,
    PortKind,
)
from lab.kabupaten.draft import Area, Draft
from lab.kabupaten.geography import bearing

DATACENTRE = "pusat-data"
CORES = ("rtr-inti-1", "rtr-inti-2")
CONCENTRATOR = "vpn-konsentrator-1"
SERVERS = tuple(f"srv-aplikasi-{number}" for number in range(1, 7))
_PDU_SWITCH = "sw-pusat-data-1"
_RING_SIZE = 17


def build_datacentre(draft: Draft, seat: Area) -> None:
    """Two core routers with a provider each, the tunnel concentrator, servers, two UPS."""
    draft.add_site(
        DATACENTRE,
        f"Pusat Data Diskominfo {draft.kabupaten}",
        SiteKind.DATACENTER,
        seat,
        organisation="Diskominfo",
        access_note="kunci di piket NOC",
        power=(PowerSource.PLN, PowerSource.UPS, PowerSource.GENERATOR),
        power_feeder=feeder(draft, seat),
        meter=Meter.POSTPAID,
        service_hours="24x7",
        operator=Operator.DISKOMINFO,
        counts_for_coverage=False,
        criticality=1,
        contact="NOC Diskominfo",
    )
    for core in CORES:
        draft.add_device(core, DATACENTRE, CORE_ROUTER, Role.ROUTER)
    one, two = CORES
    draft.add_link("fo-inti-1-inti-2", (one, "qsfp28-1-1"), (two, "qsfp28-1-1"), Medium.FIBRE, capacity_mbps=100_000.0)
    for core, provider, contract in zip(
        CORES, ("Nusa Lintas Data", "Serat Parahyangan"), ("K-INTERNET-1", "K-INTERNET-2"), strict=True
    ):
        draft.add_link(
            f"internet-{core[4:]}",
            (core, "sfp28-12"),
            ("", ""),
            Medium.FIBRE,
            provider=provider,
            contract=contract,
            circuit_id=f"CID-{draft.rng.randint(10000, 99999)}",
            capacity_mbps=10_000.0,
            cir_down_mbps=5_000.0,
            cir_up_mbps=5_000.0,
        )
    draft.add_device(_PDU_SWITCH, DATACENTRE, POE_SWITCH, Role.SWITCH, uplink=CORES)
    for number, core in enumerate(CORES, 1):
        draft.add_link(
            f"fo-inti-{number}-{_PDU_SWITCH[3:]}",
            (core, "sfp28-11"),
            (_PDU_SWITCH, f"sfp-sfpplus{number}"),
            Medium.FIBRE,
            capacity_mbps=10_000.0,
        )
    draft.add_device(CONCENTRATOR, DATACENTRE, VPN_ROUTER, Role.VPN, uplink=(_PDU_SWITCH,))
    _hang_on_switch(draft, _PDU_SWITCH, CONCENTRATOR, "ether1")
    for server in SERVERS:
        draft.add_device(server, DATACENTRE, SERVER, Role.SERVER, uplink=(_PDU_SWITCH,))
        _hang_on_switch(draft, _PDU_SWITCH, server, "eno1")
    for number in (1, 2):
        ups = draft.add_device(f"ups-pusat-data-{number}", DATACENTRE, UPS, Role.UPS, uplink=(_PDU_SWITCH,))
        _hang_on_switch(draft, _PDU_SWITCH, ups.name, "eth0")


def build_pops(draft: Draft, areas: Sequence[Area]) -> None:
    """A router and a switch in every kecamatan office, joined in rings of at most 17 that end at both cores."""
    for area in areas:
        site = draft.add_site(
            pop_site(area),
            f"PoP Kecamatan {area.name}",
            SiteKind.POP,
            area,
            organisation=f"Kecamatan {area.name}",
            address=f"Kantor Kecamatan {area.name}",
            access_note="kunci di penjaga kantor kecamatan",
            power=(PowerSource.PLN, PowerSource.UPS),
            power_feeder=feeder(draft, area),
            meter=Meter.POSTPAID,
            service_hours="24x7",
            operator=Operator.DISKOMINFO,
            counts_for_coverage=False,
            criticality=1,
            contact=f"Petugas PoP {area.name}",
        )
        draft.add_device(pop_router(area), site.slug, POP_ROUTER, Role.ROUTER)
    for ring, members in enumerate(_rings(areas)):
        _close_ring(draft, ring, members)
    for area in areas:
        router, switch = pop_router(area), pop_switch(area)
        draft.add_device(switch, pop_site(area), POE_SWITCH, Role.SWITCH, uplink=(router,))
        draft.add_link(
            f"dac-pop-{area.slug}",
            (router, draft.take_port(router, PortKind.SFP)),
            (switch, "sfp-sfpplus1"),
            Medium.FIBRE,
            capacity_mbps=10_000.0,
        )
        model = UPS_WITH_CARD if area.index % 4 == 3 else UPS
        ups = draft.add_device(f"ups-pop-{area.slug}", pop_site(area), model, Role.UPS, uplink=(switch,))
        _hang_on_switch(draft, switch, ups.name, "eth0")


def build_fibre_switches(draft: Draft, count: int) -> tuple[str, ...]:
    """Switches in the data centre for sites on their own fibre, 15 each, shared between the cores."""
    names = []
    for number in range(1, count + 1):
        core = CORES[number % 2]
        name = f"sw-opd-{number}"
        draft.add_device(name, DATACENTRE, FIBRE_SWITCH, Role.SWITCH, uplink=(core,))
        draft.add_link(
            f"fo-{core[4:]}-opd-{number}",
            (core, draft.take_port(core, PortKind.SFP)),
            (name, "sfp-sfpplus16"),
            Medium.FIBRE,
            capacity_mbps=10_000.0,
        )
        names.append(name)
    return tuple(names)


def pop_site(area: Area) -> str:
    return f"pop-{area.slug}"


def pop_router(area: Area) -> str:
    return f"rtr-pop-{area.slug}"


def pop_switch(area: Area) -> str:
    return f"sw-pop-{area.slug}"


def feeder(draft: Draft, area: Area) -> str:
    """The PLN feeder of a kecamatan, as a shared-risk segment; returns its name."""
    name = f"Penyulang {area.name}-{1 + draft.rng.randrange(3)}"
    return draft.add_segment(name, SegmentKind.FEEDER, "PLN", f"GI {draft.kabupaten}", f"Kec. {area.name}")


def ring_cable(near_slug: str, far_slug: str) -> str:
    """The first cable of the ring out of a PoP, which that PoP's own desa spurs share."""
    return f"kabel-{near_slug}-{far_slug}-1"


def _rings(areas: Sequence[Area]) -> list[list[Area]]:
    seat, *others = areas
    if seat.centre is not None:
        middle = seat.centre
        others.sort(key=lambda area: bearing(middle, area.centre or middle))
    ordered = [seat, *others]
    rings = math.ceil(len(ordered) / _RING_SIZE)
    size = math.ceil(len(ordered) / rings)
    return [ordered[start : start + size] for start in range(0, len(ordered), size)]


def _close_ring(draft: Draft, ring: int, members: Sequence[Area]) -> None:
    chain = [CORES[0], *(pop_router(area) for area in members), CORES[1]]
    slugs = ["pusat-data", *(area.slug for area in members), "pusat-data"]
    names = ["Pusat Data", *(area.name for area in members), "Pusat Data"]
    last = len(chain) - 1
    for at in range(last):
        left, right = chain[at], chain[at + 1]
        left_port = f"sfp28-{ring + 1}" if at == 0 else "sfp-sfpplus2"
        right_port = f"sfp28-{ring + 1}" if at + 1 == last else "sfp-sfpplus1"
        first = draft.add_cable(ring_cable(slugs[at], slugs[at + 1]), names[at], f"Simpang {names[at + 1]}")
        closure = draft.add_segment(
            f"closure-{slugs[at]}-{slugs[at + 1]}", SegmentKind.CLOSURE, "Diskominfo", names[at], names[at + 1]
        )
        second = draft.add_cable(f"kabel-{slugs[at]}-{slugs[at + 1]}-2", f"Simpang {names[at + 1]}", names[at + 1])
        draft.add_link(
            f"fo-{slugs[at]}-{slugs[at + 1]}",
            (left, left_port),
            (right, right_port),
            Medium.FIBRE,
            capacity_mbps=10_000.0,
            segments=(first, closure, second),
        )
    for at in range(1, last):
        # Uplinks must not lead round the ring, so each PoP names the shorter way; the one in the middle names both.
        ways = (
            (chain[at - 1],) if 2 * at < last else (chain[at + 1],) if 2 * at > last else (chain[at - 1], chain[at + 1])
        )
        draft.reroute(chain[at], ways)


def _hang_on_switch(draft: Draft, switch: str, device: str, port: str) -> None:
    draft.patch(f"utp-{device}", (switch, draft.take_port(switch, PortKind.ETHERNET)), (device, port))
