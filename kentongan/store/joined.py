"""One transaction over several stores: each is made anew over the connection that is open, and begins none of its own.

`with database.transaction() as connection: SqlAccounts(joined(connection)).put(account)`. What any of them raises takes
back what all of them did. Only for stores that know their tables by the engine alone.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import cast

from sqlalchemy import Connection, Engine


class _Joined:
    """As much of an Engine as a store asks for."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self.dialect, self.url = connection.dialect, connection.engine.url

    @contextmanager
    def begin(self) -> Iterator[Connection]:
        yield self._connection

    connect = begin

    def execution_options(self, **_options: object) -> "_Joined":
        """Also a reader reads here: it sees what was written before in the same transaction."""
        return self


def joined(connection: Connection) -> Engine:
    return cast(Engine, _Joined(connection))
