"""What the sweep has seen since it began, each thing under its own name. Nothing that is counted here but `credited`
ever becomes a value."""

from dataclasses import dataclass, field


@dataclass(slots=True)
class SweepCounts:
    """requests: sent, with retries. credited: answers whose values were taken, `one_by_one` of them by the exact lane.

    late: nobody waits for them any more. duplicate: the same answer again. unknown: a request-id that is nobody's.
    cut: larger than we take in. truncated: the datagram ends before the message does. malformed: cannot be read.
    wrong_source: from another address or port than the one asked. wrong_oid: other instances than those asked.
    Of SNMPv3: unsigned, not with the user's key. undecipherable: no PDU comes out. wrong_level: below the user's.
    wrong_engine: from another engine or for another user. out_of_time: of an engine's past. reports: counter → answers.
    errors: error-status word → answers. unsendable: errno name → requests the kernel refused to send.
    superseded: polls dropped because the device's plan changed or it was removed. rejected: polls that could not begin.
    """

    polls: int = 0
    requests: int = 0
    retries: int = 0
    answers: int = 0
    credited: int = 0
    one_by_one: int = 0
    late: int = 0
    duplicate: int = 0
    unknown: int = 0
    cut: int = 0
    truncated: int = 0
    malformed: int = 0
    wrong_source: int = 0
    wrong_version: int = 0
    wrong_community: int = 0
    wrong_oid: int = 0
    unsigned: int = 0
    undecipherable: int = 0
    wrong_level: int = 0
    wrong_engine: int = 0
    out_of_time: int = 0
    refused: int = 0
    socket_full: int = 0
    superseded: int = 0
    rejected: int = 0
    errors: dict[str, int] = field(default_factory=dict)
    unsendable: dict[str, int] = field(default_factory=dict)
    reports: dict[str, int] = field(default_factory=dict)

    def error(self, word: str) -> None:
        self.errors[word] = self.errors.get(word, 0) + 1

    def report(self, name: str) -> None:
        self.reports[name] = self.reports.get(name, 0) + 1

    def refuse_to_send(self, name: str) -> None:
        self.unsendable[name] = self.unsendable.get(name, 0) + 1
