"""Orders from the console carried out by processes of their own against simulated RouterOS: built, killed, taken up."""

import os
import signal
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import pytest

from console.ports.sites import ConflictError, Order, OrderKind, RefusedError
from domain.changes import JobState
from domain.network import Stage
from kentongan.console_adapters.site_plans import InstallationPlans
from kentongan.console_adapters.sites import DatabaseBook, TaskOrders, in_the_name_of, sites_of
from kentongan.console_adapters.task_process import carried
from kentongan.console_adapters.tasks import Tasks, keep, read
from kentongan.installation import Installation
from kentongan.settings import load_settings
from kentongan.words import speak
from provisioning.profiles import Layer, ProvisioningFolder
from tests.real.planned_office import ROUTER, SITE
from tests.real.simulated_office import Bench, World, running_world, started, told, until

pytestmark = [pytest.mark.real, pytest.mark.timeout(120)]


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with running_world(tmp_path_factory.mktemp("tasks")) as world:
        yield world


@pytest.fixture
def bench(world: World, tmp_path: Path) -> Iterator[Bench]:
    with ExitStack() as stack:
        yield started(world, tmp_path / "office", stack)


@pytest.fixture
def office(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> Iterator[Installation]:
    monkeypatch.setenv("LANGUAGE", "en")
    speak("en")
    settings = bench.folder / "kentongan.toml"
    settings.write_text(settings.read_text().replace("[changes]", "[changes]\napprovals = 2"))
    with Installation(load_settings(settings), "console").open() as installation:
        yield installation


def at_once(installation: Installation) -> Tasks:
    """Carried out before the order returns, here: a process takes seconds to begin."""

    def start(path: Path, _lock: int) -> None:
        record = read(path)
        assert record is not None
        trouble = carried(in_the_name_of(record.who, installation), record)
        keep(path, replace(record, ended_at=installation.clock.now().utc, trouble=trouble))

    return Tasks(installation.loaded.folder, lambda: installation.clock.now().utc, start)


def building(mark: str = "", job: str = "", who: str = "budi") -> Order:
    return Order(OrderKind.BUILD, SITE, who, {"profile": "", "like": "", "emergency": "", "job": job}, mark)


def test_a_site_is_built_by_order_of_two_and_by_no_request(bench: Bench, office: Installation) -> None:
    tasks = at_once(office)
    book, orders = DatabaseBook(office, tasks), TaskOrders(office, tasks)
    plans = InstallationPlans(office)
    # What is not as it was seen is not begun.
    orders.begin(building("another"))
    assert "changed after you saw it" in book.tasks()[SITE].trouble
    assert not book.jobs(SITE)
    orders.begin(building(plans.plan(SITE, "", "").mark))
    (job,) = book.jobs(SITE)
    assert book.newest()[SITE] == job
    assert (job.needed, job.state, job.actor) == (2, JobState.OPEN, "budi")
    # Nobody agrees to an own change, to what was not seen, or to what is another one by now.
    with pytest.raises(RefusedError, match="You began"):
        orders.agree(SITE, job.id, job.fingerprint, "budi")
    with pytest.raises(ConflictError):
        orders.agree(SITE, job.id, "another", "wati")
    variables = ProvisioningFolder(office.loaded.folder / "provisioning")
    variables.write(Layer.SITE, SITE, {"ntp_servers": ["10.9.0.7"]})
    with pytest.raises(ConflictError, match="was changed since"):
        orders.agree(SITE, job.id, job.fingerprint, "wati")
    variables.write(Layer.SITE, SITE, {"ntp_servers": None})
    with ThreadPoolExecutor(2) as pool:  # both at once, and neither is lost
        for done in [pool.submit(orders.agree, SITE, job.id, job.fingerprint, who) for who in ("wati", "tono")]:
            done.result()
    assert set(book.jobs(SITE)[0].approvers) == set(book.newest()[SITE].approvers) == {"wati", "tono"}
    _killed_in_the_middle(office, book, job.id)
    (job,) = book.jobs(SITE)
    assert "interrupted" in book.tasks()[SITE].trouble
    assert not job.is_over
    # The console starts again.
    assert tasks.take_up() == (f"site {SITE}",)
    assert tasks.take_up() == ()
    (job,) = book.jobs(SITE)
    assert (job.state, job.why, book.tasks()[SITE].trouble) == (JobState.DONE, "", "")
    assert book.newest()[SITE] == job
    assert f"name={ROUTER}" in told(bench.router)
    said = book.transcript(job)
    assert {each.device for each in said} == set(job.devices)
    assert "sandi" not in repr(said)
    # What was seen is taken back, and nothing else.
    with pytest.raises(ConflictError):
        orders.begin(Order(OrderKind.ROLLBACK, SITE, "budi", {}, "another"))
    assert any(ROUTER in line for line in plans.preview(Order(OrderKind.ROLLBACK, SITE, "budi")).lines)
    orders.begin(Order(OrderKind.ROLLBACK, SITE, "budi", {}, job.id))
    assert book.jobs(SITE)[0].state is JobState.UNDONE
    assert office.inventory.read().site_by_slug[SITE].stage is Stage.PLANNED


def _killed_in_the_middle(office: Installation, book: DatabaseBook, job: str) -> None:
    """By a real process, which nobody else may begin beside."""
    orders = sites_of(office).orders
    orders.begin(building(job=job))
    with pytest.raises(ConflictError, match="budi has been working on this"):
        orders.begin(building(job=job, who="wati"))
    until(lambda: any(step.device and step.tries for step in book.jobs(SITE)[0].steps), 60)
    lock = office.loaded.folder / "tasks" / f"site%20{SITE}.lock"
    os.kill(int(lock.read_text()), signal.SIGKILL)
    until(lambda: not book.tasks()[SITE].is_under_way)
