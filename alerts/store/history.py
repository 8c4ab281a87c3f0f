"""The states of a whole period at once, as plain columns: what availability is worked out from."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Engine, func, select

from alerts.store.tables import device_state, state_change
from domain.states import State


@dataclass(frozen=True, slots=True)
class StateHistory:
    """initial: of each device when the period began. changes: unix seconds, state and reason, in their order."""

    initial: Mapping[str, tuple[State, str]]
    changes: Mapping[str, Sequence[tuple[float, State, str]]]


class SqlHistory:
    """Reads what SqlStateStore wrote; writes nothing."""

    def __init__(self, engine: Engine) -> None:
        self._reader = engine.execution_options(reading=True)

    def between(self, since: datetime, until: datetime, names: Collection[str] | None = None) -> StateHistory:
        """[since, until). What a device was when the period began is told by the first change after that, or by now.

        names: of these devices alone; they are to be few.
        """
        table = state_change.c
        who = () if names is None else (table.name.in_(names),)
        inside = (table.at >= since.timestamp(), table.at < until.timestamp(), *who)
        columns = select(table.name, table.at, table.from_, table.to, table.reason)
        first_later = select(func.min(table.id)).where(table.at >= until.timestamp(), *who).group_by(table.name)
        now = select(device_state) if names is None else select(device_state).where(device_state.c.name.in_(names))
        states = {state.value: state for state in State}
        initial: dict[str, tuple[State, str]] = {}
        changes: dict[str, list[tuple[float, State, str]]] = defaultdict(list)
        with self._reader.connect() as connection:
            for row in connection.execute(now):
                initial[row.name] = (states[row.state], row.reason) if row.since < until.timestamp() else _NOT_YET
            for name, from_ in connection.execute(select(table.name, table.from_).where(table.id.in_(first_later))):
                initial[name] = states[from_], ""
            for name, at, from_, to, reason in connection.execute(columns.where(*inside).order_by(table.at, table.id)):
                if name not in changes:
                    initial[name] = states[from_], ""
                changes[name].append((at, states[to], reason))
        return StateHistory(initial, dict(changes))


_NOT_YET = (State.UNKNOWN, "")
