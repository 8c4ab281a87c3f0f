"""Documents as PDF: what stands in them comes from the domain, how they look from templates beside this file."""

from exporters.documents.writer import PdfWriter

__all__ = ["PdfWriter"]
