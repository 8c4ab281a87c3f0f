"""Codes of regions and what they say."""

import pytest

from domain.network import RegionLevel, VillageKind, is_region_code, level_of, lies_in, parent_of, village_kind
from domain.polling import DEFAULT_CLASSES


def test_levels_and_parents() -> None:
    assert [level_of(c) for c in ("32", "32.14", "32.14.01", "32.14.01.2010")] == list(RegionLevel)
    assert parent_of("32.14.01.2010") == "32.14.01"
    assert parent_of("32") is None


@pytest.mark.parametrize("text", ["32.1", "3214", "32.14.1", "32.14.01.201", "32.14.01.2010.1", "", "ab"])
def test_what_is_no_code(text: str) -> None:
    assert not is_region_code(text)


def test_kinds_of_villages() -> None:
    assert village_kind("32.14.01.1001") is VillageKind.KELURAHAN
    assert village_kind("32.14.01.2010") is VillageKind.DESA
    assert village_kind("32.14.01.3001") is VillageKind.OTHER
    with pytest.raises(ValueError, match=r"32\.14"):
        village_kind("32.14")


def test_nesting_is_by_whole_parts() -> None:
    assert lies_in("32.14.01", "32.14")
    assert lies_in("32.14", "32.14")
    assert not lies_in("32.141", "32.14")


def test_metered_classes_keep_their_traffic_budget() -> None:
    bytes_per_poll = 2101 + 2435 + 6 * 28  # 122 values in three requests, headers included
    for poll_class in DEFAULT_CLASSES.values():
        if poll_class.month_megabytes:
            used = poll_class.icmp_megabytes() + poll_class.snmp_megabytes(bytes_per_poll)
            assert used <= poll_class.month_megabytes, poll_class.name
