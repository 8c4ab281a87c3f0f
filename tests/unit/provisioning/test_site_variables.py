"""Types of variables, layers and their precedence, and what is said when one is missing."""

from ipaddress import ip_address, ip_network

import pytest
from pydantic import ValidationError

from domain.intent import Platform, SecretHole
from provisioning.errors import MissingVariableError, VariableError
from provisioning.profiles import Kind, Layer, LayerValues, Variable, check, check_layer, require, resolve


def variable(kind: Kind, **more: object) -> Variable:
    return Variable.model_validate({"type": kind, "layer": Layer.SITE, "about": "it", **more})


@pytest.mark.parametrize(
    ("kind", "written", "value"),
    [
        (Kind.IP, "10.32.14.1", ip_address("10.32.14.1")),
        (Kind.PREFIX, "fd00:32::/48", ip_network("fd00:32::/48")),
        (Kind.VLAN, "4094", 4094),
        (Kind.INTEGER, 7, 7),
        (Kind.HOSTNAME, "vpn.purwakartakab.go.id", "vpn.purwakartakab.go.id"),
        (Kind.INTERFACE, "gpon-olt_1/1/3", "gpon-olt_1/1/3"),
        (Kind.TEXT, "Desa Cibodas (Kec. Sukatani)", "Desa Cibodas (Kec. Sukatani)"),
        (Kind.SECRET, "pwk-snmp/auth", SecretHole("pwk-snmp", "auth")),
        (Kind.BOOL, True, True),
        (
            Kind.WIREGUARD_KEY,
            "xTIBA5rboUvnH4htodjb6e697QjLERt1NAB4mZqp8Dg=",
            "xTIBA5rboUvnH4htodjb6e697QjLERt1NAB4mZqp8Dg=",
        ),
    ],
)
def test_what_a_type_lets_through(kind: Kind, written: object, value: object) -> None:
    assert check(variable(kind), written) == value


@pytest.mark.parametrize(
    ("kind", "written"),
    [
        (Kind.IP, "10.32.14"),
        (Kind.IP, "fe80::1%eth0"),
        (Kind.PREFIX, "10.32.14.1/24"),
        (Kind.VLAN, 4095),
        (Kind.VLAN, True),
        (Kind.INTEGER, "1e3"),
        (Kind.HOSTNAME, "rtr cibodas"),
        (Kind.HOSTNAME, "end"),
        (Kind.HOSTNAME, "-rtr"),
        (Kind.INTERFACE, "ether1; reboot"),
        (Kind.TEXT, "a\nreload"),
        (Kind.TEXT, "a; reboot"),
        (Kind.TEXT, "[/system reboot]"),
        (Kind.TEXT, "$password"),
        (Kind.TEXT, "say 'x'"),
        (Kind.TEXT, 'say "x"'),
        (Kind.TEXT, "a\\b"),
        (Kind.TEXT, "!"),
        (Kind.TEXT, "! no"),
        (Kind.TEXT, "end"),
        (Kind.TEXT, "QUIT"),
        (Kind.TEXT, "{{ secret }}"),
        (Kind.TEXT, "{% raw %}"),
        (Kind.TEXT, ""),
        (Kind.TEXT, "x" * 65),
        (Kind.TEXT, ["a"]),
        (Kind.BOOL, "yes"),
        (Kind.PUBLIC_KEY, "ssh-ed25519 AAAA"),
        (Kind.NAME, "-lives"),
    ],
)
def test_what_a_type_refuses(kind: Kind, written: object) -> None:
    with pytest.raises(VariableError):
        check(variable(kind), written)


def test_a_secret_that_was_written_down_is_not_repeated() -> None:
    with pytest.raises(VariableError) as refused:
        check(variable(Kind.SECRET), "rahasia-sekali")
    assert "rahasia" not in str(refused.value)
    assert "credential" in str(refused.value)


def test_many_values_are_few_enough() -> None:
    servers = variable(Kind.IP, many=True)
    assert check(servers, "10.0.0.1") == (ip_address("10.0.0.1"),)
    for wrong in ([], ["10.0.0.1"] * 17):
        with pytest.raises(VariableError):
            check(servers, wrong)


@pytest.mark.parametrize(
    "more",
    [
        {"kind": Kind.SECRET, "default": "pwk/password"},
        {"kind": Kind.CHOICE},
        {"kind": Kind.VLAN, "default": 5000},
        {"kind": Kind.INTERFACE, "default": {"junos": "ge-0/0/0"}},
    ],
)
def test_declarations_are_checked(more: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        variable(more.pop("kind"), **more)  # type: ignore[arg-type]


DECLARED = {
    "ntp": variable(Kind.IP, layer=Layer.KABUPATEN),
    "vlan": variable(Kind.VLAN, default=1),
    "note": variable(Kind.TEXT, optional=True),
    "port": variable(
        Kind.INTERFACE, default={"cisco-ios": "Gi0/0", "mikrotik-routeros": "ether1", "mikrotik-routeros-6": "wlan1"}
    ),
}


def test_a_later_layer_wins_whatever_the_order_they_are_given_in() -> None:
    layers = [
        check_layer(DECLARED, LayerValues(layer, f"{layer}.yaml", {"vlan": number}))
        for number, layer in enumerate(Layer, start=10)
    ]
    for given in (layers, layers[::-1]):
        resolved = resolve(DECLARED, given)
        assert resolved.values["vlan"] == 14
        assert resolved.origins["vlan"].source == "device.yaml"
    assert resolve(DECLARED, layers[:2]).values["vlan"] == 11
    assert resolve(DECLARED, []).values == {"vlan": 1, "note": None}


def test_defaults_are_the_platforms() -> None:
    assert resolve(DECLARED, [], Platform.IOS).values["port"] == "Gi0/0"
    assert resolve(DECLARED, [], Platform.ROUTEROS, 7).values["port"] == "ether1"
    assert resolve(DECLARED, [], Platform.ROUTEROS, 6).values["port"] == "wlan1"
    assert "port" not in resolve(DECLARED, [], Platform.FRR).values


def test_a_missing_variable_is_named_with_the_place_where_it_should_stand() -> None:
    layers = [check_layer(DECLARED, LayerValues(Layer.KABUPATEN, "var/kabupaten.yaml", {}))]
    resolved = resolve(DECLARED, layers)
    with pytest.raises(MissingVariableError) as missing:
        require(resolved, DECLARED, ["ntp", "port", "vlan", "unheard"], "rtr-1")
    said = str(missing.value)
    assert said.startswith("rtr-1: ntp is missing (it). It stands at the layer kabupaten: var/kabupaten.yaml; port is")
    assert "unheard" in said
    assert "vlan" not in said


def test_every_layer_is_checked_also_what_another_overrides() -> None:
    for values, word in (({"vlan": 0}, "vlan"), ({"vlam": 5}, "vlam")):
        with pytest.raises(VariableError, match=rf"site\.yaml: {word}"):
            check_layer(DECLARED, LayerValues(Layer.SITE, "site.yaml", values))
