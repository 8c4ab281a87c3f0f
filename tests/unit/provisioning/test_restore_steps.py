"""The steps back to an older configuration, in the order in which they are said."""

from provisioning.backup import StepKind, restore_steps
from provisioning.platforms import PLATFORMS

IOS, ROUTEROS, FRR = PLATFORMS["cisco-ios"], PLATFORMS["mikrotik-routeros"], PLATFORMS["frr"]
BASE = "hostname r1\n!\ninterface Gi0/1\n description lama\n ip address 10.0.0.1 255.255.255.0\n!\nend\n"


def said(platform: object, now: str, then: str) -> list[tuple[str, str]]:
    return [(step.kind.value, step.text) for step in restore_steps(platform, now, then)]  # type: ignore[arg-type]


def test_nothing_to_do_is_no_step() -> None:
    assert said(IOS, BASE, BASE) == []


def test_a_block_that_came_goes_and_a_line_comes_back_under_its_heading() -> None:
    now = (
        BASE.replace(" description lama\n", " description baru\n")
        + "router ospf 1\n network 10.0.0.0 0.0.0.255 area 0\n"
    )
    steps = said(IOS, now, BASE)
    assert [step for step in steps if step[0] in ("enter", "remove", "add")] == [
        ("enter", "configure terminal"),
        ("enter", "interface Gi0/1"),
        ("remove", " no description"),
        ("remove", "no router ospf 1"),
        ("enter", "interface Gi0/1"),
        ("add", " description lama"),
    ]
    assert steps[0][0] == "arm"
    assert steps[-1] == ("disarm", "reload cancel")


def test_a_new_block_comes_with_its_lines_and_once() -> None:
    then = BASE.replace("end\n", "vlan 20\n name cctv\n!\nend\n")
    steps = [step for step in said(IOS, BASE, then) if step[0] in ("remove", "add")]
    assert steps == [("add", "vlan 20"), ("add", " name cctv")]


def test_a_secret_is_to_be_filled_in() -> None:
    then = BASE.replace("end\n", "enable secret 5 ***abc***\nend\n")
    assert ("secret", "enable secret 5 ***abc***") in said(IOS, BASE, then)


def test_routeros_finds_what_was_added_and_says_what_nobody_can_take_back() -> None:
    then = "/ip address add address=10.0.0.1/24 interface=ether1\n/system identity set name=lama\n"
    now = (
        '/ip address add address=10.0.0.1/24 interface=ether1\n/ip address add address=10.9.0.1/24 comment="a b" '
        "interface=ether2\n/system identity set name=baru\n"
    )
    steps = restore_steps(ROUTEROS, now, then)
    assert [step.text for step in steps if step.kind is StepKind.REMOVE] == [
        "/ip address remove [find where address=10.9.0.1/24 interface=ether2]"
    ]
    assert [step.text for step in steps if step.kind is StepKind.BY_HAND] == ["# /system identity set name=baru"]
    assert [step.text for step in steps if step.kind is StepKind.ADD] == ["/system identity set name=lama"]


def test_files_are_written_as_they_were() -> None:
    then = "hostname pop\n!\nend\n==> /etc/hosts <==\n127.0.0.1 pop\n==> /etc/hostname <==\npop\n"
    now = then.replace("127.0.0.1 pop", "127.0.0.1 lain")
    steps = restore_steps(FRR, now, then)
    assert [step.text for step in steps if step.kind is StepKind.FILE] == ["/etc/hosts"]
    assert not [step for step in steps if step.kind in (StepKind.ADD, StepKind.REMOVE, StepKind.ENTER)]
