"""Whatever an incident holds, it is the same after it was kept as text."""

import json
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.incidents import Confidence, Evidence, EvidenceKind, Handling, Incident, Member, Verdict, VerdictKind
from domain.incidents.codec import CodecError, from_plain, to_plain

WIB = timezone(timedelta(hours=7))
TIMES = st.datetimes(datetime(2001, 1, 1), datetime(2199, 1, 1), timezones=st.sampled_from([UTC, WIB]))
NUMBERS = st.floats(allow_nan=False, allow_infinity=False)


def records(kind: type[Any]) -> st.SearchStrategy[Any]:
    st.register_type_strategy(datetime, TIMES)
    st.register_type_strategy(float, NUMBERS)
    return st.from_type(kind)


def same(record: Any) -> Any:
    return from_plain(type(record), json.loads(json.dumps(to_plain(record), allow_nan=False)))


@given(st.deferred(lambda: records(Incident)))
def test_an_incident_comes_back_equal(incident: Incident) -> None:
    assert same(incident) == incident


@given(st.deferred(lambda: records(Evidence)))
def test_evidence_comes_back_equal(evidence: Evidence) -> None:
    assert same(evidence) == evidence


def test_what_has_its_default_is_not_written_and_times_are_utc() -> None:
    assert to_plain(Verdict(VerdictKind.FIBRE, Confidence.WEAK)) == {"kind": "fibre", "confidence": "weak"}
    assert to_plain(Member("r1", datetime(2026, 11, 22, 9, tzinfo=WIB)))["since"] == "2026-11-22T02:00:00+00:00"
    with pytest.raises(ValueError, match="no time zone"):
        to_plain(Member("r1", datetime(2026, 11, 22, 9)))


def test_what_an_older_and_a_newer_program_wrote_is_read() -> None:
    assert from_plain(Handling, {"notices": 3, "invented_later": [1]}) == Handling(notices=3)


@pytest.mark.parametrize(
    ("plain", "named"),
    [
        ({"subject": "x"}, "Evidence.kind is missing"),
        ({"kind": "thunder", "subject": "x"}, "Evidence.kind: 'thunder'"),
        ({"kind": EvidenceKind.PORT_UP.value, "subject": "x", "at": "noon"}, "Evidence.at"),
        ({"kind": EvidenceKind.PORT_UP.value, "subject": "x", "values": 3}, "Evidence.values"),
        ([], "no record"),
    ],
)
def test_what_is_damaged_is_named(plain: Any, named: str) -> None:
    with pytest.raises(CodecError, match=named):
        from_plain(Evidence, plain)
