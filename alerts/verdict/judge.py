"""From evidence to a verdict: what kind of fault it is and how sure that is. Conflicting evidence is undetermined.

Pure. The weights are in `rules.py`; this is only how they are added up. The order of the evidence does not matter.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from alerts.verdict.rules import EXPLAINED, OF_CAUSE, OF_MEDIUM, RIVALS, WAY, WEIGHTS, Thresholds
from domain.incidents import Cause, CauseKind, Confidence, Evidence, EvidenceKind, Verdict, VerdictKind
from domain.network import Medium

THRESHOLDS = Thresholds()


@dataclass(slots=True)
class _Case:
    """What speaks for one kind of fault and against it.

    heaviest: of the witnesses for it, gravest: against it. sorts: how many kinds of witness. voices: the most of one.
    """

    pro: int = 0
    contra: int = 0
    heaviest: int = 0
    gravest: int = 0
    sorts: int = 0
    voices: int = 0

    @property
    def net(self) -> int:
        return self.pro - self.contra


def judge(
    evidence: Sequence[Evidence],
    cause: Cause,
    medium: Medium | None = None,
    *,
    closing: bool = False,
    thresholds: Thresholds = THRESHOLDS,
) -> Verdict:
    """medium: of the link that was lost, None where there is none or it is unknown.

    The verdict carries all evidence, also what was outweighed, so that people can see it.
    """
    voices = _voices(evidence, cause, thresholds)
    if _is_split(voices):
        return Verdict(VerdictKind.UNDETERMINED, Confidence.WEAK, tuple(evidence), preliminary=not closing)
    cases = _weigh(voices, medium)
    explained = _explained(cases, thresholds) | _followed_from(cause, voices, cases, thresholds)
    if explained:
        cases = _weigh({kind: count for kind, count in voices.items() if kind not in explained}, medium)
    kind, confidence = _decide(cases, thresholds)
    return Verdict(kind, confidence, tuple(evidence), preliminary=not closing)


def _voices(evidence: Iterable[Evidence], cause: Cause, thresholds: Thresholds) -> dict[EvidenceKind, int]:
    """How many say each thing, after a large majority of one sort has silenced the rest of it."""
    counts: dict[EvidenceKind, int] = defaultdict(int)
    for each in evidence:
        counts[each.kind] += _count(each)
    implied = OF_CAUSE.get(cause.kind)
    if implied is not None:
        counts.setdefault(implied, 1)
    for camps in RIVALS:
        sizes = [sum(counts.get(kind, 0) for kind in camp) for camp in camps]
        for camp, other in (camps, camps[::-1]):
            if sum(counts.get(kind, 0) for kind in camp) >= thresholds.majority * sum(sizes) > 0:
                for kind in other:
                    counts.pop(kind, None)
    return dict(counts)


def _is_split(voices: dict[EvidenceKind, int]) -> bool:
    """Witnesses of one sort say opposite things, and no large majority of them one."""
    return any(camp & voices.keys() and other & voices.keys() for camp, other in RIVALS)


def _count(evidence: Evidence) -> int:
    """One witness, or as many as it says it speaks for."""
    text = evidence.values.get("count", "1")
    return max(int(text), 1) if text.isdecimal() else 1


def _weigh(voices: dict[EvidenceKind, int], medium: Medium | None) -> dict[VerdictKind, _Case]:
    way = _way(voices, medium)
    cases: dict[VerdictKind, _Case] = defaultdict(_Case)
    for said, count in voices.items():
        weights: dict[VerdictKind, int] = defaultdict(int)
        for name, weight in WEIGHTS[said].items():
            kind = way if name == WAY else VerdictKind(name)
            if kind is not None:
                weights[kind] += weight
        for kind, weight in weights.items():
            case = cases[kind]
            if weight > 0:
                case.pro += weight
                case.heaviest = max(case.heaviest, weight)
                case.sorts += 1
                case.voices = max(case.voices, count)
            else:
                case.contra -= weight
                case.gravest = max(case.gravest, -weight)
    return cases


def _way(voices: Iterable[EvidenceKind], medium: Medium | None) -> VerdictKind | None:
    if medium is not None:
        return OF_MEDIUM[medium]
    optical = {EvidenceKind.RX_LOST, EvidenceKind.RX_FELL, EvidenceKind.ONU_LOSS_OF_SIGNAL}
    return VerdictKind.FIBRE if optical & set(voices) else None


def _explained(cases: dict[VerdictKind, _Case], thresholds: Thresholds) -> frozenset[EvidenceKind]:
    found: frozenset[EvidenceKind] = frozenset()
    for kind, follows in EXPLAINED.items():
        case = cases.get(kind)
        if case and case.heaviest >= thresholds.conclusive and case.contra < thresholds.solid:
            found |= follows
    return found


def _followed_from(
    cause: Cause, voices: dict[EvidenceKind, int], cases: dict[VerdictKind, _Case], thresholds: Thresholds
) -> frozenset[EvidenceKind]:
    """A feeder that took several places at once, each at the end of a line of its own: that all their light is lost and
    all their ports are down follows, for nobody believes in as many cuts."""
    if cause.kind is not CauseKind.FEEDER or voices.get(EvidenceKind.FEEDER_DARK, 0) < thresholds.together:
        return frozenset()
    return EXPLAINED[VerdictKind.POWER] if cases[VerdictKind.POWER].contra < thresholds.solid else frozenset()


def _decide(cases: dict[VerdictKind, _Case], thresholds: Thresholds) -> tuple[VerdictKind, Confidence]:
    nothing = VerdictKind.UNDETERMINED, Confidence.WEAK
    ranked = sorted(cases.items(), key=lambda item: (-item[1].net, -item[1].pro, item[0]))
    if not ranked or ranked[0][1].net < 1:
        return nothing
    kind, best = ranked[0]
    others = [case for _kind, case in ranked[1:]]
    if _is_contested(best, thresholds) or any(_contradicts(case, best, thresholds) for case in others):
        return nothing
    many = best.sorts >= 2 or best.voices >= thresholds.crowd
    alone = best.contra == 0 and not any(case.pro >= thresholds.solid for case in others)
    if many and alone and best.net + int(best.voices >= thresholds.crowd) >= thresholds.strong:
        return kind, Confidence.STRONG
    return kind, Confidence.MEDIUM if best.net >= thresholds.medium else Confidence.WEAK


def _is_contested(best: _Case, thresholds: Thresholds) -> bool:
    """A witness says outright that it cannot be, or those against it weigh nearly as much as those for it."""
    if best.gravest >= thresholds.conclusive:
        return True
    return best.contra >= thresholds.solid and best.net < thresholds.conclusive


def _contradicts(other: _Case, best: _Case, thresholds: Thresholds) -> bool:
    """Another kind has a witness that the best one leaves unexplained."""
    if other.heaviest >= thresholds.conclusive or other.net == best.net:
        return True
    if other.pro < thresholds.solid:
        return False
    return best.net <= other.pro or (other.net >= 1 and best.net - other.net < thresholds.lead)
