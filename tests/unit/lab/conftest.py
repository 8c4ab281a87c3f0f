"""A small simulated kabupaten for the world's tests: five kecamatan, every kind of access in it."""

import pytest

from domain.network import Inventory, Region, RegionCode
from lab.kabupaten import generate
from lab.world.model import World

NOON = 1_790_000_000.0


def small_regions() -> list[Region]:
    names = ("Alun", "Batu", "Cai", "Darat", "Embun")
    regions = [Region(RegionCode("32.14"), "Kabupaten Alun")]
    for number, name in enumerate(names, 1):
        regions.append(Region(RegionCode(f"32.14.{number:02d}"), name))
        regions += [Region(RegionCode(f"32.14.{number:02d}.2{at:03d}"), f"Desa {name} {at}") for at in range(1, 16)]
    return regions


@pytest.fixture(scope="session")
def small() -> Inventory:
    return generate("32.14", small_regions())


@pytest.fixture
def world(small: Inventory) -> World:
    return World(small, NOON, seed=1)
