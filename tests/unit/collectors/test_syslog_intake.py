"""Whose messages are read: known sources, each within its share; a flood costs the one who floods."""

from collectors.syslog import Intake, LogKind, Told, shipped_patterns

PATTERNS = shipped_patterns()
CHANGED = b"<182>Nov 22 10:00:00 rtr-a system,info filter rule changed by admin"


class Desk:
    def __init__(self, per_minute: float = 60.0) -> None:
        self.told: list[tuple[str, Told]] = []
        self.floods: list[tuple[str, int]] = []
        self.intake = Intake(
            PATTERNS,
            lambda _device: "mikrotik-routeros",
            lambda device, told: self.told.append((device, told)),
            per_minute=per_minute,
            flood=lambda device, cut: self.floods.append((device, cut)),
        )


def test_strangers_are_counted_and_not_read() -> None:
    desk = Desk()
    desk.intake.know([("10.0.0.1", "rtr-a")])
    desk.intake.take(CHANGED, "10.0.0.9", 0.0)
    desk.intake.take(CHANGED, "::ffff:10.0.0.1", 0.0)
    assert not desk.intake.knows("10.0.0.9")
    assert desk.intake.knows("10.0.0.1")
    assert (desk.intake.counts.unknown, desk.intake.counts.received) == (2, 1)
    assert [(device, told.kind, told.who) for device, told in desk.told] == [("rtr-a", LogKind.CHANGED, "admin")]
    desk.intake.know([("10.0.0.2", "rtr-a")])
    desk.intake.take(CHANGED, "10.0.0.1", 0.0)
    assert desk.intake.counts.unknown == 3


def test_devices_behind_one_address_are_told_apart_by_their_names() -> None:
    desk = Desk()
    desk.intake.know([("10.0.0.1", "rtr-a"), ("10.0.0.1", "rtr-b")])
    desk.intake.take(CHANGED.replace(b"rtr-a", b"RTR-B.example"), "10.0.0.1", 0.0)
    desk.intake.take(CHANGED.replace(b"rtr-a", b"somebody"), "10.0.0.1", 0.0)
    assert [device for device, _told in desk.told] == ["rtr-b"]
    assert desk.intake.counts.ambiguous == 1


def test_a_flood_is_cut_and_told_once_and_hurts_nobody_else() -> None:
    desk = Desk(per_minute=60.0)
    desk.intake.know([("10.0.0.1", "rtr-a"), ("10.0.0.2", "rtr-b")])
    for number in range(1000):
        desk.intake.take(CHANGED, "10.0.0.1", number / 1000)
    desk.intake.take(CHANGED, "10.0.0.2", 1.0)
    counts = desk.intake.counts
    assert counts.cut == {"rtr-a": 880}
    assert counts.received == 121
    assert desk.floods == [("rtr-a", 0)]
    desk.intake.look(30.0)
    assert desk.floods == [("rtr-a", 0)]
    desk.intake.take(CHANGED, "10.0.0.1", 31.0)  # thirty have been filled up again
    assert counts.received == 122
    desk.intake.look(61.5)
    assert desk.floods == [("rtr-a", 0), ("rtr-a", 880)]


def test_who_is_gone_leaves_no_number_behind() -> None:
    desk = Desk(per_minute=1.0)
    desk.intake.know([("10.0.0.1", "rtr-a")])
    for _turn in range(5):
        desk.intake.take(CHANGED, "10.0.0.1", 0.0)
    assert desk.intake.counts.cut
    desk.intake.know([])
    assert not desk.intake.counts.cut
    desk.intake.look(1000.0)
    assert desk.floods == [("rtr-a", 0)]
