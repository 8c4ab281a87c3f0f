"""Documents as PDF, XLSX and CSV: what stands in them comes from the domain, how a page looks from templates here.

Workbooks and CSV are imported from their modules: what writes them is loaded by whoever needs it.
"""

from exporters.documents.writer import PdfWriter

__all__ = ["PdfWriter"]
