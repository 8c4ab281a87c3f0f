"""The event log under examination: whether every row is there and as it was written."""

from collections.abc import Iterator

from domain.language import _, n_
from inventory.errors import InventoryError
from kentongan.doctor.findings import Finding, Severity
from kentongan.errors import KentonganError
from kentongan.installation import Installation
from kentongan.settings import Loaded


def examine_event_log(loaded: Loaded, actor: str) -> Iterator[Finding]:
    """Reads every row; changes nothing."""
    about = _("event log")
    installation = Installation(loaded, actor)
    try:
        with installation.open():
            found = installation.acts.verify()
    except (KentonganError, InventoryError) as error:
        yield Finding(Severity.WRONG, about, str(error))
        return
    for each in found.findings:
        yield Finding(
            Severity.WRONG,
            about,
            str(each),
            _("Keep this database aside and find out who did it. After restoring: kentongan check --anchor-again WHY"),
        )
    if found.lag:
        yield Finding(
            Severity.NOTE,
            about,
            n_(
                "The newest row is not anchored yet; after a power cut that is normal.",
                "The newest {count} rows are not anchored yet; after a power cut that is normal.",
                found.lag,
            ).format(count=found.lag),
        )
    if found.is_whole:
        count = found.rows
        text = n_("{count} row, whole and unchanged", "{count} rows, whole and unchanged", count)
        yield Finding(Severity.OK, about, text.format(count=count))


def anchor_again(installation: Installation, why: str) -> Finding:
    """On a person's word the log is whole as it stands; who said it and why is its newest row."""
    head = installation.acts.anchor_again(installation.actor, why, installation.clock.now().utc)
    installation.record("event log anchored again", "audit.head", seq=head.seq, why=why)
    return Finding(Severity.OK, _("event log"), _("anchored at row {number}").format(number=head.seq))
