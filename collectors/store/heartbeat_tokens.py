"""Keeps the hashes of heartbeat tokens. The tokens themselves are nowhere."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import Connection, Engine, delete, insert, select

from collectors.store.heartbeat_tables import heartbeat_token as tokens
from domain.services import SiteTokens


@dataclass(frozen=True, slots=True)
class KeptToken:
    """What is known of one token. hash: SHA-256 in hexadecimal."""

    site: str
    hash: str
    made_at: datetime


class SqlTokenStore:
    """Implements domain.services.TokenStore. unix_seconds: the time that a new token is dated with."""

    def __init__(self, engine: Engine, unix_seconds: Callable[[], float]) -> None:
        self._engine = engine
        self._reader = engine.execution_options(reading=True)
        self._unix_seconds = unix_seconds

    def read(self) -> SiteTokens:
        with self._reader.connect() as connection:
            return SiteTokens({row.hash: row.site for row in connection.execute(select(tokens))})

    def put(self, site: str, token_hash: str) -> None:
        """Beside the site's other tokens."""
        values = {"hash": token_hash, "site": site, "made_at": self._unix_seconds()}
        with self._engine.begin() as connection:
            connection.execute(insert(tokens).values(values))

    def remove(self, token_hash: str) -> None:
        with self._engine.begin() as connection:
            connection.execute(delete(tokens).where(tokens.c.hash == token_hash))

    def revoke(self, site: str) -> int:
        """All tokens of a site; returns how many there were."""
        with self._engine.begin() as connection:
            return self.revoke_in(connection, site)

    def revoke_in(self, connection: Connection, site: str) -> int:
        """The same inside a transaction that spans other stores."""
        return connection.execute(delete(tokens).where(tokens.c.site == site)).rowcount

    def restore_in(self, connection: Connection, kept: Iterable[KeptToken]) -> None:
        """Tokens that were revoked are good again; those that are there stay as they are."""
        there = set(connection.execute(select(tokens.c.hash)).scalars())
        rows = [
            {"hash": each.hash, "site": each.site, "made_at": each.made_at.timestamp()}
            for each in kept
            if each.hash not in there
        ]
        if rows:
            connection.execute(insert(tokens), rows)

    def kept(self) -> tuple[KeptToken, ...]:
        """By site, the oldest first."""
        with self._reader.connect() as connection:
            rows = connection.execute(select(tokens).order_by(tokens.c.site, tokens.c.made_at)).all()
        return tuple(KeptToken(row.site, row.hash, datetime.fromtimestamp(row.made_at, UTC)) for row in rows)
