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
from domain.documents.ports import DocumentWriter

__all__ = [
    "AcceptanceSheet",
    "DocumentWriter",
    "Photo",
    "SheetDevice",
    "SheetLink",
    "SheetPlace",
    "SheetSpeed",
    "SheetSubnet",
    "Signer",
    "SignerPart",
]
