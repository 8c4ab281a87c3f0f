"""Whether we get in once the baseline is told: keys of the credential against those that a device is given."""

from pathlib import Path

import asyncssh
import pytest

from collectors.ssh.private import public_half
from domain.intent import DeviceIntent, Platform, SecretHole
from domain.network import Role
from domain.secrets import Secret
from kentongan.planning.way_in import AdminLogin, shut_out
from tests.site_office import KEY, NOW, RSA, SLUG, make_office

OURS = " ".join(KEY.split()[:2])
OURS_RSA = " ".join(RSA.split()[:2])


def device(platform: Platform, keys: tuple[str, ...] = ()) -> DeviceIntent:
    variables = {"admin_password": SecretHole("pwk-admin", "password"), "admin_keys": keys or None}
    return DeviceIntent("router", "rtr-a", Role.ROUTER, platform, 7, (), variables)


@pytest.mark.parametrize(
    ("platform", "keys", "public_key", "said"),
    [
        (Platform.FRR, (KEY,), OURS, ""),
        (Platform.FRR, (RSA, KEY), OURS, ""),
        (Platform.FRR, (), OURS, "not among the admin_keys"),
        (Platform.OPENWRT, (RSA,), OURS, "not among the admin_keys"),
        (Platform.ROUTEROS, (RSA, KEY), OURS, "Put it first"),
        (Platform.ROUTEROS, (KEY, RSA), OURS, ""),
        (Platform.IOS, (KEY,), OURS, "not among the admin_keys"),
        (Platform.IOS, (KEY, RSA), OURS_RSA, ""),
        (Platform.ROUTEROS, (KEY,), None, "has no private key"),
        (Platform.IOS, (RSA,), None, ""),
        (Platform.ROUTEROS, (), None, ""),
        (Platform.ROUTEROS, (KEY,), "", "cannot be read"),
    ],
)
def test_who_would_be_shut_out(platform: Platform, keys: tuple[str, ...], public_key: str | None, said: str) -> None:
    found = list(shut_out(device(platform, keys), lambda name: AdminLogin(name, public_key)))
    assert (len(found) == 1 and said in found[0]) if said else found == []
    assert list(shut_out(device(platform, keys), lambda _name: None)) == []


def test_the_plan_says_it_of_each_device_that_gets_the_baseline(tmp_path: Path) -> None:
    office = make_office(tmp_path)
    planner = office.planner(admin_login=lambda name: AdminLogin(name, OURS_RSA))
    warnings = planner.plan(SLUG, NOW, profile="desa-fibre").warnings
    assert [each for each in warnings if "Put it first" in each and each.startswith(f"rtr-{SLUG}: ")]
    assert not [each for each in warnings if "admin_keys" in each and each.startswith("rtr-sukatani")]


def test_the_public_half_is_what_stands_in_a_file_of_authorized_keys() -> None:
    key = asyncssh.generate_private_key("ssh-ed25519")
    public = key.export_public_key().decode().split()
    assert public_half(Secret(key.export_private_key().decode())).split() == public[:2]
    assert public_half(Secret("no key")) == ""
