"""What pages say first, and the curve that planners look ahead by."""

from datetime import date

from console.views.coverage import Curve, page_of
from console.views.services import ServiceList, answer
from domain.accounts import Account
from domain.language import speaking
from domain.network import Medium, PersonRole
from domain.network.words import medium_word
from domain.states import State
from tests.unit.console.console_office import MemoryCoverage

ON = date(2021, 6, 30)
PLANNER = Account("planner", PersonRole.PLANNER)


def curve_of(forecast: dict[str, object]) -> Curve:
    document = {**MemoryCoverage().document(ON, None), "forecast": {"pacePerMonth": 1.0, "months": 24, **forecast}}
    nowhere = {"type": "FeatureCollection", "features": []}
    found = page_of(document, MemoryCoverage().curve(ON), nowhere, PLANNER).curve
    assert found is not None
    return found


def test_the_curve_leads_on_to_where_all_are_connected() -> None:
    curve = curve_of({"earliest": "2021-12-31", "expected": "2022-06-30", "latest": None})
    begin, expected = curve.forecast.split()
    assert begin == f"{curve.last_x},{curve.last_y}" == curve.points.split()[-1]
    level = curve.levels[-1][0]
    assert expected.endswith(f",{level}")
    ahead = [float(point.split(",")[0]) for point in curve.fan.split()]
    assert ahead[0] < ahead[1] < float(expected.split(",")[0]) < ahead[2], "without a latest day it leaves the picture"


def test_without_a_forecast_nothing_leads_on() -> None:
    curve = curve_of({"earliest": None, "expected": None, "latest": None})
    assert (curve.forecast, curve.fan) == ("", "")


def test_levels_are_round_and_end_at_the_whole() -> None:
    curve = curve_of({"earliest": None, "expected": None, "latest": None})
    assert [word for _y, word in curve.levels] == ["5", "10", "15"]


def test_where_nothing_is_known_nobody_says_that_nothing_is_down() -> None:
    def said(*counts: tuple[State, str, int]) -> str:
        return answer(ServiceList((), 3, counts, ()))

    with speaking("en"):
        assert said((State.UNKNOWN, "", 3)) == "How 3 stand is not known"
        assert said((State.UNKNOWN, "", 2), (State.UP, "", 1)) == "No application is down, of 3"
        assert said((State.DOWN, "", 1), (State.UNKNOWN, "", 2)) == "1 of 3 applications are down"


def test_media_are_called_as_people_call_them() -> None:
    with speaking("en"):
        assert {medium_word(each) for each in Medium} == {"fibre", "radio", "copper", "tunnel", "LTE", "VSAT", "LEO"}
