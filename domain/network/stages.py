"""What is known of a site's way from plan to use: one entry for each stage it reached, with its document."""

from dataclasses import dataclass
from datetime import date

from domain.network.sites import Stage


@dataclass(frozen=True, slots=True)
class StageEntry:
    """A site reached a stage. Key: (slug, on, stage, document_no).

    on: the day since when it holds, as the document says. recorded_on: the day Kentongan was told; None: at once, as
    far as anybody knows. A document dated May that arrives in July has May in `on` and July in `recorded_on`.
    """

    slug: str
    stage: Stage
    on: date
    document_no: str = ""
    recorded_on: date | None = None
