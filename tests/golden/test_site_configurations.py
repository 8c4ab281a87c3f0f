"""The whole configuration of each device of each kind of site, line by line as it was read and agreed.

`pytest tests/golden/test_site_configurations.py` says which file differs; KENTONGAN_WRITE_GOLDEN=1 writes them anew, to
be read before they are committed.
"""

import os
from pathlib import Path

import pytest

from tests.site_office import NOW, SLUG, make_office

FOLDER = Path(__file__).parent / "configurations"
HEARTBEAT = "kentongan-heartbeat"
CASES = {
    "routeros7-fibre": {"profile": "desa-fibre", "router": "mikrotik-routeros", "ap": "mikrotik-routeros"},
    "routeros7-radio": {"profile": "desa-radio", "router": "mikrotik-routeros"},
    "routeros7-tunnel": {"profile": "desa-tunnel", "router": "mikrotik-routeros"},
    "routeros6-tunnel": {"profile": "desa-vsat", "router": "mikrotik-routeros", "version": 6},
    "routeros7-pole": {"profile": "cctv-pole"},
    "ios-fibre": {"profile": "desa-fibre", "router": "cisco-ios", "pop": "cisco-ios", "ap": "openwrt"},
    "vrp-fibre": {"profile": "desa-fibre", "router": "huawei-vrp", "pop": "huawei-vrp", "olt": "huawei-olt"},
    "frr-fibre": {"profile": "desa-fibre", "router": "frr", "pop": "frr"},
    "frr-tunnel": {"profile": "desa-tunnel", "router": "frr"},
    "openwrt-fibre": {"profile": "desa-fibre", "router": "openwrt", "ap": "openwrt"},
    "openwrt-tunnel": {"profile": "desa-leo", "router": "openwrt"},
}


def written(case: str, folder: Path) -> str:
    """Every device's configuration, secrets as stars; of the heartbeat, which has tests of its own, the first line."""
    wanted = dict(CASES[case])
    profile = str(wanted.pop("profile"))
    plan = make_office(folder, **wanted).planner().plan(SLUG, NOW, profile=profile)  # type: ignore[arg-type]
    text = ""
    for configuration in plan.configurations:
        text += f"##### {configuration.device} {configuration.platform.value} {configuration.version}\n"
        text += "".join(
            f"{line[:60]} …\n" if HEARTBEAT in line and len(line) > 200 else f"{line}\n"
            for line in configuration.shown().splitlines()
        )
    return text


@pytest.mark.parametrize("case", CASES)
def test_configurations_are_as_they_were_read(case: str, tmp_path: Path) -> None:
    path = FOLDER / f"{case}.txt"
    text = written(case, tmp_path)
    if os.environ.get("KENTONGAN_WRITE_GOLDEN"):
        path.write_text(text, encoding="utf-8")
    assert text == path.read_text(encoding="utf-8")


def test_every_file_has_its_case() -> None:
    assert {path.stem for path in FOLDER.glob("*.txt")} == set(CASES)
