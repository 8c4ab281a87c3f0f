"""Documents that people print, sign and file: what stands in them, and the port that writes them."""

from domain.documents.acceptance import (
    AcceptanceSheet,
    Photo,
    SheetDevice,
    SheetLink,
    SheetPlace,
    SheetSpeed,
    SheetSubnet,
    Signer,
    SignerPart,
)
from domain.documents.changes import CORRECTIONS, Change, changes
from domain.documents.ports import DocumentWriter, ReportWriter
from domain.documents.report import Column, Letterhead, OfficeReport, ReportChart, ReportTable, Signature, Unit, Value

__all__ = [
    "CORRECTIONS",
    "AcceptanceSheet",
    "Change",
    "Column",
    "DocumentWriter",
    "Letterhead",
    "OfficeReport",
    "Photo",
    "ReportChart",
    "ReportTable",
    "ReportWriter",
    "SheetDevice",
    "SheetLink",
    "SheetPlace",
    "SheetSpeed",
    "SheetSubnet",
    "Signature",
    "Signer",
    "SignerPart",
    "Unit",
    "Value",
    "changes",
]
