"""Incidents as people order them about: where an order goes, and the words for phases and verdicts."""

from collections.abc import Mapping
from contextlib import suppress
from typing import assert_never

from domain.audit import AuditEntry
from domain.incidents import Act, ActKind, Confidence, Phase, Verdict, VerdictKind
from domain.language import _
from kentongan.errors import KentonganError
from kentongan.file_lock import is_held
from kentongan.installation import Installation
from kentongan.run.orders import ACT, act_payload
from kentongan.store.commands import CommandState
from kentongan.store.faults import DatabaseError

WAIT_SECONDS = 15.0
NEED_THE_ENGINE = frozenset({ActKind.ACKNOWLEDGED, ActKind.DONE, ActKind.MERGED, ActKind.SPLIT})


class OrderError(KentonganError):
    """An order was not carried out."""


def order(installation: Installation, act: Act, by: Mapping[str, str] | None = None) -> tuple[str, ...]:
    """Hand an act to the running engine, or write it down where none runs. Returns members that are still dark.

    The journal has it in the same transaction: what is carried out is audited, and what cannot be audited is refused.
    by: what the journal keeps beside it. Raises OrderError with the engine's reason, or because it does not answer.
    """
    entry = AuditEntry(
        installation.clock.now(),
        act.actor,
        f"incident.{act.kind.value}",
        act.incident,
        {**journalled(act), **(by or {})},
    )
    if not is_held(installation.loaded.folder / "run.lock"):
        return _write_down(installation, act, entry)
    with installation.database.transaction() as connection:
        number = installation.commands.insert_in(
            connection, ACT, act_payload(act), installation.clock.now().unix_seconds
        )
        installation.journal.record_in(connection, entry)
    done = installation.commands.wait(number, WAIT_SECONDS)
    match done.state:
        case CommandState.DONE:
            dark = done.outcome.get("stillDark", [])
            assert isinstance(dark, list)
            return tuple(str(name) for name in dark)
        case CommandState.FAILED:
            why = str(done.outcome.get("error", ""))
            with suppress(DatabaseError):  # that it was given is in the journal, and that it was refused in the answer
                installation.record_as(act.actor, f"{entry.action} refused", act.incident, why=why)
            raise OrderError(why)
        case CommandState.WAITING | CommandState.TAKEN:
            raise OrderError(
                _(
                    "Kentongan runs but did not answer in {seconds} seconds. The order waits; see: kentongan check"
                ).format(seconds=round(WAIT_SECONDS))
            )
        case _:
            assert_never(done.state)


def journalled(act: Act) -> dict[str, str]:
    """What the journal keeps of an order beside who gave it and about which incident."""
    return {"text": act.text, **{name: act.values[name] for name in ("into", "members") if name in act.values}}


def _write_down(installation: Installation, act: Act, entry: AuditEntry) -> tuple[str, ...]:
    if installation.incidents.get(act.incident) is None:
        raise OrderError(_("There is no incident {id}. See: kentongan incidents --all").format(id=act.incident))
    if act.kind in NEED_THE_ENGINE:
        raise OrderError(_("This needs the running engine. Start it: kentongan run"))
    with installation.database.transaction() as connection:
        head = installation.acts.append_in(connection, [act])
        installation.journal.record_in(connection, entry)
    with suppress(OSError):  # it may lag; the next act moves it on
        installation.acts.anchor(head)
    return ()


def phase_word(phase: Phase) -> str:
    match phase:
        case Phase.OPEN:
            return _("open")
        case Phase.RETURNING:
            return _("back, not yet stable")
        case Phase.RESOLVED:
            return _("over")
        case Phase.MERGED:
            return _("merged")
        case _:
            assert_never(phase)


def verdict_word(verdict: Verdict) -> str:
    """'fibre (strong)', in the active language."""
    return f"{_kind_word(verdict.kind)} ({_confidence_word(verdict.confidence)})"


def _kind_word(kind: VerdictKind) -> str:
    match kind:
        case VerdictKind.FIBRE:
            return _("fibre")
        case VerdictKind.POWER:
            return _("power")
        case VerdictKind.DEVICE:
            return _("device")
        case VerdictKind.RADIO:
            return _("radio")
        case VerdictKind.PROVIDER:
            return _("provider")
        case VerdictKind.SERVICE:
            return _("application")
        case VerdictKind.MANAGEMENT:
            return _("management path")
        case VerdictKind.POLLER:
            return _("our own way out")
        case VerdictKind.UNDETERMINED:
            return _("undetermined")
        case _:
            assert_never(kind)


def _confidence_word(confidence: Confidence) -> str:
    match confidence:
        case Confidence.STRONG:
            return _("strong")
        case Confidence.MEDIUM:
            return _("medium")
        case Confidence.WEAK:
            return _("weak")
        case _:
            assert_never(confidence)
