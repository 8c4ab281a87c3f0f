"""What stands between a device and its intent, as an ordered list for people and for the push."""

from dataclasses import dataclass
from enum import StrEnum

from domain.intent.secret_holes import masked


class ChangeKind(StrEnum):
    ADD = "add"  # the intent has it, the device does not
    SET = "set"  # both have it, with other values
    REMOVE = "remove"  # only the device has it, in a place that the intent owns
    UNTOLD = "untold"  # both have it, but it holds a secret that the device does not show


@dataclass(frozen=True, slots=True)
class Change:
    """place: the heading it stands under (`interface GigabitEthernet0/1`, `/ip address`, a file). line: as the intent
    writes it, holes unfilled, or for `remove` as the device shows it. before: for `set`, what the device has.
    """

    kind: ChangeKind
    place: str
    line: str
    before: str = ""

    def shown(self) -> str:
        """One or two lines as `diff` writes them, secrets as three stars."""
        sign = {ChangeKind.ADD: "+", ChangeKind.SET: "+", ChangeKind.REMOVE: "-", ChangeKind.UNTOLD: "?"}[self.kind]
        head = f"- {masked(self.before)}\n" if self.kind is ChangeKind.SET and self.before else ""
        return f"{head}{sign} {masked(self.line)}"


@dataclass(frozen=True, slots=True)
class Difference:
    """changes: in the order of the intent, removals last. same: lines that stand on both sides."""

    device: str
    changes: tuple[Change, ...]
    same: int = 0

    @property
    def matches(self) -> bool:
        """Nothing to do. What cannot be told does not count: it is sent again whenever something else is."""
        return all(change.kind is ChangeKind.UNTOLD for change in self.changes)

    def count(self, kind: ChangeKind) -> int:
        return sum(change.kind is kind for change in self.changes)

    def shown(self) -> str:
        """The changes under their headings."""
        lines: list[str] = []
        place = None
        for change in self.changes:
            if change.place != place and change.place:
                lines.append(f"@@ {masked(change.place)} @@")
            place = change.place
            lines.append(change.shown())
        return "".join(f"{line}\n" for line in lines)
