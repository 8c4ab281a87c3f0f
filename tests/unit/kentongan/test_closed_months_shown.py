"""A closed month on a village's page: as it was published, with what was corrected later beside it."""

from datetime import timedelta
from pathlib import Path

import pytest

from domain.states import State, StateChange
from kentongan.console_adapters.devices import DatabaseNetwork
from kentongan.console_adapters.villages import DatabaseVillages
from kentongan.installation import Installation
from kentongan.settings import load_settings
from tests.command_line import status_of
from tests.unit.kentongan.dark_month import FELL, PERIOD, VILLAGE


def test_what_is_known_later_changes_the_open_month_and_stands_beside_the_closed_one(
    in_dark_month: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with Installation(load_settings(None), "siti").open() as installation:
        places, network = DatabaseVillages(installation), DatabaseNetwork(installation)

        def today() -> float | None:
            months = network.calendar(2, sites=["ds"])
            return next(each.available for each in months if each.label == PERIOD)

        before = today()
        assert before is not None
        assert before < 100
        assert places.closed(VILLAGE, [PERIOD]) == {}
        assert status_of("availability", "close", PERIOD) == 0
        closed = places.closed(VILLAGE, [PERIOD])[PERIOD]
        assert closed.available == pytest.approx(before, abs=0.0001)
        assert closed.corrected is None
        assert places.closed("32.14.01.2011", [PERIOD])[PERIOD].available is None, "the month says nothing of it"
        later = FELL + timedelta(days=3)
        installation.states.apply(
            [
                StateChange(later, "rtr", State.UP, State.DOWN, "icmp-silent"),
                StateChange(later + timedelta(hours=9), "rtr", State.DOWN, State.UP, ""),
            ]
        )
        assert places.closed(VILLAGE, [PERIOD])[PERIOD] == closed, "the closed month stays"
        assert status_of("availability", "correct", PERIOD, "--why", "catatan susulan") == 0
        again = DatabaseVillages(installation).closed(VILLAGE, [PERIOD])[PERIOD]
        assert again.available == closed.available
        assert again.corrected is not None
        now = today()
        assert now is not None
        assert now < before
        assert again.corrected.why == "catatan susulan"
        assert again.corrected.available == pytest.approx(now, abs=0.0001)
    capsys.readouterr()
