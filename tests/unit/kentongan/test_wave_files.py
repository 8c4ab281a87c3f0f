"""Files that name the sites of a wave, as offices write them."""

from pathlib import Path

import pytest

from kentongan.cli.site_waves import slugs_in
from kentongan.errors import UsageError


@pytest.mark.parametrize(
    "text",
    [
        "desa-a\ndesa-b\n",
        "slug\ndesa-a\n\ndesa-b",
        "\ufeffname;slug;kind\r\nDesa A;desa-a;desa\r\nDesa B;desa-b;desa\r\n",
        "slug,name\ndesa-a,A\ndesa-b,B\n",
        "# the north first\ndesa-a\n# then\n desa-b \n",
        "situs,catatan\ndesa-a,\ndesa-b,besok\n",
    ],
)
def test_one_a_line_or_a_column(tmp_path: Path, text: str) -> None:
    path = tmp_path / "wave.csv"
    path.write_text(text, encoding="utf-8")
    assert slugs_in(path) == ("desa-a", "desa-b")


def test_what_cannot_be_read_is_said(tmp_path: Path) -> None:
    path = tmp_path / "wave.csv"
    with pytest.raises(UsageError, match="cannot be read"):
        slugs_in(path)
    path.write_text("name,kind\nA,desa\n")
    with pytest.raises(UsageError, match="no column `slug`"):
        slugs_in(path)
    path.write_text("")
    assert slugs_in(path) == ()
