"""Lines that devices send, read as the change log reads them; cases in syslog_lines.yaml."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from collectors.profiles import shipped_profiles
from collectors.syslog import read_message, shipped_patterns
from provisioning.platforms import PLATFORMS

PATTERNS = shipped_patterns()
CASES: list[dict[str, Any]] = yaml.safe_load(Path(__file__).with_name("syslog_lines.yaml").read_text("utf-8"))
LINES = [(case["platform"], line) for case in CASES for line in case["lines"]]


@pytest.mark.parametrize(("platform", "line"), LINES, ids=lambda value: value if isinstance(value, str) else "")
def test_a_line_says_who_changed_what(platform: str, line: dict[str, str]) -> None:
    told = PATTERNS.told(platform, read_message(line["said"].encode()))
    if "kind" not in line:
        assert told is None, told
        return
    assert told is not None
    found = {"kind": told.kind.value, "who": told.who, "origin": told.origin, "command": told.command}
    found["text"] = told.text
    assert {key: found[key] for key in line if key != "said"} == {key: line[key] for key in line if key != "said"}
    assert "Rahasia1" not in told.text + told.command
    # Where nobody knows the platform yet, it is understood all the same.
    assert PATTERNS.told("", read_message(line["said"].encode())) is not None


def test_every_platform_that_is_configured_has_patterns_and_cases() -> None:
    assert set(PATTERNS.platforms) == set(PLATFORMS)
    assert {case["platform"] for case in CASES} | {"net-snmp"} == set(PLATFORMS)
    assert set(PATTERNS.platforms) - {"frr"} <= {each.platform for each in shipped_profiles()}
