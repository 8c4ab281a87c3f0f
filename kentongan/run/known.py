"""What the database held at one revision: all that polling needs of it, read in one go, in any thread."""

from collections.abc import Mapping
from dataclasses import dataclass

from domain.network import Inventory
from domain.polling import Plan, PlanBook
from domain.secrets import Credential
from kentongan.installation import Installation


@dataclass(frozen=True, slots=True)
class Known:
    """The maps are by device's, credential's and region's name or code."""

    revision: int
    inventory: Inventory
    credentials: Mapping[str, Credential]
    region_names: Mapping[str, str]
    plans: Mapping[str, Plan]
    platforms: Mapping[str, str]


def read_known(installation: Installation, book: PlanBook) -> Known:
    revision = installation.inventory.revision()  # first: what changes meanwhile is taken over the next time
    vault, regions = installation.vault, installation.regions
    return Known(
        revision=revision,
        inventory=installation.inventory.read(stages=False),
        credentials={name: vault.get(name) for name in vault.names()},
        region_names={region.code: region.name for region in regions.within(regions.home() or "")},
        plans=installation.plans.read(book),
        platforms=installation.plans.platforms(),
    )
