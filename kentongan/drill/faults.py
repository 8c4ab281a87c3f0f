"""The scenarios of a drill: each picks its place at random in the network it is given. None where there is no place."""

import random
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Final

from domain.incidents import Cause, CauseKind, Condition, VerdictKind
from domain.network import Medium, PollClassName, Role, SiteKind
from kentongan.drill.oracle import Oracle
from kentongan.drill.plot import GREW, OPENED, PARTLY_BACK, RESOLVED, Order, Plot, Story
from kentongan.drill.truth import Broken
from kentongan.drill.world import Verb

BEGIN = 120.0
LONG, HOLD = 2400.0, 1500.0  # longer than the patience of the slowest class; until a return has held
UNKNOWN_IS_HONEST: Final = frozenset({VerdictKind.UNDETERMINED})
_OF_MEDIUM: Final = {
    Medium.FIBRE: VerdictKind.FIBRE,
    Medium.RADIO: VerdictKind.RADIO,
    Medium.COPPER: VerdictKind.DEVICE,
}
_QUICK: Final = frozenset({PollClassName.FIBRE, PollClassName.RADIO})


@dataclass(frozen=True, slots=True)
class Place:
    """Where a scenario is played."""

    oracle: Oracle
    rng: random.Random

    def choose(self, names: Iterable[str], fits: Callable[[str], bool]) -> str | None:
        """One of them that fits, at random."""
        ordered = sorted(names)
        self.rng.shuffle(ordered)
        return next((name for name in ordered if fits(name)), None)

    def story(self, cause: Cause, broken: Broken, *verdicts: VerdictKind, before: Broken | None = None) -> Story:
        """Of an outage by a cause, with everything that is broken then: what fell that was not dark before."""
        oracle, before = self.oracle, before or Broken()
        fell = oracle.dark(broken) - oracle.dark(before)
        villages = oracle.villages(broken) - oracle.villages(before)
        quick = frozenset(name for name in fell if oracle.truth.devices[name].poll_class in _QUICK)
        first = oracle.truth.villages_dark(oracle.view(broken), quick) & villages
        slow = len(quick) < len(fell)
        return Story(
            Condition.OUTAGE,
            oracle.alike(broken, before),
            villages,
            (OPENED, GREW, RESOLVED) if slow else (OPENED, RESOLVED),
            first,
            frozenset(verdicts) | UNKNOWN_IS_HONEST,
            injected=cause,
        )


Scenario = Callable[[Place], Plot | None]


def _simple(name: str, verb: Verb, what: str, story: Story, long: float = LONG) -> Plot:
    orders = (Order(BEGIN, verb, what), Order(BEGIN + long, Verb.RESTORE, what))
    return Plot(name, orders, (story,), BEGIN + long + HOLD)


def link_cut(place: Place) -> Plot | None:
    wires = place.oracle.truth.wires
    name = place.choose(
        (link.name for link in wires.values() if link.medium in (Medium.FIBRE, Medium.RADIO) and link.a_interface),
        lambda each: bool(place.oracle.dark(Broken(cuts=frozenset({each})))),
    )
    if name is None:
        return None
    cause = Cause(CauseKind.LINK, name)
    story = place.story(cause, Broken(cuts=frozenset({name})), _OF_MEDIUM[wires[name].medium])
    return _simple("link cut", Verb.CUT, name, story)


def segment_cut(place: Place) -> Plot | None:
    shared: dict[str, int] = {}
    for link in place.oracle.truth.wires.values():
        for segment in link.segments:
            shared[segment] = shared.get(segment, 0) + 1
    name = place.choose(
        (segment for segment, count in shared.items() if count > 1),
        lambda each: bool(place.oracle.dark(Broken(cuts=frozenset({each})))),
    )
    if name is None:
        return None
    of = {link.medium for link in place.oracle.truth.wires.values() if name in link.segments}
    kinds = [_OF_MEDIUM[medium] for medium in of if medium in _OF_MEDIUM] + [VerdictKind.FIBRE]
    story = place.story(Cause(CauseKind.SEGMENT, name), Broken(cuts=frozenset({name})), *kinds)
    return _simple("segment cut", Verb.CUT, name, story)


def feeder_off(place: Place) -> Plot | None:
    feeders = {site.power_feeder for site in place.oracle.truth.sites.values()} - {""}
    name = place.choose(feeders, lambda each: bool(place.oracle.dark(Broken(feeders=frozenset({each})))))
    if name is None:
        return None
    story = place.story(Cause(CauseKind.FEEDER, name), Broken(feeders=frozenset({name})), VerdictKind.POWER)
    return _simple("feeder off", Verb.FEEDER_OFF, name, story)


def site_power_off(place: Place) -> Plot | None:
    truth = place.oracle.truth
    homes = {d.site for d in truth.devices.values() if d.site in truth.sites}
    name = place.choose(
        (slug for slug in homes if truth.sites[slug].kind is SiteKind.DESA),
        lambda each: bool(place.oracle.dark(Broken(sites=frozenset({each})))),
    )
    if name is None:
        return None
    story = place.story(Cause(CauseKind.SITE, name), Broken(sites=frozenset({name})), VerdictKind.POWER)
    return _simple("site without power", Verb.POWER_OFF, name, story)


def device_hung(place: Place) -> Plot | None:
    truth = place.oracle.truth
    roles = (Role.ROUTER, Role.SWITCH, Role.OLT, Role.RADIO)
    name = place.choose(
        (d.name for d in truth.devices.values() if d.role in roles and d.name not in truth.doors),
        lambda each: each in truth.watched and each != _switch(place),
    )
    if name is None:
        return None
    story = place.story(Cause(CauseKind.DEVICE, name), Broken(hung=frozenset({name})), VerdictKind.DEVICE)
    return _simple("device hung", Verb.HANG, name, story)


def _switch(place: Place) -> str | None:
    """The switch of the data centre, before the concentrator."""
    truth = place.oracle.truth
    centre = _concentrator(place)
    return next((up for up in truth.devices[centre].uplink if up in truth.devices), None) if centre else None


def _concentrator(place: Place) -> str | None:
    truth = place.oracle.truth
    found = {device.mgmt_via for device in truth.devices.values() if device.mgmt_via in truth.devices}
    return min(found, default=None)


def concentrator_dead(place: Place) -> Plot | None:
    name = _concentrator(place)
    if name is None:
        return None
    broken = Broken(hung=frozenset({name}))
    story = replace(
        place.story(Cause(CauseKind.MANAGEMENT, name), broken),
        condition=Condition.MANAGEMENT,
        villages_first=None,
        verdicts=frozenset({VerdictKind.MANAGEMENT}),
    )
    return _simple("concentrator dead", Verb.HANG, name, story)


def datacentre_switch(place: Place) -> Plot | None:
    name = _switch(place)
    if name is None:
        return None
    verb = place.rng.choice((Verb.HANG, Verb.KILL))
    broken = Broken(hung=frozenset({name})) if verb is Verb.HANG else Broken(dead=frozenset({name}))
    story = place.story(Cause(CauseKind.DEVICE, name), broken, VerdictKind.DEVICE)
    return _simple("data-centre switch", verb, name, story)


def flapping_radio(place: Place) -> Plot | None:
    wires = place.oracle.truth.wires
    name = place.choose(
        (link.name for link in wires.values() if link.medium is Medium.RADIO),
        lambda each: bool(place.oracle.dark(Broken(cuts=frozenset({each})))),
    )
    if name is None:
        return None
    story = place.story(Cause(CauseKind.LINK, name), Broken(cuts=frozenset({name})), VerdictKind.RADIO)
    orders = (Order(BEGIN, Verb.CUT, name, 440.0), Order(BEGIN + 440.0 * 6, Verb.CUT, name, 0.0))
    return Plot("flapping radio", orders, (story,), BEGIN + 440 * 6 + 2 * HOLD)


def poller_blind(place: Place) -> Plot | None:
    poller = (Cause(CauseKind.POLLER, ""),)
    story = Story(Condition.BLIND, poller, frozenset(), verdicts=frozenset({VerdictKind.POLLER}))
    return _simple("our own uplink", Verb.UNPLUG_POLLER, "poller", story)


def provider_outage(place: Place) -> Plot | None:
    """Of a provider that is not the only one behind the concentrator: else nobody could tell it from that."""
    providers = {link.provider for link in place.oracle.truth.lines.values()} - {""}
    centre = Cause(CauseKind.MANAGEMENT, _concentrator(place) or "")

    def fits(each: str) -> bool:
        broken = Broken(providers=frozenset({each}))
        return bool(place.oracle.dark(broken)) and centre not in place.oracle.alike(broken)

    name = place.choose(providers, fits)
    if name is None:
        return None
    story = place.story(Cause(CauseKind.PROVIDER, name), Broken(providers=frozenset({name})), VerdictKind.PROVIDER)
    return _simple("provider out", Verb.PROVIDER_DOWN, name, story, 2 * LONG)


def ring_cut_twice(place: Place) -> Plot | None:
    """The first cut takes the spare way, the second one what lies between."""
    oracle = place.oracle
    ring = sorted(
        link.name
        for link in oracle.truth.wires.values()
        if link.medium is Medium.FIBRE and link.a_interface and not oracle.dark(Broken(cuts=frozenset({link.name})))
    )
    pairs = [(one, two) for one in ring for two in ring if one != two]
    place.rng.shuffle(pairs)
    chosen = next((pair for pair in pairs if oracle.dark(Broken(cuts=frozenset(pair)))), None)
    if chosen is None:
        return None
    one, two = chosen
    first, both = Broken(cuts=frozenset({one})), Broken(cuts=frozenset({one, two}))
    lost = Story(Condition.DEGRADED, oracle.alike(first), frozenset(), injected=Cause(CauseKind.LINK, one))
    kinds = VerdictKind.FIBRE, VerdictKind.DEVICE  # a dead switch looks no different
    outage = place.story(Cause(CauseKind.LINK, two), both, *kinds, before=first)
    orders = (
        Order(BEGIN, Verb.CUT, one),
        Order(BEGIN + 900, Verb.CUT, two),
        Order(BEGIN + 900 + LONG, Verb.RESTORE, two),
        Order(BEGIN + 900 + LONG + HOLD, Verb.RESTORE, one),
    )
    return Plot("ring cut twice", orders, (lost, outage), BEGIN + 900 + LONG + 2 * HOLD)


def fault_behind_another(place: Place) -> Plot | None:
    """The inner fault comes while the outer one hides it, and is found when that is mended."""
    oracle = place.oracle
    links = [link.name for link in oracle.truth.wires.values() if link.medium is Medium.FIBRE and link.a_interface]
    dark = {name: oracle.dark(Broken(cuts=frozenset({name}))) for name in sorted(links)}
    pairs = [(out, inn) for out in dark for inn in dark if dark[inn] and dark[inn] < dark[out]]
    if not pairs:
        return None
    outer, inner = place.rng.choice(pairs)
    whole, rest = Broken(cuts=frozenset({outer})), Broken(cuts=frozenset({inner}))
    orders = (
        Order(BEGIN, Verb.CUT, outer),
        Order(BEGIN + 900, Verb.CUT, inner),
        Order(BEGIN + LONG, Verb.RESTORE, outer),
        Order(BEGIN + 2 * LONG, Verb.RESTORE, inner),
    )
    first = place.story(Cause(CauseKind.LINK, outer), whole, VerdictKind.FIBRE)
    grew = [wanted for wanted in first.notices if wanted.optional]
    second = place.story(Cause(CauseKind.LINK, inner), rest, VerdictKind.FIBRE)
    left = first.villages - second.villages
    first = replace(first, notices=(OPENED, *grew, PARTLY_BACK, RESOLVED), villages_last=left)
    return Plot("a fault behind another", orders, (first, second), BEGIN + 2 * LONG + HOLD)


def feeder_flaps(place: Place) -> Plot | None:
    """A feeder off and on three times in twenty minutes, while one of its desa runs out of token."""
    oracle, truth = place.oracle, place.oracle.truth
    feeders = {site.power_feeder for site in truth.sites.values()} - {""}

    def homes(feeder: str) -> list[str]:
        dark = oracle.dark(Broken(feeders=frozenset({feeder})))
        slow = any(truth.devices[name].poll_class not in _QUICK for name in dark)
        sites = {truth.devices[name].site for name in dark}
        return [] if slow else sorted(slug for slug in sites if truth.sites[slug].kind is SiteKind.DESA)

    feeder = place.choose(feeders, lambda each: len(homes(each)) > 2)
    if feeder is None:
        return None
    token = place.rng.choice(homes(feeder))
    orders = [Order(BEGIN + 400.0 * turn, Verb.FEEDER_OFF, feeder) for turn in range(3)]
    orders += [Order(BEGIN + 400.0 * turn + 240.0, Verb.RESTORE, feeder) for turn in range(3)]
    orders.append(Order(BEGIN + place.rng.uniform(20.0, 900.0), Verb.POWER_OFF, token))
    orders.append(Order(BEGIN + 2 * LONG, Verb.RESTORE, token))
    apart = place.story(Cause(CauseKind.SITE, token), Broken(sites=frozenset({token})), VerdictKind.POWER)
    whole = place.story(Cause(CauseKind.FEEDER, feeder), Broken(feeders=frozenset({feeder})), VerdictKind.POWER)
    whole = replace(
        whole,
        notices=(OPENED, PARTLY_BACK, RESOLVED),
        villages_last=whole.villages - apart.villages,
    )
    until = BEGIN + 2 * LONG + HOLD
    return Plot("feeder flaps, a token runs out", tuple(sorted(orders, key=lambda o: o.at)), (whole, apart), until)


SCENARIOS: Final[tuple[Scenario, ...]] = (
    link_cut,
    segment_cut,
    feeder_off,
    site_power_off,
    device_hung,
    concentrator_dead,
    datacentre_switch,
    flapping_radio,
    poller_blind,
    provider_outage,
    ring_cut_twice,
    fault_behind_another,
    feeder_flaps,
)
