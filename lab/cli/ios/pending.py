"""A confirmed change on IOS that nobody has confirmed yet."""

from dataclasses import dataclass

from lab.cli.lines.tree import Tree


@dataclass(frozen=True, slots=True)
class Pending:
    """At `at` the backup comes back."""

    at: float
    backup: Tree
