"""Who is behind whom, from `uplink` alone or from links; cycles of uplinks are refused."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from domain.network.devices import Device


class UplinkCycleError(ValueError):
    """Devices whose uplinks lead back to themselves: `names` in order, the first repeated at the end."""

    def __init__(self, names: tuple[str, ...]) -> None:
        super().__init__(" → ".join(names))
        self.names = names


@dataclass(frozen=True, slots=True)
class Topology:
    """Device name → its uplinks, and the reverse. A device without uplinks is a root."""

    uplinks: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    downlinks: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @classmethod
    def of(cls, devices: Iterable[Device]) -> "Topology":
        """Raises UplinkCycleError, naming the devices of one cycle. Uplinks to unknown devices are left out."""
        known = {device.name: device for device in devices}
        uplinks = {name: tuple(up for up in device.uplink if up in known) for name, device in sorted(known.items())}
        cycle = find_cycle(uplinks)
        if cycle:
            raise UplinkCycleError(cycle)
        return cls._of(uplinks)

    @classmethod
    def without_circles(cls, devices: Iterable[Device]) -> "Topology":
        """As `of`, but uplinks that lead back to their device are left out: whatever is stored, the watch goes on."""
        known = {device.name: device for device in devices}
        uplinks = {name: tuple(up for up in device.uplink if up in known) for name, device in sorted(known.items())}
        while cycle := find_cycle(uplinks):
            uplinks[cycle[-2]] = tuple(up for up in uplinks[cycle[-2]] if up != cycle[-1])
        return cls._of(uplinks)

    @classmethod
    def _of(cls, uplinks: Mapping[str, tuple[str, ...]]) -> "Topology":
        downlinks: dict[str, list[str]] = {name: [] for name in uplinks}
        for name, ups in uplinks.items():
            for up in ups:
                downlinks[up].append(name)
        return cls(uplinks, {name: tuple(downs) for name, downs in downlinks.items()})

    def behind(self, name: str) -> frozenset[str]:
        """Every device that loses all its ways when `name` falls, without `name` itself."""
        dark = {name}
        waiting = list(self.downlinks.get(name, ()))
        while waiting:
            candidate = waiting.pop()
            if candidate not in dark and all(up in dark for up in self.uplinks[candidate]):
                dark.add(candidate)
                waiting.extend(self.downlinks[candidate])
        return frozenset(dark - {name})


def find_cycle(uplinks: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    """One cycle, its first name repeated at the end; empty if there is none. Iterative: chains may be long."""
    done: set[str] = set()
    for start in uplinks:
        path: list[str] = []
        on_path: set[str] = set()
        stack: list[tuple[str, bool]] = [(start, False)]
        while stack:
            name, leaving = stack.pop()
            if leaving:
                path.pop()
                on_path.discard(name)
                done.add(name)
                continue
            if name in on_path:
                return (*path[path.index(name) :], name)
            if name in done:
                continue
            path.append(name)
            on_path.add(name)
            stack.append((name, True))
            stack.extend((up, False) for up in reversed(uplinks.get(name, ())))
    return ()
