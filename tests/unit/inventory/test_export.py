"""What is written, byte for byte, and that it comes back."""

import io
from datetime import date
from decimal import Decimal

from openpyxl import load_workbook

from domain.evaluation import Level, Measure, Pillar, PlanIndicator
from domain.network import (
    KINDS,
    Contract,
    Device,
    Inventory,
    Link,
    PowerSource,
    Role,
    Service,
    ServiceClass,
    Site,
    SiteKind,
)
from inventory.exporting import export_tables, export_workbook
from inventory.importing import read_import

INVENTORY = Inventory(
    sites=(
        Site("a", "=1+1", SiteKind.POP, address="Jl. Raya;\r\n\"no\" 5", latitude=-6.5, longitude=107.443,
             power=(PowerSource.PLN, PowerSource.UPS), stage_date=date(2025, 12, 31), counts_for_coverage=False),
    ),
    devices=(Device("r", "a", Role.ROUTER, serial="0012"), Device("s", "a", Role.SWITCH, uplink=("r",))),
    links=(Link("l", "r", capacity_mbps=1.5, length_km=1.234, quota_gb=1e-05),),
    contracts=(Contract("K-1", "ISP", price_month=Decimal("1500000.125"), noc_phone="+628123456789"),),
    indicators=(
        PlanIndicator("2026-H1", "E-1", Pillar.SPBE, "Indeks", value=2.135, source="KemenPANRB", lower_is_better=True),
        PlanIndicator("2026-H1", "G-1", Pillar.LIVING, "D", Level.IMPACT, "", 42.0, 9.5, measured=Measure.DESA_SERVED),
    ),
    services=(Service("s", "S", ServiceClass.KHUSUS, public=True),),
)  # fmt: skip


def test_the_bytes_of_a_table():
    content = export_tables(INVENTORY)["sites.csv"]
    heading, row = content.decode().split("\r\n", 1)
    assert heading.startswith("\ufeffslug,name,kind,region_code")
    assert row == ('a,\'=1+1,pop,,,"Jl. Raya;\r\n""no"" 5",,-6.5,107.4430,pln|ups,,,,,,no,,active,2025-12-31,,,,\r\n')


def test_all_twelve_files_are_written_also_when_empty():
    assert sorted(export_tables(Inventory())) == sorted(f"{name}.csv" for name in KINDS)


def test_it_comes_back(purwakarta):
    tables = export_tables(INVENTORY)
    result = read_import(list(tables.items()), Inventory(), purwakarta)
    assert result.errors == ()
    assert result.inventory == INVENTORY
    assert export_tables(result.inventory) == tables


def test_a_number_that_could_be_read_in_two_ways_is_written_with_a_zero_more():
    assert ",1.2340," in export_tables(INVENTORY)["links.csv"].decode()


def test_the_order_of_records_does_not_matter():
    turned = Inventory(devices=tuple(reversed(INVENTORY.devices)))
    assert export_tables(turned)["devices.csv"] == export_tables(INVENTORY)["devices.csv"]


def test_a_workbook_comes_back(purwakarta):
    content = export_workbook(INVENTORY)
    result = read_import([("all.xlsx", content)], Inventory(), purwakarta)
    assert result.errors == ()
    (site,) = result.inventory.sites
    assert site.address.replace("\r", "") == INVENTORY.sites[0].address.replace("\r", "")
    assert result.inventory.devices == INVENTORY.devices
    assert result.inventory.links == INVENTORY.links
    assert result.inventory.contracts == INVENTORY.contracts


def test_a_workbook_holds_texts_not_formulas():
    sheet = load_workbook(io.BytesIO(export_workbook(INVENTORY)))["sites"]
    assert sheet["B2"].data_type == "s"
    assert sheet["B2"].value == "'=1+1"


def test_a_workbook_keeps_text_columns_as_text_for_what_is_typed_later():
    book = load_workbook(io.BytesIO(export_workbook(Inventory())))
    columns = {cell.value: cell.column_letter for cell in book["devices"][1]}
    assert book["devices"].column_dimensions[columns["serial"]].number_format == "@"
    assert book["devices"].column_dimensions[columns["purchase_year"]].number_format == "General"
