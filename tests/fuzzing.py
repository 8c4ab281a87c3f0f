"""The long form of every property test: with --long each gets its share of an hour, a new seed in every round.

Any test that hypothesis drives takes part, wherever it stands; without --long none is judged by how long it takes.
"""

import time
from collections.abc import Callable
from typing import Any

import hypothesis
import pytest

from tests.soaking import SOAK, Soak

EXAMPLES_A_ROUND = 300
"""For tests that do not name a number of their own."""

SHARE = pytest.StashKey[float]()  # seconds for each property


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("soak", "long forms of tests (make soak)")
    group.addoption("--fuzz-minutes", type=float, default=60.0, help="with --long: for all property tests together")


def pytest_configure(config: pytest.Config) -> None:
    hypothesis.settings.register_profile(
        "long", deadline=None, max_examples=EXAMPLES_A_ROUND, print_blob=True, derandomize=False
    )
    # A slow machine is no failure; all else as hypothesis has it, which asks for the same examples each time in CI.
    hypothesis.settings.register_profile("suite", hypothesis.settings.default, deadline=None)
    hypothesis.settings.load_profile("long" if config.getoption("--long") else "suite")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if config.getoption("--long"):
        for item in items:
            if is_property(item):
                item.add_marker("soak", append=False)


def pytest_collection_finish(session: pytest.Session) -> None:
    """After deselection: those that will run share the time."""
    properties = sum(is_property(item) for item in session.items)
    session.config.stash[SHARE] = 60 * session.config.getoption("--fuzz-minutes") / max(properties, 1)


@pytest.hookimpl(tryfirst=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> object:
    if not pyfuncitem.config.getoption("--long") or not is_property(pyfuncitem):
        return None
    function = pyfuncitem.obj
    arguments = {name: pyfuncitem.funcargs[name] for name in pyfuncitem._fixtureinfo.argnames}
    soak = pyfuncitem.stash[SOAK]
    fuzz(lambda: function(**arguments), function, soak, pyfuncitem.config.stash[SHARE])
    return True


def is_property(item: pytest.Item) -> bool:
    return isinstance(item, pytest.Function) and bool(hypothesis.is_hypothesis_test(item.obj))


def fuzz(run: Callable[[], object], function: Any, soak: Soak, seconds: float) -> None:
    """Rounds until the time is up, at least one. The seed of the round that fails is what the page names."""
    examples = 0
    inner = function.hypothesis.inner_test

    def counted(*args: object, **more: object) -> object:
        nonlocal examples
        examples += 1
        return inner(*args, **more)

    function.hypothesis.inner_test = counted
    ends = time.monotonic() + seconds
    rounds = 0
    first = soak.seed
    try:
        while rounds == 0 or time.monotonic() < ends:
            soak.begin(first + rounds)
            hypothesis.seed(soak.seed)(function)
            run()
            rounds += 1
    finally:
        function.hypothesis.inner_test = inner
    soak.seed = first
    soak.found(f"{examples:,} examples by {rounds} seeds from this one on, none of them failed")
