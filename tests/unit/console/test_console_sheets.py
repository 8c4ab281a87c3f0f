"""Every list is given to a spreadsheet in one way: its address is a file with a date, in UTF-8 as Excel knows it."""

import re
from collections.abc import Iterator

import pytest

from tests.unit.console.guarded_town import Town, routes_of, town


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    with town(tmp_path_factory.mktemp("sheets")) as made:
        yield made


def test_every_list_is_a_file_that_excel_reads(here: Town) -> None:
    here.enter("admin")
    paths = [path for path, _route in routes_of(here.app) if path.endswith(".csv")]
    assert len(paths) > 12
    for path in paths:
        answer = here.client.get(path)
        assert answer.status_code == 200, path
        assert answer.content.startswith(b"\xef\xbb\xbf"), path
        named = answer.headers["content-disposition"]
        assert re.fullmatch(r'attachment; filename="[a-z-]+-\d{4}-\d{2}-\d{2}\.csv"', named), (path, named)
