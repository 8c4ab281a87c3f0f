"""Months of availability that a person has closed, and the corrections made to them later. Neither is ever replaced."""

from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import Engine, insert, select

from alerts.errors import AlertError
from alerts.store.months_tables import availability_correction as corrections
from alerts.store.months_tables import availability_month as months
from domain.language import _


class MonthClosedError(AlertError):
    """It was closed before."""


@dataclass(frozen=True, slots=True)
class ClosedMonth:
    """document: canonical JSON; hash: SHA-256 over it."""

    period: str
    closed_at: datetime
    closed_by: str
    hash: str
    document: str


@dataclass(frozen=True, slots=True)
class Correction:
    """document: what reads otherwise now than at the close. previous: the hash before this one."""

    period: str
    at: datetime
    actor: str
    why: str
    previous: str
    hash: str
    document: str


class SqlMonthStore:
    """Add and read."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._reader = engine.execution_options(reading=True)

    def get(self, period: str) -> ClosedMonth | None:
        with self._reader.connect() as connection:
            row = connection.execute(select(months).where(months.c.period == period)).first()
        return (
            None if row is None else ClosedMonth(row.period, _utc(row.closed_at), row.closed_by, row.hash, row.document)
        )

    def close(self, month: ClosedMonth) -> None:
        """Raises MonthClosedError."""
        with self._engine.begin() as connection:
            if connection.execute(select(months.c.period).where(months.c.period == month.period)).first():
                raise MonthClosedError(
                    _("{period} is closed already. Later documents: kentongan availability correct {period}").format(
                        period=month.period
                    )
                )
            values = {
                "period": month.period,
                "closed_at": month.closed_at.timestamp(),
                "closed_by": month.closed_by,
                "hash": month.hash,
                "document": month.document,
            }
            connection.execute(insert(months).values(values))

    def corrections(self, period: str) -> tuple[Correction, ...]:
        """In the order they were made."""
        query = select(corrections).where(corrections.c.period == period).order_by(corrections.c.id)
        with self._reader.connect() as connection:
            rows = connection.execute(query).all()
        return tuple(
            Correction(row.period, _utc(row.at), row.actor, row.why, row.previous, row.hash, row.document)
            for row in rows
        )

    def correct(self, correction: Correction) -> None:
        values = {
            "period": correction.period,
            "at": correction.at.timestamp(),
            "actor": correction.actor,
            "why": correction.why,
            "previous": correction.previous,
            "hash": correction.hash,
            "document": correction.document,
        }
        with self._engine.begin() as connection:
            connection.execute(insert(corrections).values(values))


def _utc(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
