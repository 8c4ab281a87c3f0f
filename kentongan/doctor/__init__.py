"""The doctor behind `kentongan check`: finds what is wrong and says how to mend it. Changes nothing."""

from kentongan.doctor.examination import examine
from kentongan.doctor.findings import Finding, Severity

__all__ = ["Finding", "Severity", "examine"]
