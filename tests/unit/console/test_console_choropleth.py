"""The kabupaten as a drawing: shapes, shades and figures are those of the table."""

import pytest

from console.views.choropleth import choropleth
from tests.unit.console.console_office import PLERED, TEGALWARU, counts, square

OUTLINES = {"type": "FeatureCollection", "features": [square(PLERED, 107.4), square(TEGALWARU, 107.5)]}


def row(code: str, villages: int, served: int) -> dict[str, object]:
    return {"code": code, "name": code, "desa": counts(villages, served, served, 0, 0)}


def test_each_kecamatan_has_its_place_and_its_shade() -> None:
    drawn = choropleth(OUTLINES, [row(PLERED, 10, 6), row(TEGALWARU, 5, 0)])
    assert drawn is not None
    plered, tegalwaru = drawn.pieces
    assert (plered.served, plered.villages, plered.step, tegalwaru.step) == (6, 10, 3, 0)
    assert plered.x == pytest.approx(drawn.width / 4, abs=1), "west"
    assert tegalwaru.x == pytest.approx(3 * drawn.width / 4, abs=1), "east"
    assert plered.y == pytest.approx(drawn.height / 2, abs=1)
    assert drawn.height == pytest.approx(drawn.width / 2 / 0.9935, rel=0.01), "a degree of longitude is the shorter one"
    assert plered.path.count("M") == 1
    assert plered.path.endswith("z")


@pytest.mark.parametrize(("served", "step"), [(0, 0), (1, 1), (25, 1), (26, 2), (99, 4), (100, 4)])
def test_only_none_is_white(served: int, step: int) -> None:
    drawn = choropleth(OUTLINES, [row(PLERED, 100, served)])
    assert drawn is not None
    assert drawn.pieces[0].step == step


def test_who_is_not_seen_is_not_drawn() -> None:
    drawn = choropleth(OUTLINES, [row(TEGALWARU, 5, 2)])
    assert drawn is not None
    assert [each.code for each in drawn.pieces] == [TEGALWARU]
    assert choropleth(OUTLINES, []) is None
    assert choropleth({"features": []}, [row(PLERED, 5, 2)]) is None


def test_islands_belong_to_their_kecamatan_and_figures_stand_on_the_mainland() -> None:
    small = [[107.9, -6.5], [107.91, -6.5], [107.91, -6.51], [107.9, -6.5]]
    feature = square(PLERED, 107.4)
    feature["geometry"] = {"type": "MultiPolygon", "coordinates": [[small], feature["geometry"]["coordinates"]]}
    drawn = choropleth({"features": [feature]}, [row(PLERED, 10, 6)])
    assert drawn is not None
    assert drawn.pieces[0].path.count("M") == 2
    assert drawn.pieces[0].x < drawn.width / 2
