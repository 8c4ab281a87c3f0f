"""A filled-in acceptance sheet, for tests of documents."""

from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from domain.changes import Checked, Outcome
from domain.documents import (
    AcceptanceSheet,
    SheetDevice,
    SheetLink,
    SheetPlace,
    SheetSpeed,
    SheetSubnet,
    Signer,
    SignerPart,
)
from domain.network import Medium, Role, SiteKind

MADE_AT = datetime(2026, 11, 3, 14, 2, tzinfo=ZoneInfo("Asia/Jakarta"))


def example_sheet() -> AcceptanceSheet:
    place = SheetPlace(
        site="cibodas-sukatani",
        name="Kantor Desa Cibodas",
        kind=SiteKind.DESA,
        village="Cibodas",
        district="Sukatani",
        regency="Kabupaten Purwakarta",
        region_code="32.14.03.2005",
        organisation="Pemerintah Desa Cibodas",
        address="Jl. Raya Cibodas No. 12, RT 03/RW 01",
        latitude=-6.612345,
        longitude=107.412345,
    )
    return AcceptanceSheet(
        place=place,
        made_at=MADE_AT,
        is_final=True,
        document_no="027/118/Diskominfo/2026",
        job="20261103-7f3a",
        actor="asep",
        approvers=("asep", "bu rina"),
        devices=(
            SheetDevice(
                "rtr-cibodas-sukatani",
                Role.ROUTER,
                "RB4011iGS+",
                "HCK08ABCDEF",
                "48:a9:8a:01:02:03",
                "10.14.255.17",
                "7.15.3",
            ),
            SheetDevice("onu-cibodas-sukatani", Role.ONU, "F660", "ZTEGC0FFEE01"),
            SheetDevice("ap-cibodas-sukatani-1", Role.AP, "", "", "", "10.14.3.10"),
        ),
        subnets=(
            SheetSubnet("lan", "10.14.3.0/25", 120, "10.14.3.1", ("10.14.3.20", "10.14.3.120")),
            SheetSubnet("management", "10.14.255.16/29", 900, "10.14.255.17"),
        ),
        links=(
            SheetLink(
                "FO Sukatani–Cibodas",
                "rtr-cibodas-sukatani",
                "olt-sukatani",
                length_km=4.2,
                level_dbm=-21.34,
                lowest_dbm=-24.2,
                highest_dbm=-14.7,
            ),
            SheetLink(
                "LTE cadangan", "rtr-cibodas-sukatani", medium=Medium.LTE, provider="Penyedia A", circuit_id="1-88213"
            ),
        ),
        speeds=(SheetSpeed("FO Sukatani–Cibodas", 100, 50, 97.25, 49.1), SheetSpeed("LTE cadangan", 20, 5)),
        checks=(
            Checked(
                "reachable",
                Outcome.PASSED,
                "rtr-cibodas-sukatani",
                evidence={"address": "10.14.255.17", "sent": 10, "received": 10, "rttSeconds": 0.00214},
            ),
            Checked(
                "onu-level",
                Outcome.PASSED,
                "onu-cibodas-sukatani",
                evidence={"dbm": -21.34, "lowest": -24.2, "highest": -14.7},
            ),
            Checked(
                "dns",
                Outcome.FAILED,
                "rtr-cibodas-sukatani",
                "the router says: no answer",
                {"name": "purwakarta.example"},
            ),
            Checked("services", Outcome.UNCHECKED, why="the site has nothing that it could be asked of"),
        ),
        checked_at=MADE_AT,
        signers=(
            Signer(SignerPart.BUILT, "Diskominfo Kabupaten Purwakarta"),
            Signer(SignerPart.CHECKED, "Diskominfo Kabupaten Purwakarta", "Rina Marlina"),
            Signer(SignerPart.ACCEPTED, "Pemerintah Desa Cibodas"),
        ),
    )


def named(sheet: AcceptanceSheet, name: str) -> AcceptanceSheet:
    return replace(sheet, place=replace(sheet.place, name=name))
