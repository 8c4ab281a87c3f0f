"""Columns of indicators.csv."""

import re
from datetime import date
from typing import Final

from domain.evaluation.indicators import Level, Measure, Pillar, PlanIndicator, pillar_words
from domain.language import _
from inventory.errors import CellError
from inventory.importing import words
from inventory.importing.cells import Cell
from inventory.importing.choices import choice_reader, read_yes_no
from inventory.importing.columns import Column, Table, required
from inventory.importing.findings import shown
from inventory.importing.numbers import LARGEST, measure_reader
from inventory.importing.texts import name_reader, read_text

_YEAR_FIRST: Final = re.compile(r"(20[0-9]{2})[\s/-]*(?:semester|smt|h|s)?[\s.-]*(1|2|ii|i)", re.IGNORECASE)
_HALF_FIRST: Final = re.compile(
    r"(?:semester|smt|h|s)?[\s.-]*(1|2|ii|i)[\s/-]+(?:tahun\s+)?(20[0-9]{2})", re.IGNORECASE
)
_NUMBERS: Final = {"1": 1, "i": 1, "2": 2, "ii": 2}


def read_half(cell: Cell) -> str:
    """A half-year as `2026-H1`: 2026-H1, 2026-1, semester 1 2026, II/2026."""
    if isinstance(cell, date):  # a datetime too
        raise CellError(
            _("Excel has turned this cell into the date {value}.").format(value=f"{cell:%Y-%m-%d}"),
            _("Write the half-year as 2026-H1."),
        )
    text = str(cell).lstrip("'").strip()
    if match := _YEAR_FIRST.fullmatch(text):
        return f"{match[1]}-H{_NUMBERS[match[2].lower()]}"
    if match := _HALF_FIRST.fullmatch(text):
        return f"{match[2]}-H{_NUMBERS[match[1].lower()]}"
    raise CellError(
        _("'{value}' is no half-year.").format(value=shown(text)), _("Write for example 2026-H1 (January to June).")
    )


_read_figure = measure_reader(-LARGEST, LARGEST, percent=True)

INDICATORS: Final = Table(
    "indicators",
    PlanIndicator,
    "Indicators of the smart-city master plan, one row for each half-year; the evaluation report is made of them.",
    "indikator,indikator kinerja,evaluasi,evaluasi masterplan,indikator masterplan",
    (
        required(
            "half",
            "The half-year: 2026-H1 is January to June.",
            read_half,
            "semester,paruh tahun,periode,periode evaluasi",
            values="2026-H1",
        ),
        required(
            "code", "Short code, its key within the half-year.", name_reader(""), "kode,kode indikator,no indikator"
        ),
        required(
            "pillar",
            "The pillar it belongs to; `spbe`: the annex.",
            choice_reader(Pillar, {pillar: pillar_words(pillar) for pillar in Pillar}),
            "pilar,dimensi",
            values=" · ".join(Pillar),
        ),
        required("name", "What is counted.", read_text, "nama,indikator,nama indikator,uraian"),
        Column(
            "level",
            "How far it looks. Empty: output.",
            choice_reader(Level, words.LEVEL),
            "tingkat,jenis,jenis indikator,kategori",
            values=" · ".join(Level),
        ),
        Column("unit", "In what it is counted.", read_text, "satuan"),
        Column("baseline", "Where the plan began.", _read_figure, "nilai awal,kondisi awal,data awal", values="1,5"),
        Column(
            "target", "What was promised for this half-year.", _read_figure, "sasaran,target semester", values="1,5"
        ),
        Column(
            "value",
            "The figure as the office knows it; leave it empty where Kentongan measures. Empty is not known, never 0.",
            _read_figure,
            "nilai,capaian,realisasi",
            values="1,5",
        ),
        Column(
            "measured",
            "The figure of Kentongan's own that it is.",
            choice_reader(Measure, words.MEASURE),
            "diukur,ukuran,kunci,ukuran kentongan",
            values=" · ".join(Measure),
        ),
        Column("source", "Where the office's figure comes from.", read_text, "sumber,sumber data,dokumen"),
        Column(
            "lower_is_better",
            "Whether less is better, as of faults. Empty: no.",
            read_yes_no,
            "makin rendah makin baik,semakin kecil semakin baik",
            values="yes · no",
        ),
        Column("owner", "The OPD that answers for it.", read_text, "pemilik,opd,penanggung jawab,pengampu"),
        Column("note", "What one should know beside it.", read_text, "catatan,keterangan,kendala"),
    ),
)
