"""When a change that a device told of is worth a fetch, and what the commit says of it."""

from provisioning.backup import ToldChange, ToldDevices, Why, why_told

DAILY = Why("fetched by the daily round")


def test_the_commit_names_who_and_from_where() -> None:
    why = why_told([ToldChange("admin", "10.0.0.9", "filter rule changed"), ToldChange("", "", "item added")], DAILY)
    assert why == Why(
        "fetched by the daily round; the device told: admin from 10.0.0.9: filter rule changed; somebody: item added",
        "admin",
    )


def test_without_a_word_of_the_device_it_is_as_before() -> None:
    ordered = Why("ordered on the command line", "budi")
    assert why_told([], ordered) is ordered
    # Who ordered the fetch did not change the device, and is named all the same.
    assert why_told([ToldChange("admin", "", "x")], ordered).who == "admin"
    assert "by budi" in why_told([ToldChange("admin", "", "x")], ordered).reason
    assert why_told([ToldChange("", "", "x")], ordered).who == "budi"


def test_a_long_story_is_told_shortly() -> None:
    changes = [ToldChange("admin", "", f"rule {number} {'x' * 300}") for number in range(9)] * 2
    why = why_told(changes, DAILY)
    assert why.reason.endswith("; and 6 more")
    assert "rule 8" in why.reason
    assert len(why.reason) < 800
    assert why.who == "admin"


def test_a_fetch_waits_until_nobody_types_any_more_but_not_for_ever() -> None:
    told = ToldDevices(quiet_seconds=60, longest_seconds=200, gap_seconds=300)
    told.note("a", 0.0)
    told.note("a", 50.0)
    told.note("b", 10.0)
    assert told.due(69.0) == []
    assert told.due(70.0) == ["b"]
    assert told.due(110.0) == ["a", "b"]
    told.begin("a", 110.0)
    told.note("a", 120.0)
    assert told.due(300.0) == ["b"]  # the last fetch of it is too near
    assert told.due(410.0) == ["b", "a"]
    for second in range(1000, 1300, 30):
        told.note("c", float(second))
    assert "c" not in told.due(1199.0)
    assert "c" in told.due(1200.0)  # it goes on and on
    told.keep(["c"])
    assert told.due(2000.0) == ["c"]
