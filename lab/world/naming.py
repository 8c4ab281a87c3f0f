"""Finding what somebody meant, and saying what is near when there is no such thing."""

from collections.abc import Collection
from difflib import get_close_matches

from domain.language import _
from lab.errors import UnknownNameError


def resolve(name: str, known: Collection[str], kind: str) -> str:
    """`name` itself if it is known, else a single known name it differs from in case only.

    Raises UnknownNameError with the nearest names. `kind` is a noun for the message: site, device, link or segment.
    """
    if name in known:
        return name
    folded = [candidate for candidate in known if candidate.casefold() == name.casefold()]
    if len(folded) == 1:
        return folded[0]
    near = get_close_matches(name, sorted(known), n=3, cutoff=0.5)
    near = near or sorted(candidate for candidate in known if name and name.casefold() in candidate.casefold())[:3]
    if near:
        raise UnknownNameError(
            _("the simulated world has no {kind} named {name}; near it: {near}").format(
                kind=_noun(kind), name=name, near=", ".join(near)
            )
        )
    raise UnknownNameError(_("the simulated world has no {kind} named {name}").format(kind=_noun(kind), name=name))


def _noun(kind: str) -> str:
    return {
        "site": _("site"),
        "device": _("device"),
        "feeder": _("power feeder"),
        "link or segment": _("link or segment"),
    }.get(kind, kind)
