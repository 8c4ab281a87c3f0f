"""Files of the state folder: the run lock and the traffic account."""

from pathlib import Path

import pytest

from kentongan.errors import AlreadyRunningError
from kentongan.run.traffic import FILE, read_traffic, write_traffic
from kentongan.run_lock import RunLock


def test_a_second_run_names_the_first(tmp_path: Path) -> None:
    import os

    with RunLock(tmp_path / "run.lock"):
        second = RunLock(tmp_path / "run.lock")
        with pytest.raises(AlreadyRunningError, match=str(os.getpid())):
            second.__enter__()
    with RunLock(tmp_path / "run.lock"):
        pass


def test_traffic_survives_and_a_new_month_begins_at_nothing(tmp_path: Path) -> None:
    write_traffic(tmp_path, "2026-11", {"rtr-a": 7, "rtr-b": 9})
    assert read_traffic(tmp_path) == {"rtr-a": 7, "rtr-b": 9}
    assert read_traffic(tmp_path, "2026-12") == {}


@pytest.mark.parametrize("content", ["", "[]", '{"month": "2026-11"}', '{"month": 1, "bytes": []}', "\x00"])
def test_a_damaged_account_is_no_reason_to_stop(tmp_path: Path, content: str) -> None:
    (tmp_path / FILE).write_text(content)
    assert read_traffic(tmp_path) == {}
