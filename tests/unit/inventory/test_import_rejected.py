"""`rejected.csv`: cells as they stood, a reason, harmless in Excel, and good to import again."""

import csv
import io

from openpyxl import Workbook

from inventory.importing import rejected_csv

SITES = "Kode;Nama;Jenis;sandi;Lintang;Bujur\npop-a;PoP A;pop;s3cret;;\nb;=1+1;gedung;s3cret;-6,5;107,4\n"


def rows_of(content):
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def test_cells_and_reason(take):
    result = take(sites_csv=SITES, devices_csv="name,site,role\nr,b,router\nok,pop-a,router\n")
    rows = rows_of(rejected_csv(result))
    assert [(row["rejected_from"], row["rejected_file"], row["rejected_row"]) for row in rows] == [
        ("sites", "sites.csv", "3"),
        ("devices", "devices.csv", "2"),
    ]
    assert rows[0]["name"] == "'=1+1"
    assert rows[0]["latitude"] == "-6,5"
    assert "'gedung' is not one of" in rows[0]["reason"]
    assert "needs 'b'" in rows[1]["reason"]
    assert "s3cret" not in rejected_csv(result).decode()


def test_mended_it_imports_again(take):
    first = take(sites_csv=SITES, devices_csv="name,site,role\nr,b,router\nok,pop-a,router\n")
    mended = rejected_csv(first).decode().replace("gedung", "opd").encode()
    second = take(first.inventory, rejected_csv=mended)
    assert second.errors == ()
    assert second.notes == ()
    assert second.counts == {"sites": 1, "devices": 1}
    assert second.inventory.sites[0].name == "=1+1"


def test_mended_in_excel_and_saved_as_a_workbook_it_imports_too(take):
    first = take(sites_csv=SITES, devices_csv="name,site,role\nr,b,router\nok,pop-a,router\n")
    book = Workbook()
    for row in csv.reader(io.StringIO(rejected_csv(first).decode("utf-8-sig").replace("gedung", "opd"), newline="")):
        book.active.append(row)
    for row in book.active.iter_rows():
        for cell in row:
            cell.data_type = "s" if cell.data_type == "f" else cell.data_type
    out = io.BytesIO()
    book.save(out)
    second = take(first.inventory, rejected_xlsx=out.getvalue())
    assert second.errors == ()
    assert second.counts == {"sites": 1, "devices": 1}


def test_nothing_rejected_is_a_heading_alone(take):
    assert rows_of(rejected_csv(take(sites_csv="slug,name,kind\na,A,pop\n"))) == []
