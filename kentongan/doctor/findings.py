"""What the doctor says of one thing."""

from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    OK = "ok"
    NOTE = "note"  # worth knowing, nothing to do now
    WARNING = "warning"  # works, but not as well as it could
    WRONG = "wrong"  # does not work: exit status 1


@dataclass(frozen=True, slots=True)
class Finding:
    """`about`: what was looked at. `remedy`: what to do, empty where nothing is to be done."""

    severity: Severity
    about: str
    message: str
    remedy: str = ""

    def as_dict(self) -> dict[str, str]:
        return {
            "severity": self.severity.value,
            "about": self.about,
            "message": self.message,
            "remedy": self.remedy,
        }
