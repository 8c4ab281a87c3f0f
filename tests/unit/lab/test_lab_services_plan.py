"""What the lab serves, and which fault suits what. The servers themselves are tested against the checks."""

from collections import Counter
from urllib.parse import urlsplit

import pytest

from domain.network import Check, Inventory, Role, ServiceClass
from lab.kabupaten import CAMERA_CREDENTIAL, DEFAULT_WEB_PORT, generate
from lab.services import Fault, services_plan
from lab.services.pages import page, redirects_to_login
from lab.services.pictures import HEIGHT_BLOCKS, PARAMETER_SETS, WIDTH_BLOCKS, picture
from tests.unit.lab.conftest import small_regions


def test_every_application_has_an_address_and_port_of_its_own(small: Inventory) -> None:
    plan = services_plan(small)
    assert len(plan.apps) == 115
    assert len({(app.address, app.port) for app in plan.apps}) == 115
    assert min(app.port for app in plan.apps) == DEFAULT_WEB_PORT
    devices = {device.name: device.address for device in small.devices}
    for service in small.services:
        assert urlsplit(service.url).hostname == devices[service.host]
        assert service.expect_text == service.name
    plain = Counter(service.class_ for service in small.services if service.url.startswith("http://"))
    assert plain[ServiceClass.UMUM] == 0
    assert plain[ServiceClass.KHUSUS] > 5


def test_every_camera_is_served_at_its_device(small: Inventory) -> None:
    plan = services_plan(small, rtsp_port=9_554)
    cameras = {device.name: device.address for device in small.devices if device.role is Role.CAMERA}
    assert {camera.name: camera.address for camera in plan.cameras} == cameras
    assert {camera.port for camera in plan.cameras} == {9_554}
    sites = [site.slug for site in small.sites if "(audio)" in site.name]
    assert sum(camera.audio for camera in plan.cameras) == len(sites) > 0


def test_cameras_are_asked_by_rtsp_where_that_is_wanted() -> None:
    asked = generate("32.14", small_regions(), camera_check=Check.RTSP, web_port=30_000)
    cameras = [device for device in asked.devices if device.role is Role.CAMERA]
    assert {(device.check, device.credential) for device in cameras} == {(Check.RTSP, CAMERA_CREDENTIAL)}
    assert min(urlsplit(service.url).port or 0 for service in asked.services) == 30_000


@pytest.mark.parametrize("fault", Fault)
def test_every_fault_suits_something(fault: Fault) -> None:
    assert fault.applies_to_apps or fault.applies_to_cameras
    assert not (fault.needs_tls and fault.applies_to_cameras)


def test_pages_hold_what_is_expected_of_them(small: Inventory) -> None:
    apps = services_plan(small).apps
    assert all(app.name in page(app) for app in apps)
    assert 10 < sum(map(redirects_to_login, apps)) < 80


def test_pictures_are_whole_and_move() -> None:
    assert [unit[0] & 0x1F for unit in (*PARAMETER_SETS, picture(0))] == [7, 8, 5]
    assert len({picture(frame) for frame in range(8)}) == WIDTH_BLOCKS
    assert len(picture(0)) > WIDTH_BLOCKS * HEIGHT_BLOCKS * 384
    assert b"\x00\x00\x01" not in picture(0)
