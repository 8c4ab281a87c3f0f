"""Services and what is found of them: checks, outcomes, certificates, verdict words; heartbeats and what they prove."""

from domain.services.board import MISSES, ServiceBoard, ServiceChange, ServiceState
from domain.services.certificates import CertificateFacts, CertificateRole, certificate_findings, covers
from domain.services.checks import (
    DnsCheck,
    HttpCheck,
    PlannedCheck,
    RtspCheck,
    ServiceCheck,
    ServicePlan,
    TcpCheck,
    camera_check,
    check_of,
    plan_of,
    stream_path,
)
from domain.services.errors import HeartbeatRefusedError, ScriptRefusedError, UncheckableServiceError
from domain.services.evidence import ServiceEvidence, evidence_from, evidence_of
from domain.services.heartbeat import Heartbeat, PathTest, read_heartbeat
from domain.services.heartbeat_board import HeartbeatBoard, Pulse, PulseChange
from domain.services.hosts import is_foreign, registrable_domain
from domain.services.outcome import CheckKind, Hop, Phases, ServiceOutcome
from domain.services.pages import Page, read_page
from domain.services.phrases import Phrase, PhraseBook
from domain.services.sentences import keyed, sentence, sentences
from domain.services.tokens import SiteTokens, TokenStore, hash_of, is_token, make_token
from domain.services.words import Finding, ServiceWord, gravest, state_of

__all__ = [
    "MISSES",
    "CertificateFacts",
    "CertificateRole",
    "CheckKind",
    "DnsCheck",
    "Finding",
    "Heartbeat",
    "HeartbeatBoard",
    "HeartbeatRefusedError",
    "Hop",
    "HttpCheck",
    "Page",
    "PathTest",
    "Phases",
    "Phrase",
    "PhraseBook",
    "PlannedCheck",
    "Pulse",
    "PulseChange",
    "RtspCheck",
    "ScriptRefusedError",
    "ServiceBoard",
    "ServiceChange",
    "ServiceCheck",
    "ServiceEvidence",
    "ServiceOutcome",
    "ServicePlan",
    "ServiceState",
    "ServiceWord",
    "SiteTokens",
    "TcpCheck",
    "TokenStore",
    "UncheckableServiceError",
    "camera_check",
    "certificate_findings",
    "check_of",
    "covers",
    "evidence_from",
    "evidence_of",
    "gravest",
    "hash_of",
    "is_foreign",
    "is_token",
    "keyed",
    "make_token",
    "plan_of",
    "read_heartbeat",
    "read_page",
    "registrable_domain",
    "sentence",
    "sentences",
    "state_of",
    "stream_path",
]
