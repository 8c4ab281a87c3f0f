"""stages.csv and its neighbours: what a site's way may be, old codes of villages, outlines of kecamatan."""

import json
from datetime import date

import pytest

from domain.network import Inventory, Site, SiteKind, Stage, StageEntry, Target
from inventory.importing.shapes import ShapeError, read_shapes

STORED = Inventory(
    sites=(Site("a", "A", SiteKind.DESA), Site("b", "B", SiteKind.DESA)),
    stages=(StageEntry("a", Stage.ACTIVE, date(2020, 3, 1), "BAST/1", date(2020, 3, 2)),),
)


def test_rows_in_the_words_of_an_office(take):
    content = "Kode Lokasi;Tahap;Tanggal;No BAST;Dicatat\nb;direncanakan;4/1/2019;;\nb;aktif;2 Mei 2020;;20/7/2020\n"
    result = take(STORED, stages_csv=content)
    assert result.errors == ()
    assert result.inventory.stages == (
        StageEntry("b", Stage.PLANNED, date(2019, 1, 4)),
        StageEntry("b", Stage.ACTIVE, date(2020, 5, 2), "", date(2020, 7, 20)),
    )
    assert [str(note) for note in result.notes if "was not written down" in str(note)], "two steps are missing"


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ("a,built,1/1/2021,", "cannot go from active (2020-03-01) to built"),
        ("b,retired,1/1/2020,\nb,active,1/1/2021,", "cannot go from retired"),
        ("a,handed-over,1/1/2019,", "cannot go from handed-over (2019-01-01) to active"),
        ("nobody,active,1/1/2021,", "'nobody' is not a site"),
        ("a,finished,1/1/2021,", "column stage"),
        ("a,active,32/1/2021,", "column date"),
        ("a,active,,", "the cell is empty"),
    ],
)
def test_what_cannot_be_is_refused_with_its_row(take, rows, said):
    result = take(STORED, stages_csv=f"slug,stage,date,document_no\n{rows}\n")
    assert len(result.errors) == 1
    assert said in str(result.errors[0])
    assert "stages.csv row" in str(result.errors[0])


def test_of_good_and_bad_rows_the_good_ones_stay(take):
    result = take(STORED, stages_csv="slug,stage,date\nb,planned,1/1/2021\nb,active,1/2/2022\nb,funded,1/3/2022\n")
    assert [each.stage for each in result.inventory.stages] == [Stage.PLANNED, Stage.ACTIVE]


def test_a_document_again_with_another_date_is_a_correction(take):
    rows = "slug,stage,date,document_no,recorded_on\na,built,1/5/2020,,\na,active,1/6/2020,BAST/1,1/7/2020\n"
    assert take(STORED, stages_csv=rows).errors == ()


def test_what_was_recorded_stays_recorded(take):
    result = take(STORED, stages_csv="slug,stage,date,document_no\na,active,1/3/2020,BAST/1\n")
    assert result.inventory.stages == STORED.stages
    assert [(each.added, each.unchanged) for each in result.files] == [(0, 1)]


def test_two_decisions_about_one_target_stand_beside_each_other(take):
    rows = (
        "32.14,31/12/2021,desa,147,28/12/2018\n32.14,31/12/2021,desa,125,30/6/2021\n32.14,31/12/2021,desa,1,30/6/2021\n"
    )
    result = take(targets_csv="region_code,due_on,indicator,value,decided_on\n" + rows)
    assert [each.value for each in result.inventory.targets if isinstance(each, Target)] == [147, 125]
    assert len(result.errors) == 1, "one decision is one number"


@pytest.mark.parametrize(
    ("cell", "code"), [("32.14.05.2099", "32.14.05.2099"), ("3214052099", "32.14.05.2099"), ("", "")]
)
def test_an_old_code_need_not_exist_any_more(take, cell, code):
    result = take(villages_csv=f"kode desa,tahun,kode lama\n32.14.05.2010,2022,{cell}\n")
    assert result.errors == ()
    assert [each.former_code for each in result.inventory.villages] == [code]


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("32.14.05.2010,2022,32.14.05", "not written like the code of a village"),
        ("32.14.05.2010,2022,32.14.05.2010", "the old code is the code itself"),
        ("32.14.05.2010,,32.14.05.2099", "needs the year"),
    ],
)
def test_old_codes_that_cannot_be(take, row, said):
    result = take(villages_csv=f"region_code,year,former_code\n{row}\n")
    assert said in str(result.errors[0])


@pytest.fixture(scope="module")
def home(purwakarta):
    """Its own regions alone: the whole country is long to look through."""
    return type(purwakarta)({region.code: region for region in purwakarta.within("32.14")}, "32.14")


RING = [[107.4, -6.5], [107.5, -6.5], [107.5, -6.6], [107.4, -6.5]]


def features(*made: tuple[dict[str, object], object]) -> bytes:
    found = [{"type": "Feature", "properties": properties, "geometry": shape} for properties, shape in made]
    return json.dumps({"type": "FeatureCollection", "features": found}).encode()


def polygon(*rings: object) -> dict[str, object]:
    return {"type": "Polygon", "coordinates": list(rings)}


def test_outlines_are_known_by_code_or_by_name(home):
    content = features(
        ({"KODE": "32.14.05"}, polygon(RING)),
        ({"nama": "Kec. Plered"}, {"type": "MultiPolygon", "coordinates": [[RING]]}),
        ({"kdepum": "3214010000"}, polygon([[*point, 0] for point in RING])),
    )
    found = read_shapes("batas.geojson", content, home)
    assert [shape.code for shape in found] == sorted(["32.14.05", "32.14.01", "32.14.04"])
    assert json.loads(found[0].geometry)["coordinates"][0][0] == [107.4, -6.5]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"\xff\xfe", "is no JSON"),
        (b"[" * 5000, "is no JSON"),
        (b"[]", "FeatureCollection"),
        (features(), "FeatureCollection"),
        (features(({"kode": "32.15.01"}, polygon(RING))), "feature 1: '32.15.01' is no kecamatan of 32.14"),
        (features(({"nama": "Nowhere"}, polygon(RING))), "no single kecamatan is called 'Nowhere'"),
        (features(({}, polygon(RING))), "no property names the region"),
        (features(({"kode": "32.14.05"}, None)), "a Polygon or a MultiPolygon"),
        (features(({"kode": "32.14.05"}, {"type": "Point", "coordinates": [1, 2]})), "a Polygon or a MultiPolygon"),
        (features(({"kode": "32.14.05"}, polygon(RING[:3]))), "four points at least"),
        (features(({"kode": "32.14.05"}, polygon([*RING[:3], [107.4, -6.51]]))), "ends where it began"),
        (features(({"kode": "32.14.05"}, polygon([[-6.5, 107.4]] * 4))), "longitude first"),
        (features(({"kode": "32.14.05"}, polygon([["a", 1]] * 4))), "[longitude, latitude]"),
        (features(({"kode": "32.14.05"}, polygon(RING)), ({"kode": "321405"}, polygon(RING))), "stands there twice"),
    ],
)
def test_what_is_no_outline_is_refused(home, content, said):
    with pytest.raises(ShapeError) as caught:
        read_shapes("batas.geojson", content, home)
    assert said in str(caught.value)


def test_another_projection_is_named(home):
    document = json.loads(features(({"kode": "32.14.05"}, polygon(RING))))
    document["crs"] = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::32748"}}
    with pytest.raises(ShapeError, match="WGS 84"):
        read_shapes("batas.geojson", json.dumps(document).encode(), home)
