"""What other systems name is found by any of its names, and nothing by a name that nobody has."""

from domain.network import Device, DeviceStatus, Inventory, Role, Service
from kentongan.run.names import Names

ROUTER = Device("rtr", "desa", Role.ROUTER, address="10.0.0.1")
AP = Device("ap", "desa", Role.AP, address="10.0.0.2")
TWIN = Device("twin", "other", Role.ROUTER, address="10.0.0.1", snmp_port=1161)
GONE = Device("gone", "desa", Role.ROUTER, address="10.0.0.9", status=DeviceStatus.RETIRED)
MAIL = Service("mail", "Mail", url="https://mail.go.id/")
NAMES = Names(Inventory(devices=(AP, GONE, ROUTER, TWIN), services=(MAIL,)))


def test_a_device_is_found_by_its_name_and_its_address() -> None:
    assert NAMES.of("ap") == NAMES.of("10.0.0.2") == {"ap", "desa"}


def test_an_address_of_several_devices_names_them_all() -> None:
    assert NAMES.of("10.0.0.1") == {"rtr", "desa", "twin", "other"}


def test_a_site_is_found_with_its_devices() -> None:
    assert NAMES.of("desa") == {"desa", "rtr", "ap"}


def test_an_application_is_found_by_its_code_and_its_address() -> None:
    assert NAMES.of("mail") == NAMES.of("https://mail.go.id/") == {"mail"}


def test_nothing_else_is_found() -> None:
    assert not NAMES.of("") | NAMES.of("gone") | NAMES.of("10.0.0.9")
