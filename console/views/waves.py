"""Waves of sites for people: how far each has come, what failed and why."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, tzinfo

from console.ports.sites import Errand
from console.views.changes import wave_site_word, wave_word
from console.views.speech import moment, number
from domain.changes import Wave, WaveSiteState, WaveState


@dataclass(frozen=True, slots=True)
class WaveView:
    id: str
    state: str
    shape: str
    who: str
    at: str
    why: str
    sites: int
    done: int
    failed: int
    running: int
    canary: int
    batch: int
    stop_at: str
    percent: int
    rows: tuple[tuple[str, str, str, str, str], ...]
    is_moving: bool
    resumes: bool


def wave_view(wave: Wave, errand: Errand | None, zone: tzinfo, now: datetime, names: Mapping[str, str]) -> WaveView:
    """names: site → what it is called, of those that are seen; others are left out of the rows."""
    count = {state: sum(each.state is state for each in wave.sites) for state in WaveSiteState}
    is_ordered = errand is not None and errand.is_under_way
    is_moving = is_ordered and (wave.state is WaveState.OPEN or (errand is not None and errand.subject == wave.id))
    shapes = {WaveState.OPEN: "maintenance", WaveState.STOPPED: "degraded", WaveState.DONE: "up"}
    shape = "degraded" if wave.failed else shapes[wave.state]
    ended = count[WaveSiteState.DONE] + count[WaveSiteState.FAILED]
    return WaveView(
        wave.id,
        wave_word(wave.state),
        "maintenance" if is_moving else shape,
        wave.actor,
        moment(wave.made_at, zone, now.astimezone(zone).date()),
        wave.why,
        len(wave.sites),
        count[WaveSiteState.DONE],
        count[WaveSiteState.FAILED],
        count[WaveSiteState.RUNNING],
        wave.canary,
        wave.batch,
        number(wave.stop_percent),
        100 * ended // max(1, len(wave.sites)),
        tuple(
            (each.site, names[each.site], wave_site_word(each.state), _site_shape(each.state), each.why)
            for each in wave.sites
            if each.site in names
        ),
        is_moving,
        not is_moving and (wave.state is not WaveState.DONE or bool(wave.failed)),
    )


def _site_shape(state: WaveSiteState) -> str:
    return {
        WaveSiteState.WAITING: "unknown",
        WaveSiteState.RUNNING: "maintenance",
        WaveSiteState.DONE: "up",
        WaveSiteState.FAILED: "degraded",
    }[state]
