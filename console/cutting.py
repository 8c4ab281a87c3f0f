"""An incident and its timeline as an account of a part of the kabupaten sees them. Pure."""

from collections.abc import Iterable
from dataclasses import replace

from console.ports import Look
from domain.incidents import MACHINE, Act, ActKind, Cause, CauseKind, Incident, NoticeEvent, cutting
from domain.language import _


class Cutter:
    """Of one look that is cut already. Whoever sees everything gets what was given."""

    def __init__(self, look: Look) -> None:
        self._sees_all = look.sees_all
        self._part = cutting.Cutter(look.inventory, _("something outside your area"))

    def incident(self, given: Incident) -> Incident:
        return given if self._sees_all else self._part.incident(given)

    def acts(self, given: Iterable[Act]) -> tuple[Act, ...]:
        """What people wrote stays as they wrote it; the machine's lines do not name what is outside."""
        return tuple(given) if self._sees_all else tuple(map(self._act, given))

    def _act(self, act: Act) -> Act:
        if act.actor != MACHINE and act.kind not in (ActKind.MERGED, ActKind.SPLIT, ActKind.ASSIGNED):
            return act
        values = {name: text for name, text in act.values.items() if name in ("until", "why")}
        kind, _blank, name = act.text.partition(" ")
        if kind in set(CauseKind):
            said = act.text if self._part.sees(Cause(CauseKind(kind), name)) else ""
        else:
            said = act.text if act.text in set(NoticeEvent) or act.actor != MACHINE else ""
        return replace(act, text=said, values=values)


def cut_incidents(look: Look, given: Iterable[Incident]) -> list[Incident]:
    """Each as this look shows it."""
    cutter = Cutter(look)
    return [cutter.incident(each) for each in given]


def named(look: Look, names: Iterable[str]) -> tuple[str, ...]:
    """Devices, sites and applications of a sentence; those outside are said without their names."""
    if look.sees_all:
        return tuple(names)
    inventory = look.inventory
    known = {*inventory.used_by_name, *inventory.site_by_slug, *(service.code for service in inventory.services)}
    return tuple(dict.fromkeys(name if name in known else _("something outside your area") for name in names))
