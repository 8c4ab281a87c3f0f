"""The words of the outage desk: causes, verdicts, incidents, notices, and what people do to them."""

from domain.incidents.acts import MACHINE, Act, ActKind, ActStore
from domain.incidents.causes import Cause, CauseKind, Liable, Party, Suspect
from domain.incidents.incidents import (
    BY_SIGHT,
    Condition,
    Handling,
    Impact,
    Incident,
    IncidentStore,
    Member,
    Phase,
    Place,
    Urgency,
    incident_id,
)
from domain.incidents.joining import why_not_merged, why_not_split
from domain.incidents.notices import Notice, NoticeEvent, NoticeReason, notice_id
from domain.incidents.verdicts import (
    UNDETERMINED,
    ClosingCause,
    Confidence,
    Evidence,
    EvidenceKind,
    Verdict,
    VerdictKind,
)

__all__ = [
    "BY_SIGHT",
    "MACHINE",
    "UNDETERMINED",
    "Act",
    "ActKind",
    "ActStore",
    "Cause",
    "CauseKind",
    "ClosingCause",
    "Condition",
    "Confidence",
    "Evidence",
    "EvidenceKind",
    "Handling",
    "Impact",
    "Incident",
    "IncidentStore",
    "Liable",
    "Member",
    "Notice",
    "NoticeEvent",
    "NoticeReason",
    "Party",
    "Phase",
    "Place",
    "Suspect",
    "Urgency",
    "Verdict",
    "VerdictKind",
    "incident_id",
    "notice_id",
    "why_not_merged",
    "why_not_split",
]
