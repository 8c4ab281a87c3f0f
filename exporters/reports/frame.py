"""What every report of an office has around its figures."""

from dataclasses import dataclass
from datetime import datetime

from domain.documents import Letterhead, Signature


@dataclass(frozen=True, slots=True)
class Frame:
    """region: the kabupaten as it is called. made_at: the day of the document, in the zone of the kabupaten."""

    region: str
    made_at: datetime
    letterhead: Letterhead
    signature: Signature
    opening: str = ""
    closing: str = ""
