"""What `make soak` stands on: every property gets its share of time, the seed that failed is named, rows are kept."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fuzzing import fuzz
from tests.soaking import Row, Soak, table


def row(test: str, figure: str = "20 kills") -> Row:
    return Row(test, "long", 7, "passed", figure, 1.4, "2026-11-22", "abc")


def test_a_run_replaces_its_own_rows_and_leaves_the_others() -> None:
    before = "# Soak\n\n" + table({"a": row("a"), "b": row("b")}, "")
    after = table({"b": row("b", "200 kills | none lost")}, before).splitlines()
    assert after[2:] == [
        "| a | long | 7 | passed | 20 kills | 1 | 2026-11-22 | abc |",
        "| b | long | 7 | passed | 200 kills \\| none lost | 1 | 2026-11-22 | abc |",
    ]


def test_rounds_go_on_until_the_time_is_up_each_with_its_own_seed(capsys: pytest.CaptureFixture[str]) -> None:
    @given(st.integers(0, 2**64))
    def never_fails(number: int) -> None:
        assert number >= 0

    soak = Soak(40, 0.0)
    fuzz(never_fails, never_fails, soak, 2.0)  # two rounds at least, on a slow machine too
    assert soak.seed == 40
    assert "seed 40\nseed 41\n" in capsys.readouterr().out
    assert int(soak.figure.split()[0].replace(",", "")) > 100


def test_the_seed_that_failed_is_the_one_that_is_named() -> None:
    rounds: list[int] = []

    @given(st.integers(0, 2**64))
    def fails_in_the_third(number: int) -> None:
        assert len(rounds) < 3

    def run() -> None:
        rounds.append(soak.seed)
        fails_in_the_third()

    soak = Soak(40, 0.0)
    with pytest.raises(AssertionError):
        fuzz(run, fails_in_the_third, soak, 60.0)
    assert (soak.seed, rounds) == (42, [40, 41, 42])
    assert soak.figure == ""
