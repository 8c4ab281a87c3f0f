"""The schema of all rooms and its version: up, down, and whether this program and a database fit each other."""

from pathlib import Path
from typing import TYPE_CHECKING, Final

from sqlalchemy import Connection, Engine, MetaData, inspect, text

from alerts.store.acts_tables import metadata as acts_metadata
from alerts.store.incidents_tables import metadata as incidents_metadata
from alerts.store.maintenance_tables import metadata as maintenance_metadata
from alerts.store.months_tables import metadata as months_metadata
from alerts.store.outbox_tables import metadata as outbox_metadata
from alerts.store.tables import metadata as alerts_metadata
from alerts.store.trends_tables import metadata as trends_metadata
from collectors.store.change_log_tables import metadata as change_log_metadata
from collectors.store.heartbeat_tables import metadata as heartbeat_metadata
from collectors.store.ssh_tables import metadata as ssh_metadata
from collectors.store.tables import metadata as collectors_metadata
from console.store.tables import metadata as console_metadata
from domain.language import _
from inventory.store.coverage_tables import metadata as coverage_metadata
from inventory.store.tables import metadata as inventory_metadata
from kentongan import migrations
from kentongan.errors import NotInitialisedError
from kentongan.store.faults import DatabaseError, shown
from kentongan.store.report_tables import metadata as report_metadata
from kentongan.store.tables import metadata as own_metadata
from provisioning.store.backup_tables import metadata as backup_metadata
from provisioning.store.change_tables import metadata as change_metadata
from provisioning.store.tables import metadata as address_metadata
from provisioning.store.wave_tables import metadata as wave_metadata

if TYPE_CHECKING:
    from alembic.config import Config

ALL_METADATA: Final[tuple[MetaData, ...]] = (
    inventory_metadata,
    coverage_metadata,
    collectors_metadata,
    alerts_metadata,
    incidents_metadata,
    acts_metadata,
    outbox_metadata,
    months_metadata,
    maintenance_metadata,
    trends_metadata,
    heartbeat_metadata,
    change_log_metadata,
    ssh_metadata,
    backup_metadata,
    change_metadata,
    wave_metadata,
    address_metadata,
    console_metadata,
    report_metadata,
    own_metadata,
)
UPGRADE_LOCK: Final = 0x6B656E74  # 'kent': any number that nobody else takes


class SchemaError(DatabaseError):
    """Program and database do not fit each other."""


class DatabaseNewerError(SchemaError):
    """The database was made by a newer program than this one."""


class DatabaseOlderError(SchemaError):
    """The database waits for `kentongan db upgrade`."""


def head() -> str:
    """The version this program makes and needs."""
    return _versions()[-1]


def current(engine: Engine) -> str | None:
    """The database's version; None for a database without one."""
    with engine.execution_options(reading=True).connect() as connection:
        return current_in(connection)


def current_in(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    found: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
    return found


def upgrade(engine: Engine, target: str = "head") -> None:
    """All steps in one transaction: a kill in the middle leaves the old schema. Of two at once the second waits.

    Raises DatabaseNewerError.
    """
    with engine.begin() as connection:
        _wait_for_turn(connection)
        refuse_newer(current_in(connection), shown(engine.url))
        from alembic import command

        command.upgrade(_config(connection), target)


def downgrade(engine: Engine, target: str) -> None:
    """Back to a version, `base` for nothing at all. What the dropped tables held is gone: back up first."""
    with engine.begin() as connection:
        _wait_for_turn(connection)
        refuse_newer(current_in(connection), shown(engine.url))
        from alembic import command

        command.downgrade(_config(connection), target)


def check_schema(engine: Engine) -> None:
    """Raises NotInitialisedError, DatabaseOlderError or DatabaseNewerError unless the database fits."""
    where = shown(engine.url)
    found = current(engine)
    if found is None:
        raise NotInitialisedError(
            _("The database {where} is empty. Begin with: kentongan init --kabupaten CODE").format(where=where)
        )
    refuse_newer(found, where)
    if found != head():
        raise DatabaseOlderError(
            _("The database {where} is of version {found}, this program needs {needed}: kentongan db upgrade").format(
                where=where, found=found, needed=head()
            )
        )


def refuse_newer(found: str | None, where: str) -> None:
    """Raises DatabaseNewerError for a version this program does not know."""
    if found is not None and found not in _versions():
        raise DatabaseNewerError(
            _(
                "{where} was made by a newer Kentongan (version {found}; this one knows up to {known}). "
                "Install the newer program, or bring back a backup from before: kentongan db restore FILE"
            ).format(where=where, found=found, known=head())
        )


def _wait_for_turn(connection: Connection) -> None:
    # On SQLite the transaction itself, begun IMMEDIATE, is the lock.
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": UPGRADE_LOCK})


def _versions() -> list[str]:
    """By the names of their files, oldest first. Alembic knows them too, but takes thirteen megabytes to be asked."""
    return sorted(file.stem.partition("_")[0] for file in (_folder() / "versions").glob("[0-9]*.py"))


def _folder() -> Path:
    return Path(migrations.__file__).parent


def _config(connection: Connection) -> "Config":
    from alembic.config import Config

    # No ini file: neither the working directory nor the environment can change what is run.
    config = Config(attributes={"connection": connection})
    # A percent sign in the path of the installation would be read as an interpolation.
    config.set_main_option("script_location", str(_folder()).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config
