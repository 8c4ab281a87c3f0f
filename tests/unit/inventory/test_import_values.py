"""Cells as an Indonesian Excel writes them."""

from datetime import date, datetime, time
from decimal import Decimal

import pytest

from domain.network import Check, Medium, PowerSource, Role, SiteKind
from inventory.errors import CellError
from inventory.importing import words
from inventory.importing.addresses import read_address, read_mac, read_phone, read_prefix
from inventory.importing.cells import is_blank, quote, unquote
from inventory.importing.choices import choice_reader, choices_reader, read_yes_no
from inventory.importing.coordinates import place_error, read_degrees
from inventory.importing.dates import read_date
from inventory.importing.numbers import Lone, measure_reader, read_rupiah, whole_reader
from inventory.importing.texts import name_reader, names_reader, read_slug, read_text

whole = whole_reader()
rate = measure_reader()
kilometres = measure_reader(lone=Lone.DECIMAL)
percent = measure_reader(0, 100, Lone.DECIMAL, percent=True)


@pytest.mark.parametrize(
    ("cell", "number"),
    [
        ("1234", 1234),
        ("1.234", 1234),
        ("1,234", 1234),
        ("1.234.567", 1234567),
        (" 1 234 ", 1234),
        ("1234,0", 1234),
        ("1234.00", 1234),
        (1234.0, 1234),
        ("'0012", 12),
        ("0", 0),
    ],
)
def test_whole_numbers(cell, number):
    assert whole(cell) == number


@pytest.mark.parametrize(
    "cell",
    [
        "12,5",
        "183 jiwa",
        "-4",
        "1.23.456",
        "1,2E+10",
        "",
        "3000000000",
        "９",
        "9" * 60,
        float("nan"),
        float("inf"),
        True,
    ],
)
def test_whole_numbers_refused(cell):
    with pytest.raises(CellError):
        whole(cell)


@pytest.mark.parametrize(
    ("cell", "number"),
    [
        ("1.234,5", 1234.5),
        ("1,234.5", 1234.5),
        ("1.234.567,25", 1234567.25),
        ("12,5", 12.5),
        ("12.5", 12.5),
        ("0,125", 0.125),
        ("1000", 1000.0),
        ("1.2340", 1.234),
        (".5", 0.5),
        (2.5, 2.5),
    ],
)
def test_measures(cell, number):
    assert rate(cell) == number


def test_a_number_that_can_be_read_in_two_ways_is_refused_with_both():
    with pytest.raises(CellError, match=r"Write 1500 or 1\.5000"):
        rate("1.500")
    assert kilometres("1.500") == 1.5


def test_percent_sign():
    assert percent("99,5%") == percent("99.5 %") == percent(99.5) == 99.5
    with pytest.raises(CellError, match="between 0 and 100"):
        percent("101")


@pytest.mark.parametrize(
    ("cell", "amount"),
    [
        ("1500000", "1500000"),
        ("1.500.000", "1500000"),
        ("500.000", "500000"),
        ("Rp 1.500.000,-", "1500000"),
        ("Rp1.500.000,00", "1500000.00"),
        ("IDR 1,500,000.50", "1500000.50"),
        (1500000, "1500000"),
        (1500000.5, "1500000.5"),
    ],
)
def test_rupiah(cell, amount):
    assert read_rupiah(cell) == Decimal(amount)


@pytest.mark.parametrize(
    "cell",
    [
        "31/12/2025",
        "31-12-2025",
        "31.12.2025",
        "2025-12-31",
        "2025/12/31",
        "31/12/25",
        "31 Desember 2025",
        "31 Des 2025",
        "31-Dec-25",
        "2025-12-31 00:00:00",
        "2025-12-31T08:30",
        "31/12/2025 08.30",
        "46022",
        46022,
        46022.5,
        datetime(2025, 12, 31, 8, 30),
        date(2025, 12, 31),
        "'31/12/2025",
    ],
)
def test_dates(cell):
    assert read_date(cell) == date(2025, 12, 31)


def test_the_day_stands_first():
    assert read_date("05/06/2025") == date(2025, 6, 5)
    with pytest.raises(CellError, match=r"no month 31.*Write 31/12/2025"):
        read_date("12/31/2025")


@pytest.mark.parametrize(
    "cell", ["31/02/2025", "2025", "soon", "32/13/2025", "1/1/0001", 12, True, time(8, 0), "x" * 9999]
)
def test_dates_refused(cell):
    with pytest.raises(CellError):
        read_date(cell)


@pytest.mark.parametrize("cell", ["ya", "YA", "yes", "1", 1, 1.0, True, "Ada", "✓", "'ya"])
def test_yes(cell):
    assert read_yes_no(cell) is True


@pytest.mark.parametrize("cell", ["tidak", "no", "0", 0, False, "Tidak Ada", "belum"])
def test_no(cell):
    assert read_yes_no(cell) is False


def test_neither_yes_nor_no():
    with pytest.raises(CellError, match="neither yes nor no"):
        read_yes_no("mungkin")


def test_words_in_two_languages():
    role, kind = choice_reader(Role, words.ROLE), choice_reader(SiteKind, words.SITE_KIND)
    assert role("Access Point") is role("AP") is role("titik_akses") is Role.AP
    assert kind("Kantor Desa") is kind("desa") is SiteKind.DESA
    assert choice_reader(Check, words.CHECK)("icmp+snmp") is Check.ICMP_SNMP
    assert choice_reader(Medium, words.MEDIUM)("Starlink") is Medium.LEO
    with pytest.raises(CellError, match="Did you mean 'router'"):
        role("roter")


@pytest.mark.parametrize("cell", ["pln|genset", "PLN, generator", "PLN dan genset", "pln/genset", "PLN + Genset"])
def test_several_words(cell):
    assert choices_reader(PowerSource, words.POWER)(cell) == (PowerSource.PLN, PowerSource.GENERATOR)


@pytest.mark.parametrize(
    ("cell", "phone"),
    [
        ("8123456789", "+628123456789"),
        (8123456789, "+628123456789"),
        (8123456789.0, "+628123456789"),
        ("0812-3456-789", "+628123456789"),
        ("628123456789", "+628123456789"),
        ("+62 812 3456 789", "+628123456789"),
        ("'+628123456789", "+628123456789"),
        ("(0264) 200123", "+62264200123"),
        ("264200123", "+62264200123"),
        ("147", "147"),
        ("1500123", "1500123"),
        ("+6581234567", "+6581234567"),
    ],
)
def test_phones(cell, phone):
    assert read_phone(cell) == phone
    assert read_phone(phone) == phone


@pytest.mark.parametrize("cell", ["8,12346E+09", "0812345678/0813456789", "pak lurah", "08123456789012345678"])
def test_phones_refused(cell):
    with pytest.raises(CellError):
        read_phone(cell)


def test_addresses():
    assert read_address(" 10.14.1.1 ") == "10.14.1.1"
    assert read_address("FD00:0:0::1") == "fd00::1"


@pytest.mark.parametrize(
    ("cell", "remedy"),
    [
        ("10.14.1.1/24", "Write 10.14.1.1, without"),
        ("010.014.1.1", r"Write 10\.14\.1\.1\."),
        (192168100100, "Excel has eaten the points"),
        ("10.14.1", "Write it as"),
        ("224.0.0.1", "cannot be the address"),
        ("0.0.0.0", "cannot be the address"),
    ],
)
def test_addresses_refused(cell, remedy):
    with pytest.raises(CellError, match=remedy):
        read_address(cell)


def test_prefixes():
    assert read_prefix("10.14.1.0/24") == "10.14.1.0/24"
    assert read_prefix("10.14.1.0/255.255.255.0") == "10.14.1.0/24"
    assert read_prefix("FD00::/64") == "fd00::/64"
    with pytest.raises(CellError, match=r"Write 10\.14\.1\.0/24"):
        read_prefix("10.14.1.7/24")
    with pytest.raises(CellError, match="no prefix length"):
        read_prefix("10.14.1.0")
    with pytest.raises(CellError, match="is not a prefix"):
        read_prefix("10.14.1.0/33")


@pytest.mark.parametrize("cell", ["aa:bb:cc:dd:ee:0f", "AA-BB-CC-DD-EE-0F", "aabb.ccdd.ee0f", "AABBCCDDEE0F"])
def test_mac(cell):
    assert read_mac(cell) == "AA:BB:CC:DD:EE:0F"


@pytest.mark.parametrize(
    ("cell", "remedy"), [(1122334455, "Excel may have eaten"), ("1,12E+10", "as Text"), ("aa:bb", "AA:BB")]
)
def test_mac_refused(cell, remedy):
    with pytest.raises(CellError, match=remedy):
        read_mac(cell)


@pytest.mark.parametrize("cell", ["1,2E+10", "1.23457E+17", 1.2e17, 196501011990031001, "#N/A", "a\x00b", "x" * 40_000])
def test_texts_that_excel_has_spoilt(cell):
    with pytest.raises(CellError):
        read_text(cell)


def test_a_date_where_a_text_belongs_is_refused_with_the_cure():
    with pytest.raises(CellError, match="Format the column as Text"):
        read_text(datetime(2025, 2, 1))


def test_typed_cells_as_text():
    assert read_text(12345) == "12345"
    assert read_text(12345.0) == "12345"
    assert read_text(time(8, 0)) == "08:00"
    assert read_text("'1,2E+10") == "1,2E+10"


@pytest.mark.parametrize(
    ("text", "in_file"),
    [
        ("=1+1", "'=1+1"),
        ("+62", "'+62"),
        ("-", "'-"),
        ("–", "'–"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\tx", "'\tx"),
        ("\rx", "'\rx"),
        (" x ", "' x "),
        ("'=x", "''=x"),
        ("#N/A", "'#N/A"),
        ("12E+10", "'12E+10"),
        ("'Aisyiyah", "'Aisyiyah"),
        ('Jl. "Raya"; no. 5\r\nkiri', 'Jl. "Raya"; no. 5\r\nkiri'),
        ("'", "'"),
        ("", ""),
    ],
)
def test_texts_are_marked_where_excel_would_run_or_change_them(text, in_file):
    assert quote(text) == in_file
    assert unquote(in_file) == text


def test_a_number_marked_as_text_loses_its_mark():
    assert unquote("'0812") == "0812"


@pytest.mark.parametrize("cell", [None, "", "  ", "-", " – "])
def test_blank_cells(cell):
    assert is_blank(cell)


def test_names():
    names = names_reader("|,;")
    assert names("a| b |a|") == ("a", "b")
    assert names("a, b;c") == ("a", "b", "c")
    assert name_reader("|")(" kabel A, B ") == "kabel A, B"
    for wrong in ("a|b", "a\nb", "x" * 201):
        with pytest.raises(CellError):
            name_reader("|")(wrong)


def test_slugs():
    assert read_slug("desa-cibodas-bungursari") == "desa-cibodas-bungursari"
    for wrong in ("Desa Cibodas", "desa_cibodas", "-desa", "desa--x", "x" * 64):
        with pytest.raises(CellError, match="Write for example"):
            read_slug(wrong)
    with pytest.raises(CellError, match="'desa-cikao-bandung'"):
        read_slug("Desa Cikao Bandung")


@pytest.mark.parametrize(
    ("cell", "degrees"),
    [("-6,5531", -6.5531), ("-6.5531", -6.5531), ("107,443", 107.443), (107.4, 107.4), ("6°33'11\" LS", -6.5530556)],
)
def test_degrees(cell, degrees):
    assert read_degrees(cell) == degrees


@pytest.mark.parametrize("cell", ["-6.553.123", "107443", "6°75' LS", "utara"])
def test_degrees_refused(cell):
    with pytest.raises(CellError):
        read_degrees(cell)


def test_places_outside_the_country():
    assert place_error(-6.5, 107.4) is None
    assert "swapped" in place_error(107.4, -6.5)[1]
    assert "-6.55" in place_error(6.55, 107.4)[2]
    assert place_error(-6.5, 17.4)[0] == "longitude"
    assert place_error(-60.5, 107.4)[0] == "latitude"
