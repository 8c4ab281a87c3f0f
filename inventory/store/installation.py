"""The one row that says which kabupaten this is and how often the inventory was written."""

from sqlalchemy import Connection, select
from sqlalchemy.dialects import postgresql, sqlite

from inventory.store.tables import installation

THE_ROW = 1


def read_revision(connection: Connection) -> int:
    return connection.execute(select(installation.c.revision)).scalar() or 0


def read_home(connection: Connection) -> str | None:
    return connection.execute(select(installation.c.home)).scalar()


def raise_revision(connection: Connection) -> None:
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    insert = dialect.insert(installation).values(id=THE_ROW, revision=1)
    raised = {"revision": installation.c.revision + 1}
    connection.execute(insert.on_conflict_do_update(index_elements=["id"], set_=raised))


def write_home(connection: Connection, code: str) -> None:
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    insert = dialect.insert(installation).values(id=THE_ROW, home=code, revision=0)
    connection.execute(insert.on_conflict_do_update(index_elements=["id"], set_={"home": code}))
