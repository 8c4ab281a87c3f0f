"""Random faults on random networks: what is told must follow from the faults alone."""

import json
import time
from collections import Counter

import pytest

from alerts.dispatch.writing import Writer
from alerts.rootcause.explain import Explanation
from alerts.rootcause.rootcause import RootCause
from domain.incidents import Cause, CauseKind
from kentongan.__main__ import main
from kentongan.drill.drill import drill
from kentongan.drill.faults import SCENARIOS
from kentongan.drill.stage import make_writer
from tests.soaking import Soak

SEEDS, SOAKED = 50, 1000
BATCHES = 5


@pytest.fixture(scope="module")
def writer() -> Writer:
    return make_writer()


@pytest.mark.timeout(120)
@pytest.mark.parametrize("batch", range(BATCHES))
def test_what_is_told_is_what_was_done(batch: int, writer: Writer) -> None:
    played: Counter[str] = Counter()
    for seed in range(1 + batch, SEEDS + 1, BATCHES):
        for each in drill(seed, writer):
            played[each.plot.name] += 1
            assert each.as_expected, f"seed {seed}, {each.plot.name}: {each.differences}, {each.plot.orders}"
    assert len(played) == len(SCENARIOS), "every kind of fault finds its place in some of the networks"


@pytest.mark.soak
def test_a_thousand_drills(soak: Soak, writer: Writer, request: pytest.FixtureRequest) -> None:
    seeds = SOAKED if request.config.getoption("--long") else 3
    began, scenarios, wrong = time.perf_counter(), 0, []
    for seed in range(soak.seed, soak.seed + seeds):
        for each in drill(seed, writer, wake_seconds=(1.0, 3.0, 7.0, 10.0, 20.0)[seed % 5]):
            scenarios += 1
            wrong += [f"seed {seed}, {each.plot.name}: {each.differences}"] * (not each.as_expected)
    spent = time.perf_counter() - began
    assert not wrong, f"{len(wrong)} of {scenarios}: {wrong[:20]}"
    soak.found(f"{seeds} networks, {scenarios} scenarios as expected, {spent / seeds:.2f} s a network")


def test_to_blame_the_first_device_is_not_good_enough(writer: Writer, monkeypatch: pytest.MonkeyPatch) -> None:
    honest = RootCause.explanations

    def blame_the_first(self: RootCause) -> tuple[Explanation, ...]:
        return tuple(
            Explanation(Cause(CauseKind.DEVICE, each.members[0]), each.members, each.roots, each.ranking)
            for each in honest(self)
        )

    monkeypatch.setattr(RootCause, "explanations", blame_the_first)
    played = list(drill(1, writer))
    assert sum(not each.as_expected for each in played) > len(played) // 2


def test_the_command_prints_what_was_promised(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["demo", "--drill", "--seed", "2", "--json"])
    assert ended.value.code == 0
    said = json.loads(capsys.readouterr().out)
    assert list(said) == ["seed", "scenarios"]
    assert said["seed"] == 2
    assert {tuple(scenario) for scenario in said["scenarios"]} == {
        ("name", "injected", "notifications", "expected", "asExpected")
    }
    for scenario in said["scenarios"]:
        assert scenario["asExpected"] is True
        assert scenario["injected"]
        events = [notice["event"] for notice in scenario["notifications"]]
        assert (events[0], events[-1]) == ("opened", "resolved")
        assert {notice["incident"]["cause"]["kind"] for notice in scenario["notifications"]}
        assert {(each["event"], "cause" in each, "villages" in each) for each in scenario["expected"]} >= {
            ("opened", True, True)
        }
    again = list(drill(2))
    assert [[told.body["id"] for told in each.told] for each in again] == [
        [notice["id"] for notice in scenario["notifications"]] for scenario in said["scenarios"]
    ], "the same seed tells the same"
