"""The shipped profiles are whole; an office's own override by name; errors say file, line and place."""

from pathlib import Path

import pytest

from domain.addressing import Allocation, AllocationState, Block, Kind
from domain.network import SiteKind
from provisioning.errors import SiteProfileError
from provisioning.profiles import site_profiles
from provisioning.profiles.assembling import label_of, requests_of, subnets_of
from provisioning.profiles.loader import parse_profile
from provisioning.rendering import GivenPart, variables_read
from tests.site_office import NOW, SLUG, make_office

GIVEN = {"heartbeat": GivenPart(())}
OWN = """
profile: {name}
title: Ours
kinds: [school]
medium: fibre
devices:
  - {{key: router, name: "r-{{site}}", role: router, platforms: [frr], parts: [baseline]}}
"""


def test_every_kind_of_site_of_the_design_has_a_profile() -> None:
    names = set(site_profiles().by_name)
    desa = {f"desa-{way}" for way in ("fibre", "radio", "tunnel", "vsat", "leo", "lte")}
    assert names == desa | {"opd-fibre", "school", "puskesmas", "mpp", "cctv-pole"}
    kinds = {kind for profile in site_profiles() for kind in profile.kinds}
    assert {SiteKind.DESA, SiteKind.KELURAHAN, SiteKind.OPD, SiteKind.SCHOOL, SiteKind.MPP, SiteKind.CCTV} <= kinds


def test_whatever_a_part_reads_is_declared() -> None:
    profiles = site_profiles()
    for profile in profiles:
        declared = profiles.variables_of(profile).keys()
        for entry in (*profile.devices, *profile.elsewhere):
            for platform in entry.platforms:  # type: ignore[attr-defined]
                read = variables_read(platform, entry.parts, GIVEN)  # type: ignore[attr-defined]
                assert read <= declared, (profile.profile, platform, read - declared)


def test_every_declared_variable_is_read_somewhere() -> None:
    profiles = site_profiles()
    read = {other.device for profile in profiles for other in profile.elsewhere}
    keys = {device.key for profile in profiles for device in profile.devices}
    for profile in profiles:
        for entry in (*profile.devices, *profile.elsewhere):
            for platform in entry.platforms:  # type: ignore[attr-defined]
                read |= variables_read(platform, entry.parts, GIVEN)  # type: ignore[attr-defined]
    assert set(profiles.common) - read == {"routeros_version"} | {f"{key}_platform" for key in keys & {"router", "ap"}}


def test_an_offices_own_profile_goes_before_ours_and_beside_them(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(OWN.format(name="school"))
    (tmp_path / "b.yaml").write_text(OWN.format(name="pesantren"))
    (tmp_path / "variables.yaml").write_text("variables:\n  gate: {type: vlan, layer: site, about: a gate}\n")
    profiles = site_profiles(tmp_path)
    assert profiles.get("school").title == "Ours"
    assert profiles.sources["school"] == str(tmp_path / "a.yaml")
    assert profiles.get("pesantren").kinds == (SiteKind.SCHOOL,)
    assert {"gate", "ntp_servers"} <= set(profiles.common)
    (tmp_path / "c.yaml").write_text(OWN.format(name="school"))
    with pytest.raises(SiteProfileError, match=r"c\.yaml: .*a\.yaml is a profile named school already"):
        site_profiles(tmp_path)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("kinds: [school]", "kinds: [sekolah]"), "own.yaml, line 4: kinds.0"),
        (("[frr]", "[junos]"), "own.yaml, line 7: devices.0.platforms.0"),
        (("parts: [baseline]", "parts: []"), "platforms and parts go together"),
        (('"r-{site}"', '"router"'), "devices.0.name"),
        (("medium: fibre", "medium: fibre\ncolour: red"), "own.yaml, line 6: colour"),
        (("devices:", "links: [{name: 'l-{site}', a: rooter, medium: fibre}]\ndevices:"), "rooter is no device"),
        (("profile: ", "profile: ["), "own.yaml, line"),
    ],
)
def test_errors_name_file_line_and_place(change: tuple[str, str], said: str) -> None:
    text = OWN.format(name="own").replace(*change)
    with pytest.raises(SiteProfileError) as refused:
        parse_profile(text, "own.yaml")
    assert said in str(refused.value)


def test_an_unknown_profile_is_answered_with_those_there_are() -> None:
    with pytest.raises(SiteProfileError, match=r"no site profile desa-fiber.*desa-fibre"):
        site_profiles().get("desa-fiber")


def given(label: str, text: str, first: int = 0) -> Allocation:
    return Allocation("s", label, "p", Kind.IPV4, Block(first, 0), text, AllocationState.GIVEN, NOW)


def test_hosts_stand_at_the_beginning_of_their_range() -> None:
    profile = site_profiles().get("desa-fibre")
    texts = {"loopback": "10.0.0.7/32", "link": "10.0.1.4/30", "management": "10.0.2.16/28", "lan": "10.0.3.0/24"}
    subnets = {each.key: each for each in subnets_of(profile, [given(*pair) for pair in texts.items()])}
    assert str(subnets["loopback"].hosts["router"]) == "10.0.0.7"
    assert [str(host) for host in subnets["link"].hosts.values()] == ["10.0.1.5", "10.0.1.6"]
    assert str(subnets["management"].gateway) == "10.0.2.17"
    assert (str(subnets["lan"].dhcp_from), str(subnets["lan"].dhcp_to)) == ("10.0.3.21", "10.0.3.254")


def test_a_range_that_is_too_small_is_refused() -> None:
    profile = site_profiles().get("desa-fibre")
    texts = {"loopback": "10.0.0.7/32", "link": "10.0.1.4/32", "management": "10.0.2.16/28", "lan": "10.0.3.0/24"}
    with pytest.raises(SiteProfileError, match="link with /32 is too small"):
        subnets_of(profile, [given(*pair) for pair in texts.items()])


def test_what_a_site_asks_of_the_address_plan() -> None:
    asked = requests_of(site_profiles().get("desa-fibre"), "cibodas", "32.14.06.2007")
    assert [(each.label, each.kind, each.purpose, each.length) for each in asked] == [
        ("loopback", Kind.IPV4, "loopback", 32),
        ("link", Kind.IPV4, "link", 30),
        ("management", Kind.IPV4, "management", 28),
        ("lan", Kind.IPV4, "lan", 24),
        ("vlan-uplink", Kind.VLAN, "uplink", 0),
        ("vlan-management", Kind.VLAN, "management", 0),
    ]
    assert {each.region for each in asked} == {"32.14.06.2007"}


@pytest.mark.parametrize(
    ("name", "label"),
    [
        ("Ma'rang", "Marang (Kec. Sukatani)"),
        ("Désa «Baru»; reboot", "Desa Baru reboot (Kec. Sukatani)"),
        ("  !end", "end (Kec. Sukatani)"),
        ("東京", "Kec. Sukatani)"),
        ("x" * 80, "x" * 63),
    ],
)
def test_a_label_is_plain(name: str, label: str) -> None:
    assert label_of(name, "Sukatani").lstrip("(") == label


def test_the_profile_of_the_manual_can_be_planned(tmp_path: Path) -> None:
    page = Path(__file__).parents[3] / "docs" / "how-to" / "site-profiles.md"
    example = page.read_text(encoding="utf-8").split("```yaml\n")[1].split("```")[0]
    office = make_office(tmp_path)
    office.folder.profiles.mkdir()
    (office.folder.profiles / "pesantren.yaml").write_text(example, encoding="utf-8")
    plan = office.planner().plan(SLUG, NOW, profile="pesantren")
    assert [each.device for each in plan.configurations] == ["rtr-sukatani", f"rtr-{SLUG}"]
