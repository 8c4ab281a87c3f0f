"""What a commit says, for people who read `git log` and for the program that reads it back. Pure."""

import re
from datetime import UTC, datetime

from dulwich.objects import Commit, ObjectID

from provisioning.backup.records import Revision, Why


def message_of(device: str, why: Why, counts: tuple[int, int], previous: ObjectID | None) -> str:
    """In English whatever the setting: a repository has many readers and one log."""
    added, removed = counts
    lines = [f"{device}: {added} lines more, {removed} less", "", _one_line(why.reason) or "fetched", ""]
    lines += [f"Device: {device}", f"Lines: +{added} -{removed}"]
    if why.who:
        lines.append(f"By: {_one_line(why.who)}")
    if previous is not None:
        lines.append(f"Previous: {previous.decode()}")
    return "\n".join(lines) + "\n"


def revision_in(commit: Commit) -> tuple[Revision, ObjectID | None]:
    """A commit as a revision, and the device's commit before it."""
    text = commit.message.decode("utf-8", "replace")
    counts = re.search(r"^Lines: \+(\d+) -(\d+)$", text, re.MULTILINE)
    previous = re.search(r"^Previous: ([0-9a-f]{40})$", text, re.MULTILINE)
    who = re.search(r"^By: (.*)$", text, re.MULTILINE)
    body = text.split("\n\n")
    revision = Revision(
        id=commit.id.decode(),
        at=datetime.fromtimestamp(commit.commit_time, UTC),
        who=who[1] if who else "",
        why=body[1].strip() if len(body) > 1 else "",
        added=int(counts[1]) if counts else 0,
        removed=int(counts[2]) if counts else 0,
    )
    return revision, ObjectID(previous[1].encode()) if previous else None


def _one_line(text: str) -> str:
    """A reason with lines of its own must not pass for ours."""
    return " ".join(text.split())
