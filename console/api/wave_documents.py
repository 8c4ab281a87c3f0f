"""Waves as documents of the REST interface, cut to what whoever asks sees of them."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Annotated

from fastapi import HTTPException, Path

from console.api.document import Document
from console.ports import Look
from domain.changes import Job, Wave, WaveState, open_plans
from domain.language import _

Number = Annotated[str, Path(alias="wave", pattern="^[A-Za-z0-9-]{1,40}$", description="Of a wave.")]


class WaveSiteDocument(Document):
    """fingerprint, approvers, needed: of its plan while that can be agreed to."""

    site: str
    state: str
    job: str | None
    fingerprint: str | None
    approvers: list[str]
    needed: int | None
    checks_passed: int
    checks_not_made: int
    why: str | None
    began_at: datetime | None
    ended_at: datetime | None


class WaveDocument(Document):
    """sites: those that the account sees, of all_sites."""

    wave: str
    state: str
    why: str | None
    actor: str
    made_at: datetime
    canary: int
    batch: int
    stop_at_percent: float
    all_sites: int
    sites: list[WaveSiteDocument]


def seen_of(wave: Wave, look: Look) -> set[str]:
    return {each.site for each in wave.sites} & look.inventory.site_by_slug.keys()


def wave_document(wave: Wave, newest: Mapping[str, Job], look: Look) -> WaveDocument:
    seen = seen_of(wave, look)
    plans = {job.site: job for job in open_plans(wave, newest)} if wave.state is not WaveState.DONE else {}
    rows = []
    for each in wave.sites:
        if each.site in seen:
            job = plans.get(each.site)
            rows.append(
                WaveSiteDocument(
                    site=each.site,
                    state=each.state.value,
                    job=each.job or (job.id if job else None),
                    fingerprint=job.fingerprint if job else None,
                    approvers=list(job.approvers) if job else [],
                    needed=job.needed if job else None,
                    checks_passed=each.passed,
                    checks_not_made=each.unchecked,
                    why=each.why or None,
                    began_at=each.began_at,
                    ended_at=each.ended_at,
                )
            )
    return WaveDocument(
        wave=wave.id,
        state=wave.state.value,
        why=wave.why or None,
        actor=wave.actor,
        made_at=wave.made_at,
        canary=wave.canary,
        batch=wave.batch,
        stop_at_percent=wave.stop_percent,
        all_sites=len(wave.sites),
        sites=rows,
    )


def wave_of(waves: Iterable[Wave], look: Look, number: str) -> Wave:
    """Raises HTTPException 404 also for one of which nothing is seen."""
    found = next((each for each in waves if each.id == number), None)
    if found is None or not seen_of(found, look):
        raise HTTPException(404, _("There is no such wave."))
    return found


def whole_wave(waves: Iterable[Wave], look: Look, number: str) -> Wave:
    """Raises HTTPException 403 for one that reaches beyond what is seen, 404 as wave_of."""
    found = wave_of(waves, look, number)
    if len(seen_of(found, look)) != len(found.sites):
        raise HTTPException(403, _("This wave reaches beyond your region. Ask somebody of the whole kabupaten."))
    return found
