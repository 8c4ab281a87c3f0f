"""What `demo --json` prints at its end. The keys are a promise."""

from collections.abc import Sequence

from domain.network import Inventory, Region, SiteKind, Stage, VillageKind, village_kind
from kentongan.run.tally import Tally

CONNECTED = (Stage.ACTIVE, Stage.HANDED_OVER)


def connected_desa(inventory: Inventory) -> frozenset[str]:
    """Codes of the desa with a site that counts and is active or handed over. A CCTV pole connects no village."""
    return frozenset(
        site.region_code
        for site in inventory.sites
        if site.region_code
        and site.kind is SiteKind.DESA
        and site.counts_for_coverage
        and site.stage in CONNECTED
        and village_kind(site.region_code) is VillageKind.DESA
    )


def demo_report(kabupaten: str, desa: Sequence[Region], inventory: Inventory, tally: Tally) -> dict[str, object]:
    return {
        "kabupaten": kabupaten,
        "villages": {"total": len(desa), "connected": len(connected_desa(inventory))},
        "sites": len(inventory.sites),
        "devices": len(inventory.devices),
        "polls": tally.polls,
        "pollsLost": tally.polls_lost,
        "pollsLate": tally.polls_late,
        "values": tally.values,
        "stateChanges": [
            {
                "at": change.at.isoformat(),
                "name": change.name,
                "from": change.from_.value,
                "to": change.to.value,
                "reason": change.reason,
            }
            for change in tally.changes
        ],
        "metricsUrl": tally.metrics_url,
    }
