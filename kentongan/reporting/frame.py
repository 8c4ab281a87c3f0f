"""What stands around every report: letterhead, signature and the day of the document, out of the settings."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from domain.documents import Letterhead, Signature
from domain.language import _
from exporters.reports import Frame
from kentongan.installation import Installation


def frame_of(installation: Installation, day: date | None = None) -> Frame:
    """day: of the document; None: today in the kabupaten's zone."""
    settings = installation.loaded.settings
    own, zone = settings.report, ZoneInfo(settings.language.timezone)
    home = installation.regions.home() or ""
    region = next((each.name for each in installation.regions.within(home) if str(each.code) == home), "")
    day = day or installation.today()
    return Frame(
        region=region,
        # Noon, so that the day is the same whatever zone a reader of the file's properties is in.
        made_at=datetime(day.year, day.month, day.day, 12, tzinfo=zone),
        letterhead=Letterhead(
            own.institution or _("Diskominfo {regency}").format(regency=region).strip(),
            own.government,
            own.address,
            own.contact,
        ),
        signature=Signature(own.city, own.position, own.signer, own.rank, own.number),
        opening=own.opening,
        closing=own.closing,
    )
