"""Profiles: what a wrong one is told, how includes work in, and that those shipped keep their promises."""

import re
from pathlib import Path

import pytest

from collectors.errors import ProfileError
from collectors.profiles import Profiles, parse, shipped_profiles

GOOD = """
platform: acme-box
vendor: Acme
recognise: [{object_id: 1.3.6.1.4.1.99999}]
tables:
  health:
    columns: {label: 1.3.6.1.4.1.99999.1.1, value: 1.3.6.1.4.1.99999.1.2}
    sensors: [{class: temperature, column: value, name: "{label|index}", scale: 0.1, absent: -1}]
"""


@pytest.mark.parametrize(
    ("change", "line", "words"),
    [
        (("platform: acme-box", "platform: Acme Box"), 2, "platform"),
        (("vendor: Acme", "vender: Acme"), 3, "vender: Extra inputs"),
        (("class: temperature", "class: warmth"), 8, "tables.health.sensors.0.class"),
        (("column: value", "column: volume"), 6, "'volume' is no column here"),
        (("{label|index}", "{lable}"), 6, "'lable' is no column here"),
        (("1.3.6.1.4.1.99999.1.1,", "1.3.6.1.4.1.MIB,"), 7, "is not an OID"),
        (("scale: 0.1", "scale: a tenth"), 8, "scale"),
        (("absent: -1", "absent: [1, 2, 3, 4, 5, 6, 7]"), 8, "absent"),
        (("tables:", "tables: ["), 7, "not YAML"),
        (("recognise: [{object_id: 1.3.6.1.4.1.99999}]", "recognise: [{description: '('}]"), 4, "regular expression"),
    ],
)
def test_a_wrong_profile_names_file_line_and_place(change: tuple[str, str], line: int, words: str) -> None:
    with pytest.raises(ProfileError) as caught:
        parse(GOOD.replace(*change), "acme.yaml")
    assert str(caught.value).startswith(f"acme.yaml, line {line}: ")
    assert words in str(caught.value)


def test_a_text_that_is_no_mapping() -> None:
    with pytest.raises(ProfileError, match=r"acme\.yaml: a profile is a mapping"):
        parse("- just\n- a list", "acme.yaml")


def test_includes_work_in_and_the_own_table_wins() -> None:
    base = parse(GOOD.replace("acme-box", "base"), "base.yaml")
    child = parse(
        """
        {platform: child, includes: [base], tables: {more: {scalars: {x: 1.3.6.1.4.1.99999.3.0}},
         health: {scalars: {y: 1.3.6.1.4.1.99999.4.0}}}}
        """,
        "child.yaml",
    )
    bare = parse("{platform: bare, includes: [child], without: [health]}", "bare.yaml")
    profiles = Profiles([base, child, bare])
    assert list(profiles.get("child").tables) == ["health", "more"]
    assert profiles.get("child").tables["health"].columns == {}
    assert list(profiles.get("bare").tables) == ["more"]


def test_a_rebrand_has_the_same_tree_below_another_root() -> None:
    base = parse(GOOD.replace("acme-box", "base"), "base.yaml")
    rebrand = parse("{platform: rebrand, includes: [base], moved: {1.3.6.1.4.1.99999: 1.3.6.1.4.1.88888.1}}", "r.yaml")
    profiles = Profiles([base, rebrand])
    before, after = profiles.get("base").tables, profiles.get("rebrand").tables
    roots = [
        (oid, after[name].scalars[label]) for name, table in before.items() for label, oid in table.scalars.items()
    ] + [(oid, after[name].columns[label]) for name, table in before.items() for label, oid in table.columns.items()]
    assert roots
    for old, new in roots:
        assert new == old.replace("1.3.6.1.4.1.99999", "1.3.6.1.4.1.88888.1")
    assert [table.sensors for table in before.values()] == [table.sensors for table in after.values()]


def test_a_table_that_gives_way_to_one_that_is_not_there_is_named() -> None:
    base = parse(GOOD.replace("acme-box", "base"), "base.yaml")
    wrong = parse("{platform: wrong, includes: [base], unless_read: {health: [helth]}}", "w.yaml")
    with pytest.raises(ProfileError, match="wrong: unless_read names helth, which is no table"):
        Profiles([base, wrong])


def test_what_is_missing_is_named() -> None:
    lost = parse("{platform: lost, includes: [nowhere]}", "lost.yaml")
    with pytest.raises(ProfileError, match="lost: includes nowhere"):
        Profiles([lost])
    ring = [parse(f"{{platform: {a}, includes: [{b}]}}", "r") for a, b in (("one", "two"), ("two", "one"))]
    with pytest.raises(ProfileError, match="includes itself"):
        Profiles(ring)
    with pytest.raises(ProfileError, match="two profiles are named lost"):
        Profiles([parse("{platform: lost}", "a"), parse("{platform: lost}", "b")])
    with pytest.raises(ProfileError, match="there is no profile named cisco; there are: lost"):
        Profiles([parse("{platform: lost}", "a")]).get("cisco")


def write(folder: Path, **texts: str) -> Path:
    for name, text in texts.items():
        (folder / f"{name}.yaml").write_text(text)
    return folder


def test_a_site_adds_its_own_and_replaces_by_platform(tmp_path: Path) -> None:
    own = GOOD.replace("acme-box", "mikrotik-routeros")
    profiles = shipped_profiles(write(tmp_path, acme=GOOD + "includes: [generic]\n", mine=own))
    assert "health" in profiles.get("acme-box").tables
    assert profiles.get("mikrotik-routeros").vendor == "Acme"
    assert len(profiles) == len(shipped_profiles()) + 1


@pytest.mark.parametrize(
    ("texts", "said"),
    [
        ({"acme": GOOD.replace("scale: 0.1", "scales: 0.1")}, r"acme\.yaml, line 8: tables.health.sensors.0.scales"),
        ({"acme": GOOD + "includes:\n  - generic\n  - nowhere\n"}, r"acme\.yaml, line 11: includes nowhere, which"),
        ({"acme": GOOD, "more": GOOD}, r"more\.yaml, line 2: .*acme\.yaml is a profile of acme-box already"),
        ({"acme": GOOD + "\ttabs: 1\n"}, r"acme\.yaml, line 9: this is not YAML"),
    ],
)
def test_a_wrong_one_of_a_site_names_file_and_line(tmp_path: Path, texts: dict[str, str], said: str) -> None:
    with pytest.raises(ProfileError, match=said):
        shipped_profiles(write(tmp_path, **texts))


def test_a_folder_or_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    with pytest.raises(ProfileError, match=r"no folder .*/nowhere .*polling\.profiles"):
        shipped_profiles(tmp_path / "nowhere")
    (tmp_path / "acme.yaml").write_bytes(b"platform: a\nvendor: caf\xe9\n")
    with pytest.raises(ProfileError, match=r"acme\.yaml, line 2: this is not UTF-8"):
        shipped_profiles(tmp_path)


@pytest.fixture(scope="module")
def shipped() -> Profiles:
    return shipped_profiles()


def test_those_that_are_promised_are_shipped(shipped: Profiles) -> None:
    assert {"generic", "net-snmp", "mikrotik-routeros", "openwrt", "zte-olt", "huawei-olt", "ups-rfc1628"} <= {
        profile.platform for profile in shipped
    }


def test_each_can_be_recognised_and_no_two_alike(shipped: Profiles) -> None:
    signs = [(repr(sign), profile.platform) for profile in shipped for sign in profile.recognise]
    assert {platform for _sign, platform in signs} == {profile.platform for profile in shipped}
    assert len({sign for sign, _platform in signs}) == len(signs)


def test_no_sensor_is_named_twice_in_one_row(shipped: Profiles) -> None:
    for profile in shipped:
        for name, table in profile.tables.items():
            keys = [(sensor.class_, sensor.name, str(sensor.where)) for sensor in table.sensors]
            assert len(set(keys)) == len(keys), (profile.platform, name)


def test_optical_powers_know_their_darkness(shipped: Profiles) -> None:
    """Every dBm has bounds, so that an unheard-of 'no reading' is masked and not shown."""
    for profile in shipped:
        for table in profile.tables.values():
            for sensor in table.sensors:
                if sensor.class_ in ("dbm", "signal"):
                    assert sensor.low >= -160, (profile.platform, sensor.name)
                    assert sensor.high <= 80, (profile.platform, sensor.name)
                if sensor.class_ == "temperature":
                    assert (sensor.low, sensor.high) >= (-60, 125), (profile.platform, sensor.name)
                if sensor.class_ in ("cpu", "memory", "charge", "quality"):
                    assert (sensor.low, sensor.high) == (0, 100), (profile.platform, sensor.name)


def test_what_is_polled_rarely_is_polled_at_all(shipped: Profiles) -> None:
    for profile in shipped:
        for name, table in profile.tables.items():
            if re.search("onu|ont", name) and "optics" in name:
                assert table.every_seconds >= 3600, (profile.platform, name)
