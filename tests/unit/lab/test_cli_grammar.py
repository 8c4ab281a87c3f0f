"""Grammars as data: abbreviations, ambiguity, where a mistake is, what a negation names."""

import pytest

from lab.cli.lines.grammar import Fault, Grammar, Mismatch
from lab.cli.lines.values import KINDS

GRAMMAR = Grammar(
    """
[exec]
show version
show vlan [brief]
shutdown
ip address = <ipv4> <mask> [secondary]
name = <line>
vlan <1-4094> > vlan
mode = {access|trunk|dynamic {auto|desirable}}
""",
    KINDS,
)


def _line(text: str) -> str:
    found = GRAMMAR.match(["exec"], text)
    assert not isinstance(found, Mismatch), found
    return found[0].line


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("sho ver", "show version"),
        ("show vl b", "show vlan brief"),
        ("ip addr 10.0.0.1 255.0.0.0", "ip address 10.0.0.1 255.0.0.0"),
        ("name Balai  Desa", "name Balai Desa"),
        ("mode dyn au", "mode dynamic auto"),
        ("shu", "shutdown"),
    ],
)
def test_abbreviations(typed: str, meant: str) -> None:
    assert _line(typed) == meant


@pytest.mark.parametrize(
    ("typed", "fault", "word", "within"),
    [
        ("shwo version", Fault.INVALID, 0, 2),
        ("show v", Fault.AMBIGUOUS, 1, 0),
        ("show", Fault.INCOMPLETE, 1, 0),
        ("show version now", Fault.TOO_MANY, 2, 0),
        ("ip address 10.0.0.256 255.0.0.0", Fault.WRONG_VALUE, 2, 0),
        ("ip address 10.0.0.1 255.0.255.0", Fault.WRONG_VALUE, 3, 0),
        ("ip address 10.0.0.1", Fault.INCOMPLETE, 3, 0),
        ("vlan 4095", Fault.WRONG_VALUE, 1, 0),
    ],
)
def test_mistakes_have_a_place(typed: str, fault: Fault, word: int, within: int) -> None:
    assert GRAMMAR.match(["exec"], typed) == Mismatch(fault, word, within)


def test_what_names_a_setting_ends_at_the_equals_sign() -> None:
    found = GRAMMAR.match(["exec"], "ip address 10.0.0.1 255.0.0.0")
    assert not isinstance(found, Mismatch)
    assert found[0].words[: found[0].key] == ("ip", "address")
    assert found[0].values == ("10.0.0.1", "255.0.0.0")


def test_a_negation_names_the_beginning() -> None:
    assert GRAMMAR.expand("exec", "ip addr") == [("ip", "address")]


def test_what_may_come_next() -> None:
    assert GRAMMAR.words_after(["exec"], "show ") == ["version", "vlan"]
    assert GRAMMAR.words_after(["exec"], "show vl") == ["vlan"]
