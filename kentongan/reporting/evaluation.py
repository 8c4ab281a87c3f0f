"""The half-yearly evaluation of the smart-city master plan."""

from datetime import date

from domain.availability import Period
from domain.language import _
from kentongan.installation import Installation
from kentongan.reporting.records import Composed, ReportError


def compose_evaluation(installation: Installation, period: Period, day: date | None) -> Composed:
    raise ReportError(
        _("There are no indicators of {period}: kentongan import indicators.csv").format(period=period.label)
    )
