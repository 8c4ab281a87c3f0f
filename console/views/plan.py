"""A plan of a site for people: addresses, what is watched and what that costs, warnings, what each device is told."""

from collections.abc import Sequence
from dataclasses import dataclass

from console.ports.sites import Planned
from console.views.speech import number
from domain.intent import ChangeKind, masked
from domain.language import _

MOST_LINES = 3000


@dataclass(frozen=True, slots=True)
class ConfigView:
    """Of one device. counts: how many lines would come, change and go. lines: (sign, text), secrets as stars; cut where
    there are too many."""

    device: str
    platform: str
    elsewhere: bool
    known: bool
    matches: bool
    counts: tuple[int, int, int]
    lines: tuple[tuple[str, str], ...]
    whole: tuple[str, ...]
    cut: int


@dataclass(frozen=True, slots=True)
class PlanView:
    mark: str
    profile: str
    allocations: tuple[tuple[str, str, str, str], ...]
    watched: tuple[tuple[str, str, str, str, str], ...]
    polling: str
    heartbeat: str
    metered: bool
    quota: str
    checks: tuple[str, ...]
    warnings: tuple[str, ...]
    configs: tuple[ConfigView, ...]
    reads_configs: bool


def plan_view(planned: Planned, *, reads_configs: bool) -> PlanView:
    """reads_configs: whether whoever looks may read configurations; else it is only said how much differs."""
    plan = planned.plan
    elsewhere = {each.name for each in plan.intent.devices if each.elsewhere}
    configs = []
    for each in plan.configurations:
        found = plan.differences.get(each.device)
        counts = (0, 0, 0)
        lines: list[tuple[str, str]] = []
        if found is not None:
            counts = (found.count(ChangeKind.ADD), found.count(ChangeKind.SET), found.count(ChangeKind.REMOVE))
            lines = signed(found.shown().splitlines())
        whole = each.shown().splitlines() if reads_configs and found is None else []
        cut = max(0, len(lines) - MOST_LINES) + max(0, len(whole) - MOST_LINES)
        configs.append(
            ConfigView(
                each.device,
                each.platform.value,
                each.device in elsewhere,
                found is not None,
                found is not None and found.matches,
                counts,
                tuple(lines[:MOST_LINES]) if reads_configs else (),
                tuple(whole[:MOST_LINES]),
                cut,
            )
        )
    traffic = plan.traffic
    return PlanView(
        planned.mark,
        plan.intent.profile,
        tuple(
            (each.label, each.text, each.pool, _("would be taken") if each.is_new else _("has it"))
            for each in plan.allocations
        ),
        tuple(
            (each.device, each.address, each.check.value, each.poll_class.value, number(each.month_megabytes, 1))
            for each in plan.watched
        ),
        number(traffic.polling),
        number(traffic.heartbeat),
        traffic.metered,
        number(traffic.quota_gb) if traffic.quota_gb else "",
        plan.intent.checks,
        plan.warnings,
        tuple(configs),
        reads_configs,
    )


def signed(lines: Sequence[str]) -> list[tuple[str, str]]:
    """Lines as `diff` writes them, their sign apart."""
    found = []
    for line in lines:
        if line.startswith("@@"):
            found.append(("@", masked(line.strip("@ "))))
        else:
            found.append((line[:1] if line[:1] in "+-?" else " ", masked(line[2:] if line[:1] in "+-?" else line)))
    return found
