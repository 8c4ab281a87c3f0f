"""CCTV points: 66 plain ones and 10 with audio, on poles near the PoPs. A pole does not connect a village."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from domain.network import Check, Meter, Operator, PowerSource, Role, SiteKind
from lab.hardware import CAMERA, PortKind
from lab.kabupaten.core import feeder, pop_switch
from lab.kabupaten.draft import Area, Draft

PLAIN, WITH_AUDIO = 66, 10
CAMERA_CREDENTIAL = "lab-kamera"
_PER_SWITCH = 16  # the other ports of a PoP's switch are for radios and the UPS
_PLACES = ("Simpang", "Alun-alun", "Pasar", "Terminal", "Jembatan", "Taman", "Gerbang", "Stasiun")


def build_cameras(draft: Draft, areas: Sequence[Area]) -> None:
    """Cameras answer ping and RTSP, no SNMP. The seat of the kabupaten gets three shares."""
    here: Counter[str] = Counter()
    turns = [areas[0], areas[0], *areas]
    for number in range(PLAIN + WITH_AUDIO):
        area = turns[number % len(turns)]
        switch = pop_switch(area)
        if here[switch] == _PER_SWITCH:  # a kota of few kecamatan has fewer ports than cameras: some poles go without
            continue
        here[switch] += 1
        port = draft.take_port(switch, PortKind.ETHERNET)
        audio = number >= PLAIN
        name = f"{_PLACES[number % len(_PLACES)]} {area.name} {number + 1}"
        site = draft.add_site(
            f"cctv-{number + 1:02d}",
            f"CCTV {name}" + (" (audio)" if audio else ""),
            SiteKind.CCTV,
            area,
            organisation="Dinas Perhubungan",
            power=(PowerSource.PLN,),
            power_feeder=feeder(draft, area),
            meter=Meter.POSTPAID,
            service_hours="24x7",
            operator=Operator.DISKOMINFO,
            counts_for_coverage=False,
            criticality=4,
        )
        camera = draft.add_device(f"cam-{number + 1:02d}-{area.slug}", site.slug, CAMERA, Role.CAMERA, uplink=(switch,))
        if draft.camera_check is not None:
            login = CAMERA_CREDENTIAL if draft.camera_check is Check.RTSP else ""
            draft.devices[camera.name] = replace(camera, check=draft.camera_check, credential=login)
        draft.patch(f"utp-{camera.name}", (camera.name, "eth0"), (switch, port), 100.0)
