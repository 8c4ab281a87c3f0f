"""What is polled anyway tells whether a site has mains, in the vendor's numbers and without its name in code."""

import asyncio
from pathlib import Path
from typing import Any

import pytest
import yaml

from collectors.discovery import discover, mains_signs, plan_for
from collectors.profiles import Profiles, shipped_profiles
from collectors.snmp.client import SnmpClient
from domain.polling import Discovery, MainsSign, PlanBook
from tests.golden.test_vendor_cases import rows_of
from tests.unit.collectors.scripted_agent import serving

CASES = Path(__file__).resolve().parents[2] / "golden" / "cases"


@pytest.fixture(scope="module")
def profiles() -> Profiles:
    return shipped_profiles()


def told(profiles: Profiles, name: str) -> dict[str, bool | None]:
    """Sensor → what it says of the mains."""
    case: dict[str, Any] = yaml.safe_load((CASES / f"{name}.yaml").read_text("utf-8"))

    async def run() -> Discovery:
        async with serving(rows_of(case)) as (endpoint, _agent), SnmpClient(endpoint, attempts=2) as client:
            return await discover(client, profiles)

    found = asyncio.run(run())
    profile = profiles.get(found.platform)
    plan = plan_for(found, profile, PlanBook())
    value = {sensor.oid: sensor.value for sensor in found.sensors}
    signs = mains_signs(plan, profile)
    assert all(plan.columns[sign.column].instance == sign.instance for sign in signs)
    return {
        f"{plan.columns[sign.column].quantity.removeprefix('sensor.')} {sign.instance}": sign.says(
            reading if (reading := value[plan.columns[sign.column].oid]) is not None else float("nan")
        )
        for sign in signs
    }


@pytest.mark.parametrize(
    ("case", "says"),
    [
        ("apc-on-battery", {"state Output": False, "runtime On battery": False, "voltage Input": False}),
        ("apc-old-card", {"state Output": True, "runtime On battery": None, "voltage Input": True}),
        (
            "rfc1628-on-battery",
            {"state Output source": False, "runtime On battery": False, "voltage Input 1": False},
        ),
        ("cyberpower", {"state Input": False, "state Output": False}),
        ("mikrotik-health", {"state PSU 1": True, "state PSU 2": False, "state psu1-state": False}),
        ("zte-c600", {"state Input 1.1.20": False, "state Input 1.1.21": True}),
        ("huawei-ma5608t", {"state AC 0": False}),
        ("airmax-sector", {}),
    ],
)
def test_what_tells_of_the_mains(profiles: Profiles, case: str, says: dict[str, bool | None]) -> None:
    assert told(profiles, case) == says


def test_a_reading_between_and_none_at_all_tell_nothing() -> None:
    sign = MainsSign(0, "Input", lost=(0, 50), present=(150, 500))
    assert [sign.says(volts) for volts in (0, 50, 51, 149, 150, 230, float("nan"))] == [
        False, False, None, None, True, True, None,
    ]  # fmt: skip


def test_what_may_be_off_for_ever_tells_by_a_change_alone(profiles: Profiles) -> None:
    """A UPS is believed as it is; a supply that was never cabled is not."""
    by_change = {
        profile.platform
        for profile in profiles
        for table in profile.tables.values()
        for sensor in table.sensors
        if sensor.mains and sensor.mains.by_change
    }
    assert by_change == {"mikrotik-routeros", "zte-olt", "huawei-olt", "huawei-vrp", "ubiquiti-edgepower"}
