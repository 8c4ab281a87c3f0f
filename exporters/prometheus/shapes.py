"""What a rules file is made of."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Recording:
    record: str
    expr: str


@dataclass(frozen=True, slots=True)
class Alert:
    """`summary` and `description` may hold Prometheus templates. Its runbook is the page of its name."""

    name: str
    expr: str
    hold: str
    severity: str
    summary: str
    description: str


@dataclass(frozen=True, slots=True)
class Group:
    name: str
    rules: tuple[Recording | Alert, ...]
    interval: str = ""


@dataclass(frozen=True, slots=True)
class RuleFile:
    groups: tuple[Group, ...] = field(default=())

    @property
    def alerts(self) -> tuple[Alert, ...]:
        return tuple(rule for group in self.groups for rule in group.rules if isinstance(rule, Alert))

    @property
    def recordings(self) -> tuple[Recording, ...]:
        return tuple(rule for group in self.groups for rule in group.rules if isinstance(rule, Recording))
