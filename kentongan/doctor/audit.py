"""The event log under examination: whether every row is there and as it was written."""

from collections.abc import Iterator
from typing import Final

from alerts.store.acts import SqlActStore
from alerts.store.chain import ChainKey
from domain.language import _, n_
from inventory.errors import InventoryError
from inventory.store.key import read_key
from kentongan.doctor.findings import Finding, Severity
from kentongan.errors import KentonganError
from kentongan.installation import Installation
from kentongan.settings import Loaded

HEAD_FILE: Final = "audit.head"


def event_log(installation: Installation) -> SqlActStore:
    """Raises the leaves of VaultKeyError: without the key no seal can be made or looked at."""
    loaded = installation.loaded
    key = read_key(loaded.key_file, loaded.settings.secrets.key.get_secret_value())
    return SqlActStore(installation.database.engine, ChainKey.derive(key.reveal()), loaded.folder / HEAD_FILE)


def examine_event_log(loaded: Loaded, actor: str) -> Iterator[Finding]:
    """Reads every row; changes nothing."""
    about = _("event log")
    installation = Installation(loaded, actor)
    try:
        with installation.open():
            found = event_log(installation).verify()
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
    head = event_log(installation).anchor_again(installation.actor, why, installation.clock.now().utc)
    installation.record("event log anchored again", "audit.head", seq=head.seq, why=why)
    return Finding(Severity.OK, _("event log"), _("anchored at row {number}").format(number=head.seq))
