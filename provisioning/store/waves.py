"""Keeps waves and where each of their sites stands."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Engine, Row, delete, insert, select

from domain.changes.waves import Wave, WaveSite, WaveSiteState, WaveState
from provisioning.store.wave_tables import wave as wave_table
from provisioning.store.wave_tables import wave_site


class SqlWaveStore:
    """Implements domain.changes.WaveStore."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._reader = engine.execution_options(reading=True)

    def get(self, id_: str) -> Wave | None:
        with self._reader.connect() as connection:
            row = connection.execute(select(wave_table).where(wave_table.c.id == id_)).one_or_none()
            return None if row is None else _wave(row, _sites(connection, id_))

    def waves(self) -> tuple[Wave, ...]:
        with self._reader.connect() as connection:
            rows = connection.execute(select(wave_table).order_by(wave_table.c.made_at.desc())).all()
            return tuple(_wave(row, _sites(connection, row.id)) for row in rows)

    def put(self, wave: Wave) -> None:
        with self._engine.begin() as connection:
            connection.execute(delete(wave_table).where(wave_table.c.id == wave.id))
            connection.execute(delete(wave_site).where(wave_site.c.wave == wave.id))
            connection.execute(insert(wave_table), _wave_row(wave))
            rows = [_site_row(wave.id, position, each) for position, each in enumerate(wave.sites)]
            if rows:
                connection.execute(insert(wave_site), rows)


def _sites(connection: Connection, id_: str) -> tuple[WaveSite, ...]:
    query = select(wave_site).where(wave_site.c.wave == id_).order_by(wave_site.c.position)
    return tuple(
        WaveSite(
            row.site,
            WaveSiteState(row.state),
            row.job,
            row.passed,
            row.unchecked,
            row.why,
            _moment(row.began_at),
            _moment(row.ended_at),
        )
        for row in connection.execute(query)
    )


def _wave(row: Row[Any], sites: tuple[WaveSite, ...]) -> Wave:
    return Wave(
        row.id,
        row.actor,
        datetime.fromtimestamp(row.made_at, UTC),
        sites,
        row.canary,
        row.batch,
        row.stop_percent,
        row.profile,
        row.like,
        row.reason,
        WaveState(row.state),
        row.why,
        _moment(row.changed_at),
    )


def _wave_row(wave: Wave) -> dict[str, object]:
    return {
        "id": wave.id,
        "actor": wave.actor,
        "state": wave.state.value,
        "canary": wave.canary,
        "batch": wave.batch,
        "stop_percent": wave.stop_percent,
        "profile": wave.profile,
        "like": wave.like,
        "reason": wave.reason,
        "why": _plain(wave.why),
        "made_at": wave.made_at.timestamp(),
        "changed_at": _seconds(wave.changed_at),
    }


def _site_row(id_: str, position: int, site: WaveSite) -> dict[str, object]:
    return {
        "wave": id_,
        "position": position,
        "site": site.site,
        "state": site.state.value,
        "job": site.job,
        "passed": site.passed,
        "unchecked": site.unchecked,
        "why": _plain(site.why),
        "began_at": _seconds(site.began_at),
        "ended_at": _seconds(site.ended_at),
    }


def _moment(seconds: float | None) -> datetime | None:
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC)


def _seconds(moment: datetime | None) -> float | None:
    return None if moment is None else moment.timestamp()


def _plain(text: str) -> str:
    """What a device wrote, without NUL and lone surrogates, which a database refuses."""
    return text.replace("\0", "").encode("utf-8", "replace").decode("utf-8")
