"""Reports of the office: what stands in them, out of the documents that the command line prints as JSON. Pure."""

from exporters.reports.availability import availability_report
from exporters.reports.bandwidth import bandwidth_report
from exporters.reports.coverage import coverage_report
from exporters.reports.evaluation import evaluation_report
from exporters.reports.frame import Frame
from exporters.reports.incidents import incidents_report

__all__ = [
    "Frame",
    "availability_report",
    "bandwidth_report",
    "coverage_report",
    "evaluation_report",
    "incidents_report",
]
