"""A plan of a site: takes nothing, repeats itself, says what is missing, what changes, what it costs."""

from pathlib import Path
from time import process_time

import pytest

from collectors.store.plans import DeviceFacts
from domain.intent import ChangeKind, Platform
from domain.network import Check, Device, DeviceStatus, Inventory, Link, Medium, Role, Site, Stage
from provisioning.errors import IntentError, MissingVariableError, VariableError
from provisioning.profiles import Layer, site_profiles
from tests.site_office import NOW, SITE, SLUG, Office, make_office

OTHER = "pasirmunjul"
PLATFORMS = ("mikrotik-routeros", "cisco-ios", "huawei-vrp", "frr", "openwrt")


def with_site(office: Office, site: Site, *devices: Device) -> Office:
    held = office.inventory
    office.inventory = Inventory(sites=(*held.sites, site), devices=(*held.devices, *devices), links=held.links)
    return office


def test_every_profile_is_planned_on_every_platform_it_names(tmp_path: Path) -> None:
    planned = 0
    for profile in site_profiles():
        router = next(each for each in profile.devices if each.key == "router")
        for platform in router.platforms:
            place = tmp_path / profile.profile / platform.value
            office = make_office(
                place, router=platform.value, pop=platform.value if platform.value != "openwrt" else "frr"
            )
            plan = office.planner().plan(SLUG, NOW, profile=profile.profile)
            told = {each.device: each for each in plan.configurations}
            assert told[f"rtr-{SLUG}"].platform is platform
            # A configuration that was read back as it was written needs nothing.
            for each in plan.configurations:
                office.kept.texts[each.device] = each.shown()
            again = office.planner().plan(SLUG, NOW, profile=profile.profile)
            assert [d.device for d in again.differences.values() if not d.matches] == [], (profile.profile, platform)
            assert not office.addresses.taken
            planned += 1
    assert planned > 30


def test_a_plan_repeats_itself(tmp_path: Path) -> None:
    first, second = (make_office(tmp_path / name).planner().plan(SLUG, NOW, profile="desa-fibre") for name in "ab")
    assert first == second
    assert [each.fingerprint for each in first.configurations] == [each.fingerprint for each in second.configurations]


def test_what_the_inventory_says_goes_before_the_profile(tmp_path: Path) -> None:
    office = make_office(tmp_path)
    router = Device(
        "gateway-cibodas", SLUG, Role.ROUTER, platform="huawei-vrp", model="AR651", status=DeviceStatus.PLANNED
    )
    old = Device("rtr-lama", SLUG, Role.ROUTER, status=DeviceStatus.RETIRED)
    ups = Device("ups-1", SLUG, Role.UPS)
    office.inventory = Inventory(
        sites=office.inventory.sites, devices=(*office.inventory.devices, router, old, ups), links=()
    )
    plan = office.planner().plan(SLUG, NOW, profile="desa-fibre")
    device = next(each for each in plan.intent.devices if each.key == "router")
    assert (device.name, device.platform, device.model) == ("gateway-cibodas", Platform.VRP, "AR651")
    assert any("ups-1 (ups)" in warning for warning in plan.warnings)
    assert not any("rtr-lama" in warning for warning in plan.warnings)


def test_onu_and_pop_come_from_the_records(tmp_path: Path) -> None:
    office = make_office(tmp_path)
    personal = ("olt", "olt_port", "onu_id", "onu_serial", "upstream")
    office.folder.write(Layer.SITE, SLUG, dict.fromkeys(personal))
    onu = Device(
        f"onu-{SLUG}", SLUG, Role.ONU, serial="ZTEGC0DECAFE", olt="olt-sukatani", olt_port="1/2/7", onu_id="9",
        status=DeviceStatus.PLANNED,
    )  # fmt: skip
    devices = [
        Device(each.name, each.site, each.role, platform=each.platform, uplink=("rtr-sukatani",))
        if each.role is Role.OLT
        else each
        for each in office.inventory.devices
    ]
    office.inventory = Inventory(sites=office.inventory.sites, devices=(*devices, onu))
    plan = office.planner().plan(SLUG, NOW, profile="desa-fibre")
    assert "interface gpon-onu_1/2/7:9" in plan.configurations[0].shown()
    assert "sn ZTEGC0DECAFE" in plan.configurations[0].shown()
    assert plan.configurations[1].device == "rtr-sukatani"


def test_like_another_site_but_for_what_is_its_own(tmp_path: Path) -> None:
    office = make_office(tmp_path)
    office.folder.write(
        Layer.SITE, SLUG, {"profile": "desa-fibre", "domain": "desa.internal", "router_platform": "frr"}
    )
    new = Site(
        OTHER, "Pasirmunjul", office.inventory.sites[1].kind, office.inventory.sites[1].region_code, stage=Stage.PLANNED
    )
    with_site(office, new)
    with pytest.raises(MissingVariableError) as missing:
        office.planner().plan(OTHER, NOW, like=SLUG)
    said = str(missing.value)
    assert all(name in said for name in ("olt_port", "onu_id", "onu_serial"))
    assert f"{OTHER}.yaml" in said
    office.folder.write(Layer.SITE, OTHER, {"olt_port": "1/1/4", "onu_id": 6, "onu_serial": "ZTEG00000006"})
    plan = office.planner().plan(OTHER, NOW, like=SLUG)
    assert plan.intent.profile == "desa-fibre"
    router = next(each for each in plan.configurations if each.device == f"rtr-{OTHER}")
    assert router.platform is Platform.FRR
    assert "search desa.internal" in router.shown()
    assert "ZTEGC0FFEE01" not in plan.configurations[0].shown()


def test_a_missing_variable_says_its_name_and_its_place(tmp_path: Path) -> None:
    office = make_office(tmp_path)
    office.folder.write(Layer.KABUPATEN, "", {"ntp_servers": None})
    with pytest.raises(MissingVariableError, match=r"ntp_servers is missing .* layer kabupaten: .*kabupaten\.yaml"):
        office.planner().plan(SLUG, NOW, profile="desa-fibre")


def test_a_variable_that_only_this_way_needs_is_missed_too(tmp_path: Path) -> None:
    office = make_office(tmp_path)
    office.folder.write(Layer.SITE, SLUG, {"tunnel_key": None})
    with pytest.raises(MissingVariableError, match=rf"rtr-{SLUG}: tunnel_key is missing .*{SLUG}\.yaml"):
        office.planner().plan(SLUG, NOW, profile="desa-tunnel")
    office.folder.write(Layer.SITE, SLUG, {"routeros_version": 6})
    assert office.planner().plan(SLUG, NOW, profile="desa-tunnel").configurations


@pytest.mark.parametrize(
    ("layer", "name", "values", "said"),
    [
        (Layer.KABUPATEN, "", {"snmp_contact": "x; reboot"}, r"kabupaten\.yaml: snmp_contact"),
        (Layer.KECAMATAN, "32.14.06", {"dns_servers": ["ten"]}, r"32\.14\.06\.yaml: dns_servers"),
        (Layer.DEVICE, f"rtr-{SLUG}", {"wan_interface": "ether1 disabled=yes"}, "wan_interface"),
        (Layer.SITE, SLUG, {"wam_interface": "ether1"}, "wam_interface is no variable"),
    ],
)
def test_a_value_that_is_not_right_names_its_file(
    tmp_path: Path, layer: Layer, name: str, values: dict[str, object], said: str
) -> None:
    office = make_office(tmp_path)
    office.folder.write(layer, name, values)
    with pytest.raises(VariableError, match=said):
        office.planner().plan(SLUG, NOW, profile="desa-fibre")


def test_refusals_say_what_to_do(tmp_path: Path) -> None:
    office = make_office(tmp_path)
    with pytest.raises(IntentError, match=r"no site nowhere.*sites\.csv"):
        office.planner().plan("nowhere", NOW)
    with pytest.raises(IntentError, match="--profile desa-fibre or desa-leo"):
        office.planner().plan(SLUG, NOW)
    office.folder.write(Layer.SITE, SLUG, {"upstream": "olt-sukatani"})
    with pytest.raises(IntentError, match="upstream names olt-sukatani, which is zte-olt"):
        office.planner().plan(SLUG, NOW, profile="desa-fibre")
    office.folder.write(Layer.SITE, SLUG, {"upstream": "rtr-nowhere"})
    with pytest.raises(IntentError, match=r"rtr-nowhere, which is not in devices\.csv"):
        office.planner().plan(SLUG, NOW, profile="desa-fibre")


def test_the_version_of_routeros_is_the_measured_one(tmp_path: Path) -> None:
    office = make_office(tmp_path, version=7)
    office.facts = {f"rtr-{SLUG}": DeviceFacts(0, version="6.49.10")}
    router = office.planner().plan(SLUG, NOW, profile="desa-fibre").configurations[2]
    assert (router.device, router.version) == (f"rtr-{SLUG}", 6)
    assert "primary-ntp=10.9.0.1 secondary-ntp=10.9.0.2" in router.shown()


def test_what_is_on_a_device_elsewhere_is_compared(tmp_path: Path) -> None:
    office = make_office(tmp_path)
    office.kept.texts["rtr-sukatani"] = "# by RouterOS 7.15\n/interface vlan add interface=sfp1 name=vlan-x vlan-id=9\n"
    plan = office.planner().plan(SLUG, NOW, profile="desa-fibre")
    found = plan.differences["rtr-sukatani"]
    assert (found.count(ChangeKind.ADD), found.count(ChangeKind.REMOVE)) == (5, 0)
    assert not any("rtr-sukatani: no backup" in each for each in plan.warnings)
    assert any("olt-sukatani: no backup" in each for each in plan.warnings)


def test_traffic_on_a_metered_line(tmp_path: Path) -> None:
    quota = Link("isp", f"rtr-{SLUG}", medium=Medium.LTE, quota_gb=5)
    office = make_office(tmp_path, links=(quota,))
    office.beat_seconds = 60
    plan = office.planner().plan(SLUG, NOW, profile="desa-lte")
    assert plan.traffic.metered
    assert plan.traffic.quota_gb == 5
    # 2880 polls of 6 kB and 21,600 echoes of 168 bytes; 43,200 beats of 8 kB
    router = plan.watched[0]
    assert (router.device, router.check) == (f"rtr-{SLUG}", Check.ICMP_SNMP)
    assert router.month_megabytes == pytest.approx(2880 * 0.006 + 21600 * 168e-6, abs=0.01)
    assert plan.traffic.heartbeat == pytest.approx(345.6)
    assert any("heartbeat would cost 346 MB" in each for each in plan.warnings)
    assert any("% of the line's quota of 5 GB" in each for each in plan.warnings)
    assert not any(
        "MB" in each for each in make_office(tmp_path).planner().plan(SLUG, NOW, profile="opd-fibre").warnings
    )


def test_a_site_takes_a_few_milliseconds(tmp_path: Path) -> None:
    """500 sites in 30 s are 60 ms a site; the address plan and the database have their own share."""
    planner = make_office(tmp_path).planner()
    planner.plan(SLUG, NOW, profile="desa-fibre")
    began = process_time()
    for _ in range(20):
        planner.plan(SLUG, NOW, profile="desa-fibre")
    assert (process_time() - began) / 20 < 0.03


def test_site_variables_need_no_kabupaten_of_their_own(tmp_path: Path) -> None:
    """Everything of the site's own values may stand at a weaker layer."""
    office = make_office(tmp_path)
    office.folder.write(Layer.KECAMATAN, "32.14.06", {"upstream": SITE["upstream"], "olt": SITE["olt"]})
    office.folder.write(Layer.SITE, SLUG, {"upstream": None, "olt": None})
    assert office.planner().plan(SLUG, NOW, profile="desa-fibre").configurations


def test_both_ends_of_a_tunnel_are_made_the_same_way(tmp_path: Path) -> None:
    old = make_office(tmp_path / "old", version=6)
    plan = old.planner().plan(SLUG, NOW, profile="desa-tunnel")
    concentrator, router = plan.configurations[:2]
    assert (concentrator.version, router.version) == (7, 6)
    assert any(line.startswith("/ppp secret add") for line in concentrator.lines())
    assert any(line.startswith("/interface l2tp-client add") for line in router.lines())
    new = make_office(tmp_path / "new")
    new.facts = {"vpn-pusat": DeviceFacts(0, version="6.49.10")}
    assert "l2tp-client" in new.planner().plan(SLUG, NOW, profile="desa-tunnel").configurations[1].shown()
    new.folder.write(Layer.SITE, SLUG, {"router_platform": "openwrt"})
    with pytest.raises(IntentError, match=rf"rtr-{SLUG} \(openwrt\) makes tunnels by WireGuard only.*vpn-pusat"):
        new.planner().plan(SLUG, NOW, profile="desa-tunnel")


@pytest.mark.parametrize("olt", ["zte-olt", "huawei-olt"])
def test_what_cannot_come_back_by_itself_is_said(tmp_path: Path, olt: str) -> None:
    warnings = make_office(tmp_path, olt=olt).planner().plan(SLUG, NOW, profile="desa-fibre").warnings
    found = [each for each in warnings if "cannot come back by itself" in each]
    assert [each.partition(":")[0] for each in found] == ["olt-sukatani"]
