"""indicators.csv: half-years as offices write them, pillars in their words, figures that are missing stay missing."""

from datetime import date

import pytest

from domain.evaluation import Level, Measure, Pillar, PlanIndicator
from inventory.errors import CellError
from inventory.importing.tables.plans import read_half


def test_rows_in_the_words_of_an_office(take):
    rows = (
        "Semester;Kode;Pilar;Nama Indikator;Tingkat;Satuan;Nilai Awal;Target;Realisasi;Diukur;Sumber\n"
        "Semester 1 2026;SG-1;Tata Kelola;Desa terlayani;hasil;desa;42;112;;desa terlayani;\n"
        "1/2026;SP-1;SPBE;Indeks SPBE;;;1,9;2,6;2,1;;Kepmen PANRB 13/2026\n"
    )
    result = take(indicators_csv=rows)
    assert result.errors == ()
    assert result.inventory.indicators == (
        PlanIndicator(
            *("2026-H1", "SG-1", Pillar.GOVERNANCE, "Desa terlayani", Level.OUTCOME, "desa", 42, 112),
            measured=Measure.DESA_SERVED,
        ),
        PlanIndicator(
            *("2026-H1", "SP-1", Pillar.SPBE, "Indeks SPBE", Level.OUTPUT, "", 1.9, 2.6, 2.1),
            source="Kepmen PANRB 13/2026",
        ),
    )


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("2026,A,governance,X,", "is no half-year"),
        ("2026-3,A,governance,X,", "is no half-year"),
        ("2026-1,,governance,X,", "column code"),
        ("2026-1,A,governence,X,", "Did you mean 'governance'?"),
        ("2026-1,A,living,X,banyak", "'banyak' is not a number"),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_row(take, row, said):
    result = take(indicators_csv=f"half,code,pillar,name,target\n{row}\n")
    (error,) = result.errors
    assert said in str(error)
    assert "indicators.csv row 2" in str(error)


@pytest.mark.parametrize(
    "text", ["2026-H2", "2026-2", "2026 II", "semester 2 2026", "Semester II / 2026", "S2 2026", "2/2026", "2026h2"]
)
def test_half_years(text):
    assert read_half(text) == "2026-H2"


def test_what_excel_made_a_date_of_is_refused_with_the_cure():
    with pytest.raises(CellError, match="Write the half-year as 2026-H1"):
        read_half(date(2026, 1, 1))
