"""Files as they come: encodings, separators, title rows, headings, workbooks."""

import io
import zipfile
from datetime import date, datetime

import pytest
from openpyxl import Workbook

from domain.network import Site, SiteKind

SITES = "slug,name,kind\npop-a,PoP A,pop\n"


def test_comma_semicolon_and_tab(take):
    for separator in ",;\t":
        result = take(sites_csv=SITES.replace(",", separator))
        assert [site.slug for site in result.inventory.sites] == ["pop-a"], result.errors


def test_a_separator_line_of_excel(take):
    assert take(sites_csv="sep=;\r\nslug;name;kind\r\na;A, B; pop\r\n").inventory.sites[0].name == "A, B"


def test_decimal_commas_between_semicolons(take):
    site = take(sites_csv="slug;nama;jenis;lintang;bujur\na;A;pop;-6,5531;107,4433\n").inventory.sites[0]
    assert (site.latitude, site.longitude) == (-6.5531, 107.4433)


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_encodings(take, codec):
    result = take(sites_csv=f"{SITES}cafe,Café Désa,public\n".encode(codec))
    assert [site.name for site in result.inventory.sites] == ["Café Désa", "PoP A"]


@pytest.mark.parametrize(
    ("content", "line"),
    [
        (SITES.encode() + b"b,\x81\x8d,pop\n", 3),
        ("slug,name,kind\nb,Café,pop\n".encode() + b"c,Caf\xe9,pop\n", 3),
        (b"slug,name\x00,kind\n", 1),
    ],
)
def test_bytes_that_are_no_text_name_their_line(take, content, line):
    result = take(sites_csv=content)
    (error,) = result.errors
    assert (error.file, error.row) == ("sites.csv", line)
    assert f"line {line} holds bytes that are neither UTF-8 nor Windows-1252" in str(error)


@pytest.mark.parametrize(
    ("content", "word"),
    [
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "old Excel"),
        (b"%PDF-1.7 x", "PDF"),
        (b"<html><table>", "HTML"),
        (b"PK\x03\x04garbage", "damaged"),
        (b"", "empty"),
        (b"\n\n \n", "empty"),
        (b"hello\nworld\n", "no heading"),
    ],
)
def test_what_is_no_table_is_said(take, content, word):
    (error,) = take(sites_csv=content).errors
    assert word in str(error)
    assert str(error).startswith("sites.csv")


def test_an_archive_that_is_no_workbook(take):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("a.txt", "x")
    assert "not an Excel workbook" in str(take(sites_xlsx=packed.getvalue()).errors[0])


def test_a_bomb_is_not_unpacked(take, monkeypatch):
    monkeypatch.setattr("inventory.importing.workbook.LARGEST_UNPACKED_BYTES", 10_000)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "x" * 20_000)
    assert "unpacks to more than" in str(take(sites_xlsx=packed.getvalue()).errors[0])


def test_a_quote_that_is_not_closed(take):
    (error,) = take(sites_csv=SITES + 'b,"Jl. Raya,pop\nc,C,pop\n').errors
    assert error.row == 3
    assert "not closed" in str(error)


def test_a_quoted_line_break_is_one_row(take):
    result = take(sites_csv='slug,name,kind,address\na,A,pop,"Jl. Raya\r\nno. 5"\nb,B,nothing,\n')
    assert result.errors[0].row == 3


def test_title_rows_and_a_row_of_numbers(take):
    title = "DAFTAR LOKASI DISKOMINFO;;\nTahun 2025;;\n;;\n"
    result = take(sites_csv=title + "Kode Lokasi;Nama;Jenis\n(1);(2);(3)\npop-a;PoP A;pop\n;;\n")
    assert result.errors == ()
    assert [site.slug for site in result.inventory.sites] == ["pop-a"]
    assert result.files[0].rows == 1


def test_headings_in_indonesian_in_any_order(take):
    (device,) = take(
        sites_csv=SITES,
        devices_csv="Alamat IP;Peran;LOKASI;Nama Perangkat;Nomor Seri\n10.1.1.1;ruter;pop-a;rtr-a;HEX1\n",
    ).inventory.devices
    assert (device.name, device.site, device.address, device.serial) == ("rtr-a", "pop-a", "10.1.1.1", "HEX1")


def test_extra_columns_are_a_note_and_near_misses_are_named(take):
    result = take(sites_csv="slug,name,kind,colour,lattitude\na,A,pop,red,\n")
    assert result.errors == ()
    assert "'colour' was left out" in str(result.notes[0])
    assert "Did you mean 'latitude'?" in str(result.notes[1])


def test_secrets_in_a_file_are_not_taken_and_said(take):
    result = take(sites_csv=SITES, devices_csv="name,site,role,community\nr,pop-a,rooter,topsecret\n")
    assert "secrets are never in a file" in str(result.notes[0])
    assert "topsecret" not in str(result)


def test_a_missing_column_is_named_with_its_other_names(take):
    (error,) = take(sites_csv="slug,name\na,A\n").errors
    assert "the column kind is missing" in str(error)
    assert "jenis" in str(error)
    (error,) = take(sites_csv="slug,name,kinds\na,A,pop\n").errors
    assert "Did you mean it by 'kinds'?" in str(error)


def test_a_column_that_stands_there_twice(take):
    assert "'name' stands there twice" in str(take(sites_csv="slug,name,kind,name\na,A,pop,B\n").errors[0])
    assert "'name' and 'Nama' both mean name" in str(take(sites_csv="slug,name,kind,Nama\na,A,pop,B\n").errors[0])


def test_which_table_it_is_by_its_heading(take):
    result = take(
        Desa2025_csv="kode wilayah;jumlah penduduk;jumlah kk\n32.14.13.2009;10;3\n",
        Data_csv=SITES,
        x_csv="nama;lokasi;peran;alamat ip\nr;pop-a;router;10.1.1.1\n",
        y_csv="kode wilayah;tanggal;indikator;nilai\n32.14;31/12/2026;desa;183\n",
    )
    assert result.errors == ()
    assert result.counts == {"villages": 1, "sites": 1, "devices": 1, "targets": 1}
    assert "Desa2025.csv: was read as villages, by its heading." in map(str, result.notes)


def test_a_heading_that_fits_several_tables(take):
    assert "Name the file" in str(take(x_csv="nama;pemilik\na;b\n").errors[0])


def test_one_known_heading_among_many_is_not_enough(take):
    assert "no heading was found" in str(take(x_csv="nama,warna,bau\na,b,c\n").errors[0])


def test_the_name_of_the_file_in_any_case(take):
    assert take(SITES_CSV=SITES).counts == {"sites": 1}


def workbook(**sheets):
    book = Workbook()
    book.remove(book.active)
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_a_workbook_of_one_sheet_is_called_like_its_file(take):
    rows = [["slug", "name", "kind", "latitude", "longitude", "stage_date"]]
    rows.append(["a", "A", "pop", -6.5, 107.4, datetime(2025, 12, 31)])
    (site,) = take(sites_xlsx=workbook(Sheet1=rows)).inventory.sites
    assert site == Site("a", "A", SiteKind.POP, latitude=-6.5, longitude=107.4, stage_date=date(2025, 12, 31))


def test_a_workbook_of_several_sheets(take):
    content = workbook(
        Petunjuk=[["Isi lembar sites dan devices"]],
        Sites=[["DAFTAR"], ["slug", "name", "kind"], ["a", "A", "pop"]],
        Perangkat=[["nama", "lokasi", "peran", "nomor seri"], ["r", "a", "router", 12345]],
    )
    result = take(data_xlsx=content)
    assert result.errors == ()
    assert result.counts == {"sites": 1, "devices": 1}
    assert result.inventory.devices[0].serial == "12345"
    assert any(str(note).startswith("data.xlsx (Petunjuk): the sheet was left out") for note in result.notes)


def test_numbers_that_a_workbook_has_spoilt(take):
    content = workbook(devices=[["name", "site", "role", "serial"], ["r", "a", "router", 196501011990031001]])
    result = take(data_xlsx=content)
    assert any("shortened" in str(error) for error in result.errors)


def test_percentages_and_booleans_of_a_workbook(take):
    book = Workbook()
    book.active.title = "contracts"
    book.active.append(["id", "provider", "sla_percent", "planned_work_excluded"])
    book.active.append(["K-1", "ISP", 0.995, True])
    book.active["C2"].number_format = "0.0%"
    out = io.BytesIO()
    book.save(out)
    (contract,) = take(c_xlsx=out.getvalue()).inventory.contracts
    assert (contract.sla_percent, contract.planned_work_excluded) == (99.5, True)


def test_a_formula_that_was_never_calculated_is_refused(take):
    content = workbook(sites=[["slug", "name", "kind"], ["a", "=UPPER(A2)", "pop"]])
    (error,) = take(sites_xlsx=content).errors
    assert (error.row, error.column) == (2, "name")
    assert "Excel's error" in str(error)


def test_a_second_file_of_the_same_table(take):
    result = take(sites_csv=SITES, lokasi_csv=SITES.replace("pop-a", "pop-b"))
    assert result.counts == {"sites": 2}
