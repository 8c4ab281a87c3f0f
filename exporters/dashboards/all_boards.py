"""All dashboards, in the order in which each leads to the next."""

from exporters.dashboards import (
    capacity,
    cctv,
    desa,
    device,
    itself,
    kabupaten_map,
    kecamatan,
    link,
    noc,
    olt,
    opd,
    power,
    radio,
    services,
    sla,
)

BOARDS = tuple(
    module.BOARD
    for module in (
        noc,
        kabupaten_map,
        kecamatan,
        desa,
        opd,
        device,
        link,
        olt,
        radio,
        power,
        services,
        cctv,
        sla,
        capacity,
        itself,
    )
)
