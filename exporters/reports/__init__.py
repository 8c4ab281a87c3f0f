"""Reports of the office: what stands in them, out of the documents that the command line prints as JSON. Pure."""

from exporters.reports.availability import availability_report
from exporters.reports.coverage import coverage_report
from exporters.reports.frame import Frame

__all__ = ["Frame", "availability_report", "coverage_report"]
