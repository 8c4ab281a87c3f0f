"""Region codes and names as offices write them, against the real regions."""

import pytest

from domain.network import RegionLevel
from inventory.errors import CellError
from inventory.importing.columns import ANY_LEVEL, VILLAGE_LEVEL
from inventory.importing.regioncodes import RegionReader


@pytest.fixture
def reader(purwakarta):
    return RegionReader(purwakarta)


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("32.14.01.2010", "32.14.01.2010"),
        ("3214012010", "32.14.01.2010"),
        (3214012010, "32.14.01.2010"),
        (3214012010.0, "32.14.01.2010"),
        ("3214012010.0", "32.14.01.2010"),
        ("3.214.012.010", "32.14.01.2010"),
        ("32 14 01 2010", "32.14.01.2010"),
        ("32.14.1.2010", "32.14.01.2010"),
        ("'32.14.01.2010", "32.14.01.2010"),
        ("321401", "32.14.01"),
        ("32.14", "32.14"),
        (32.14, "32.14"),
        ("32,14", "32.14"),
        (32, "32"),
        ("32.10", "32.10"),
    ],
)
def test_codes(reader, cell, code):
    found = reader.read(cell, ANY_LEVEL)
    assert (found.code, found.note) == (code, "")


@pytest.mark.parametrize(("cell", "code"), [("12.1", "12.10"), (12.1, "12.10"), ("12,1", "12.10"), (32.1, "32.10")])
def test_the_zero_that_excel_ate(reader, cell, code):
    found = reader.read(cell, ANY_LEVEL)
    assert found.code == code
    assert "drops the last zero" in found.note


def test_every_code_that_loses_its_zero_is_found_again(reader, country):
    eaten = [code for code, region in country.items() if region.level is RegionLevel.REGENCY and code.endswith("0")]
    assert len(eaten) == 23
    assert [reader.read(float(code), ANY_LEVEL).code for code in eaten] == eaten


def test_a_zero_is_not_guessed_where_home_says_otherwise(purwakarta, country):
    sibolga = type(purwakarta)(country, "12.01")
    with pytest.raises(CellError, match=r"two ways: 12\.10 .*; 12\.01 "):
        RegionReader(sibolga).read("12.1", ANY_LEVEL)


def test_an_eaten_zero_that_fits_no_region_is_refused(reader):
    with pytest.raises(CellError, match=r"Did you mean 32\.05 \(Kabupaten Garut\)"):
        reader.read("32.5", ANY_LEVEL)


@pytest.mark.parametrize("cell", ["3214010001", 3214010001, "3214010", "32.14.010.001"])
def test_bps_codes_are_recognised(reader, cell):
    with pytest.raises(CellError, match="looks like a BPS code"):
        reader.read(cell, VILLAGE_LEVEL)


def test_a_bps_code_beside_a_name_suggests_the_right_code(reader):
    with pytest.raises(CellError, match=r"BPS.*Did you mean 32\.14\.04\."):
        reader.read("3214040001", VILLAGE_LEVEL, name="Desa Citeko, Plered")


def test_a_wrong_code_names_the_nearest(reader):
    with pytest.raises(CellError, match=r"no region 32\.14\.05\.2099.*Did you mean 32\.14\.05\.2009"):
        reader.read("32.14.05.2099", VILLAGE_LEVEL)


@pytest.mark.parametrize("cell", ["3,21401E+09", "32.14.01.20100", "321", "", "32.14.01.2010.5", True])
def test_no_codes(reader, cell):
    with pytest.raises(CellError):
        reader.read(cell, ANY_LEVEL)


def test_a_kecamatan_is_no_village(reader):
    with pytest.raises(CellError, match="is not a village"):
        reader.read("32.14.05", VILLAGE_LEVEL)


@pytest.mark.parametrize(
    "text",
    [
        "Cibodas, Bungursari",
        "Desa Cibodas, Kec. Bungursari",
        "CIBODAS (bungursari)",
        "Cibodas Kecamatan Bungursari",
        "Cibodas / Bungursari",
    ],
)
def test_a_village_with_its_kecamatan(reader, text):
    assert reader.read(text, VILLAGE_LEVEL).code == "32.14.13.2009"


def test_spaces_in_names_do_not_matter(reader):
    assert reader.names.district("Babakan Cikao").code == "32.14.12"


def test_two_villages_of_one_name(reader):
    with pytest.raises(CellError) as caught:
        reader.read("Cibodas", VILLAGE_LEVEL)
    message = str(caught.value)
    assert "2 villages named Cibodas" in message
    assert "32.14.05.2010 (Cibodas, kecamatan Sukatani)" in message
    assert "32.14.13.2009 (Cibodas, kecamatan Bungursari)" in message


def test_a_village_is_never_taken_without_its_kecamatan(reader):
    with pytest.raises(CellError, match=r"without its kecamatan.*Citeko, Plered"):
        reader.read("Citeko", VILLAGE_LEVEL)


def test_names_that_are_nearly_right(reader):
    with pytest.raises(CellError, match=r"Did you mean 'Bungursari'"):
        reader.read("Cibodas, Bungusari", VILLAGE_LEVEL)
    with pytest.raises(CellError, match=r"no village 'Cibodass'.*Cibodas"):
        reader.read("Cibodass, Bungursari", VILLAGE_LEVEL)
    with pytest.raises(CellError, match="nor a village of this kabupaten"):
        reader.read("Atlantis", VILLAGE_LEVEL)


def test_a_kecamatan_by_name(reader):
    assert reader.read("Kec. Bungursari", ANY_LEVEL).code == "32.14.13"
    assert reader.read("Kabupaten Purwakarta", ANY_LEVEL).code == "32.14"


def test_without_a_home_names_are_refused(purwakarta, country):
    with pytest.raises(CellError, match="kentongan init"):
        RegionReader(type(purwakarta)(country, None)).read("Cibodas, Bungursari", ANY_LEVEL)


def test_a_column_of_the_kecamatan_helps(take):
    result = take(villages_csv="kecamatan;desa;jumlah penduduk\nBungursari;Cibodas;4.321\nSukatani;Cibodas;1.234\n")
    assert result.errors == ()
    assert [(each.region_code, each.population) for each in result.inventory.villages] == [
        ("32.14.05.2010", 1234),
        ("32.14.13.2009", 4321),
    ]


def test_a_code_that_is_another_village_is_noted(take):
    result = take(villages_csv="kode wilayah;desa\n32.14.13.2009;Citeko\n")
    assert "the code is that of 32.14.13.2009 (Cibodas, kecamatan Bungursari)" in str(result.notes[0])


def test_outside_the_kabupaten_is_a_warning(take):
    result = take(sites_csv="slug,name,kind,region_code\nnoc-isp,NOC,pop,32.73\n")
    assert result.errors == ()
    assert "Kota Bandung, outside this kabupaten" in str(result.notes[0])
