"""What sites live on when their feeder is dark, and what their devices say of it."""

from collections.abc import Iterator

import pytest

from domain.network import Inventory, PowerSource, Role, Site, SiteKind
from lab.errors import UnknownNameError
from lab.world import ber
from lab.world.agents import Agents
from lab.world.model import World
from lab.world.power import SitePower, Supply
from tests.unit.lab.test_world_agents import message, parse

NOON = 1_790_000_000.0
HOUR = 3600.0
APC, RFC1628 = "1.3.6.1.4.1.318.1.1.1", "1.3.6.1.2.1.33.1"


def site(*power: PowerSource) -> Site:
    return Site("somewhere", "Somewhere", SiteKind.POP, power=power)


def feeder_of(inventory: Inventory, slug: str) -> str:
    return next(one.power_feeder for one in inventory.sites if one.slug == slug)


def read(agents: Agents, inventory: Inventory, name: str, now: float, *oids: str) -> list[int]:
    where = next(device.address for device in inventory.devices if device.name == name)
    bindings = parse(agents.answer(where, message(ber.GET, list(oids)), now))[2]
    return [int.from_bytes(contents, "big", signed=True) for _name, _tag, contents in bindings]


def until_dark(world: World, devices: set[str], now: float, within: float) -> Iterator[float]:
    """The moments at which something happens by itself."""
    end = now + within
    while (at := world.next_event) is not None and at <= end:
        world.advance(at)
        yield at
        if devices <= set(world.names(world.dark)):
            return


@pytest.mark.parametrize("sources", [(PowerSource.PLN,), (PowerSource.PLN, PowerSource.UPS)])
def test_a_battery_holds_for_its_time(sources: tuple[PowerSource, ...]) -> None:
    power = SitePower.of(site(*sources), NOON).switched(False, NOON)
    if PowerSource.UPS not in sources:
        assert power.supply(NOON) is Supply.NOTHING
        assert power.next_change(NOON) is None
        return
    end = power.next_change(NOON)
    assert end == NOON + power.hold_seconds
    assert power.supply(NOON) is Supply.BATTERY
    assert power.charge_at(NOON + power.hold_seconds / 2) == pytest.approx(0.5)
    assert power.supply(end - 1) is Supply.BATTERY
    assert power.supply(end) is Supply.NOTHING
    assert power.next_change(end) is None
    back = power.switched(True, end + HOUR)
    assert back.supply(end + HOUR) is Supply.MAINS
    assert back.charge_at(end + 3 * HOUR) == pytest.approx(0.5)
    again = back.switched(False, end + 3 * HOUR)
    assert again.next_change(end + 3 * HOUR) == pytest.approx(end + 3 * HOUR + power.hold_seconds / 2)


def test_a_generator_takes_a_while_to_start_and_runs_dry() -> None:
    power = SitePower.of(site(PowerSource.PLN, PowerSource.GENERATOR), NOON).switched(False, NOON)
    assert power.supply(NOON) is Supply.NOTHING
    start = power.next_change(NOON)
    assert start is not None
    assert 12 <= start - NOON <= 45
    assert power.supply(start) is Supply.GENERATOR
    dry = power.next_change(start)
    assert dry == pytest.approx(start + power.fuel_seconds)
    assert power.supply(dry + 1) is Supply.NOTHING  # type: ignore[operator]


def test_a_battery_bridges_until_the_generator_runs_and_after_it_ran_dry() -> None:
    power = SitePower.of(site(PowerSource.PLN, PowerSource.UPS, PowerSource.GENERATOR), NOON).switched(False, NOON)
    start, dry = NOON + power.start_seconds, NOON + power.start_seconds + power.fuel_seconds
    assert power.supply(start - 1) is Supply.BATTERY
    assert power.seconds_on_battery(start - 1) == pytest.approx(power.start_seconds - 1)
    assert power.supply(start + 1) is Supply.GENERATOR
    assert power.seconds_on_battery(start + 1) == 0
    assert power.supply(dry + 1) is Supply.BATTERY
    assert power.seconds_on_battery(dry + 1) == pytest.approx(1)
    assert power.supply(dry + power.hold_seconds + 1) is Supply.NOTHING


def test_a_feeder_takes_the_sites_that_have_nothing_else_at_once(world: World, small: Inventory) -> None:
    feeder = max(world.feeders, key=lambda name: len(world.feeders[name]))
    sources = {one.slug: one.power for one in small.sites}
    effect = world.feeder_off(feeder, NOON + 10)
    bare = {slug for slug in world.feeders[feeder] if sources[slug] == (PowerSource.PLN,)}
    assert {d.site for d in small.devices if d.name in effect.darkened} >= bare
    assert len(bare) > 3
    assert world.feeders_off == (feeder,)
    assert all(supply is not Supply.MAINS for supply in world.supplies(NOON + 11).values())
    lit = world.feeder_on(feeder, NOON + 20)
    assert set(lit.lit) == set(effect.darkened)
    assert not world.supplies(NOON + 21)
    router = next(d.name for d in small.devices if d.site in bare and d.role is Role.ROUTER)
    assert world.uptime_seconds(world.wiring.by_name[router], NOON + 25) == pytest.approx(5)


def test_a_pop_lives_on_its_ups_and_then_falls(world: World, small: Inventory) -> None:
    feeder = feeder_of(small, "pop-batu")
    own = {device.name for device in small.devices if device.site == "pop-batu"}
    assert not own & set(world.feeder_off(feeder, NOON + 10).darkened)
    moments = list(until_dark(world, own, NOON + 10, 3 * HOUR))
    assert 18 * 60 <= moments[-1] - NOON - 10 <= 70 * 60
    assert own <= set(world.names(world.dark))
    assert own <= set(world.restore("all", moments[-1] + 60).lit)
    assert world.uptime_seconds(world.wiring.by_name["rtr-pop-batu"], moments[-1] + 70) == pytest.approx(10)


def test_an_apc_says_that_it_lives_on_its_battery(world: World, small: Inventory) -> None:
    agents = Agents(world)
    oids = [f"{APC}.{column}.0" for column in ("4.1.1", "2.1.1", "2.1.2", "2.3.1", "3.3.1", "3.2.5", "2.2.3")]
    name = next(d.name for d in small.devices if d.name.startswith("ups-pop-") and d.model == "Smart-UPS 1500")
    slug = name.removeprefix("ups-")
    status, battery, on_battery, charge, volts, cause, left = read(agents, small, name, NOON + 5, *oids)
    assert (status, battery, on_battery, charge, cause) == (2, 2, 0, 1000, 9)
    assert 2_100 < volts < 2_400
    world.feeder_off(feeder_of(small, slug), NOON + 10)
    hold = world.view(world.wiring.by_name[name], NOON + 10).power.hold_seconds
    status, battery, on_battery, charge, volts, cause, less = read(agents, small, name, NOON + 10 + hold / 2, *oids)
    assert (status, battery, volts, cause) == (3, 2, 0, 4)
    assert on_battery == pytest.approx(50 * hold, abs=1)
    assert charge == pytest.approx(500, abs=1)
    assert less < 0.6 * left
    assert read(agents, small, name, NOON + 10 + hold * 0.9, *oids)[1] == 3
    world.feeder_on(feeder_of(small, slug), NOON + 10 + hold * 0.95)
    assert read(agents, small, name, NOON + 11 + hold * 0.95, *oids)[:3] == [2, 3, 0]


def test_so_does_a_card_of_the_standard_mib(world: World, small: Inventory) -> None:
    agents = Agents(world)
    oids = [f"{RFC1628}.{column}" for column in ("4.1.0", "2.1.0", "2.2.0", "2.4.0", "3.3.1.3.1", "6.1.0")]
    name = next(d.name for d in small.devices if d.model == "Multimatic 2000")
    assert read(agents, small, name, NOON + 5, *oids)[:4] == [3, 2, 0, 100]
    world.feeder_off(feeder_of(small, name.removeprefix("ups-")), NOON + 10)
    assert read(agents, small, name, NOON + 70, *oids)[::2] == [5, 60, 0]
    assert read(agents, small, name, NOON + 70, *oids)[5] == 1


def test_a_routers_second_supply_fails_while_the_ups_holds_the_first(world: World, small: Inventory) -> None:
    agents, gauges = Agents(world), "1.3.6.1.4.1.14988.1.1.3.100.1.3"
    both = [f"{gauges}.7101", f"{gauges}.7102"]
    assert read(agents, small, "rtr-pop-batu", NOON + 5, *both) == [0, 0]
    world.feeder_off(feeder_of(small, "pop-batu"), NOON + 10)
    assert read(agents, small, "rtr-pop-batu", NOON + 20, *both) == [0, 1]


def test_a_board_on_a_solar_battery_tells_by_its_voltage(small: Inventory) -> None:
    slug = next(d.site for d in small.devices if d.role is Role.ROUTER and d.name == f"rtr-{d.site}")
    sites = tuple(
        Site(one.slug, one.name, one.kind, power=(PowerSource.PLN, PowerSource.SOLAR), power_feeder=one.power_feeder)
        if one.slug == slug
        else one
        for one in small.sites
    )
    inventory = Inventory(sites=sites, devices=small.devices, links=small.links, segments=small.segments)
    world = World(inventory, NOON, seed=1)
    agents, oid = Agents(world), "1.3.6.1.4.1.14988.1.1.3.8.0"
    [full] = read(agents, inventory, f"rtr-{slug}", NOON + 5, oid)
    world.feeder_off(feeder_of(inventory, slug), NOON + 10)
    [early] = read(agents, inventory, f"rtr-{slug}", NOON + 60, oid)
    [late] = read(agents, inventory, f"rtr-{slug}", NOON + 4 * HOUR, oid)
    assert 265 <= full <= 275
    assert 250 <= early <= 256
    assert 220 <= late < early


def test_the_switch_of_a_site_takes_its_battery_too(world: World, small: Inventory) -> None:
    effect = world.power_off("pop-batu", NOON + 1)
    assert {device.name for device in small.devices if device.site == "pop-batu"} <= set(effect.darkened)
    assert world.next_event is None


def test_an_unknown_feeder_brings_the_nearest(world: World) -> None:
    known = next(iter(world.feeders))
    with pytest.raises(UnknownNameError, match=known):
        world.feeder_off(f"{known}x", NOON + 1)
