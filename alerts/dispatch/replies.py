"""What people write back, in their own words, to an act. Pure; who they are and which incident is meant comes with it.

`OTW`, `di lokasi`, `selesai`, `terima`; a number of an incident anywhere in the text names it. Anything else without a
number is talk in a group, and none of our business.
"""

import re
from dataclasses import dataclass
from typing import Final

from domain.incidents import ActKind

NUMBER: Final = re.compile(r"\b([a-z2-7]{4}-[a-z2-7]{4})\b", re.I)
_WORDS: Final = (
    (ActKind.DONE, "selesai|beres|sudah normal|done|fixed|finished"),
    (ActKind.ON_SITE, "di lokasi|dilokasi|sampai lokasi|sudah sampai|tiba|on ?site|arrived"),
    (ActKind.DEPARTED, "otw|berangkat|meluncur|jalan|menuju lokasi|on (?:the|my) way"),
    (ActKind.ACKNOWLEDGED, "terima|diterima|siap|saya tangani|ack|acknowledged?|taken|ok(?:e|ay)?"),
)
_NOT: Final = re.compile(r"\b(?:belum|tidak|nggak|gak|ga|bukan|blm|not|no|isn't|n't)\b", re.I)
_NOTE: Final = re.compile(r"^\s*(?:catat(?:an)?|note)\s*:\s*", re.I)


@dataclass(frozen=True, slots=True)
class Reply:
    """incident: its number if the text names one. text: what is kept."""

    kind: ActKind
    incident: str
    text: str


def read_reply(text: str) -> Reply | None:
    """None for what is not meant for us. A denial ('belum selesai') is a note, never a deed."""
    said = " ".join(text.split())[:500]
    number = NUMBER.search(said)
    incident = number[1].lower() if number else ""
    plain = NUMBER.sub(" ", said).strip(" .,!#:-")
    if _NOTE.match(plain):
        return Reply(ActKind.NOTE, incident, _NOTE.sub("", plain))
    if not _NOT.search(plain):
        for kind, words in _WORDS:
            # Short answers only: "selesai" is one, a story in which the word occurs is not.
            if re.match(rf"(?:{words})\b", plain, re.I) and len(plain.split()) <= 8:
                return Reply(kind, incident, said)
    return Reply(ActKind.NOTE, incident, said) if incident and plain else None
