"""The reports an SNMPv3 agent may send instead of an answer, by the counter they name (RFC 3412, 3414, 3413)."""

from enum import Enum

_USM, _MPD, _TARGET = "1.3.6.1.6.3.15.1.1.", "1.3.6.1.6.3.11.2.1.", "1.3.6.1.6.3.12.1."


class Report(Enum):
    """Named as in the MIBs, without their prefix."""

    UNSUPPORTED_LEVEL = "unsupportedSecLevels"
    NOT_IN_TIME = "notInTimeWindows"
    UNKNOWN_USER = "unknownUserNames"
    UNKNOWN_ENGINE = "unknownEngineIDs"
    WRONG_DIGEST = "wrongDigests"
    DECRYPTION_ERROR = "decryptionErrors"
    UNKNOWN_MODEL = "unknownSecurityModels"
    INVALID_MESSAGE = "invalidMsgs"
    UNKNOWN_HANDLER = "unknownPDUHandlers"
    UNAVAILABLE_CONTEXT = "unavailableContexts"
    UNKNOWN_CONTEXT = "unknownContexts"
    OTHER = "otherReports"


_BY_OID = {
    _USM + "1.0": Report.UNSUPPORTED_LEVEL,
    _USM + "2.0": Report.NOT_IN_TIME,
    _USM + "3.0": Report.UNKNOWN_USER,
    _USM + "4.0": Report.UNKNOWN_ENGINE,
    _USM + "5.0": Report.WRONG_DIGEST,
    _USM + "6.0": Report.DECRYPTION_ERROR,
    _MPD + "1.0": Report.UNKNOWN_MODEL,
    _MPD + "2.0": Report.INVALID_MESSAGE,
    _MPD + "3.0": Report.UNKNOWN_HANDLER,
    _TARGET + "4.0": Report.UNAVAILABLE_CONTEXT,
    _TARGET + "5.0": Report.UNKNOWN_CONTEXT,
}


def report_of(oid: str) -> Report:
    return _BY_OID.get(oid, Report.OTHER)
