"""First contact: short, with its secrets, in one QR code or refused."""

import subprocess
from pathlib import Path

import pytest

from domain.intent import SecretHole
from domain.secrets import Secret
from provisioning.bootstrap import MOST_BYTES, first_contact, png_qr, qr_of, script_of, terminal_qr
from provisioning.errors import BootstrapError, MissingVariableError, UnquotableError
from provisioning.platforms.pushing.linux import program
from provisioning.rendering import fill
from tests.site_office import NOW, SLUG, make_office

SECRETS = {
    SecretHole("pwk-admin", "password"): Secret('kata "sandi" $1'),
    SecretHole("wg-cibodas", "token"): Secret("yAnz5TF+lXXJte14tji3zlMNq+hd2rYUIgJBgB3fBmk="),
}


def script(tmp_path: Path, profile: str = "desa-tunnel", **more: object) -> str:
    plan = make_office(tmp_path, **more).planner().plan(SLUG, NOW, profile=profile)  # type: ignore[arg-type]
    router = next(each for each in plan.intent.devices if each.key == "router")
    return script_of(first_contact(plan.intent, router))


def test_it_brings_up_uplink_tunnel_and_one_user(tmp_path: Path) -> None:
    text = script(tmp_path)
    lines = text.splitlines()
    assert lines[0].startswith(f"# rtr-{SLUG}:")
    assert all(line.startswith("/") for line in lines[1:])
    for start in (
        "/ip dhcp-client add",
        "/interface wireguard add",
        "/user add name=diskominfo",
        "/ip service set ssh",
    ):
        assert any(line.startswith(start) for line in lines), start
    assert "snmp" not in text
    assert "heartbeat" not in text


def test_secrets_are_filled_in_quoted_and_the_script_is_one(tmp_path: Path) -> None:
    filled = fill(script(tmp_path), SECRETS.get)
    assert r'password="kata \"sandi\" \$1"' in filled.reveal()
    assert "⟦" not in filled.reveal()
    assert str(filled) == "***"


def test_a_secret_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(MissingVariableError, match="credential wg-cibodas has no token"):
        fill(script(tmp_path), {SecretHole("pwk-admin", "password"): Secret("x")}.get)


def test_a_secret_that_the_platform_cannot_take_is_refused_and_not_shown() -> None:
    hole = SecretHole("pwk", "password", ("word",))
    with pytest.raises(UnquotableError) as refused:
        fill(f"username x secret {hole.marker()}", lambda _hole: Secret("two words?"))
    assert "two words" not in str(refused.value)


def test_a_secret_in_a_script_of_others_is_letters_and_digits() -> None:
    text = f"url=https://k/heartbeat/{SecretHole('heartbeat-ds', 'token').marker()}"
    assert fill(text, lambda _hole: Secret("a2b3")).reveal().endswith("/a2b3")
    with pytest.raises(UnquotableError, match="heartbeat-ds/token"):
        fill(text, lambda _hole: Secret("a2';reboot"))


def test_it_fits_into_one_qr_code(tmp_path: Path) -> None:
    code = qr_of(fill(script(tmp_path), SECRETS.get))
    assert code.mode == "byte"
    assert png_qr(code).startswith(b"\x89PNG")
    assert len(terminal_qr(code).splitlines()) > 40


def test_what_does_not_fit_says_so() -> None:
    assert qr_of(Secret("x" * MOST_BYTES)).version == 40
    with pytest.raises(BootstrapError, match="has 2954 bytes"):
        qr_of(Secret("x" * (MOST_BYTES + 1)))


def test_debian_gets_a_script_that_brings_its_program(tmp_path: Path) -> None:
    text = fill(script(tmp_path, router="frr"), SECRETS.get).reveal()
    assert text.startswith(f"#!/bin/sh\n# rtr-{SLUG}:")
    assert subprocess.run(["sh", "-n"], input=text, text=True, check=False).returncode == 0
    assert program() in text
    assert f"password '{SECRETS[SecretHole('pwk-admin', 'password')].reveal()}'" in text
    assert "\n ip address 10.32.0.0/32\n" in text
    assert "snmpd.conf <<" not in text
    with pytest.raises(BootstrapError, match="Bring it as a file"):
        qr_of(Secret(text))


def test_openwrt_has_no_first_contact(tmp_path: Path) -> None:
    with pytest.raises(BootstrapError, match="openwrt is set up by hand"):
        script(tmp_path, router="openwrt")
