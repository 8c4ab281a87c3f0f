"""USM on the agent's side: keys against the RFC's own vectors, and the reports that net-snmp's tools do not provoke."""

import pytest

from domain.network import Inventory
from domain.secrets import AuthProtocol, Secret, SnmpUser
from lab.world import ber
from lab.world.agents import Agents
from lab.world.keys import KeyRing
from lab.world.model import World
from lab.world.users import SHA_AES, USERS
from lab.world.usm import NOT_IN_WINDOW, UNKNOWN_ENGINE, WRONG_DIGEST, engine_id

NOON = 1_790_000_000.0
REPORTABLE, AUTH = 4, 1


def test_keys_are_those_of_rfc_3414() -> None:
    """Appendix A.3.2: SHA-1, password maplesyrup, engine ID 00…02."""
    ring = KeyRing((SnmpUser("x", "bert", AuthProtocol.SHA1, Secret("maplesyrup")),))
    keys = ring.keys(b"bert", bytes.fromhex("000000000000000000000002"))
    assert keys.auth.hex() == "6695febc9288e36282235fc7151f128497b38f3f"
    assert keys.mac_bytes == 12


def test_what_is_sealed_opens() -> None:
    for user in USERS:
        keys = KeyRing(USERS).keys(user.user.encode(), engine_id("127.10.1.1"))
        if keys.priv:
            sealed = keys.crypt(b"desa" * 9, 3, 1_000, b"saltsalt", decrypt=False)
            assert sealed != b"desa" * 9
            assert keys.crypt(sealed, 3, 1_000, b"saltsalt", decrypt=True) == b"desa" * 9
            assert keys.crypt(sealed, 4, 1_000, b"saltsalt", decrypt=True) != b"desa" * 9


def ask(engine: bytes, boots: int, seconds: int, flags: int = AUTH | REPORTABLE, spoil: bool = False) -> bytes:
    """A GET of sysName by the user of authNoPriv, signed for the engine."""
    binding = ber.varbind(ber.oid(ber.parse_oid("1.3.6.1.2.1.1.5.0")), b"\x05\x00")
    pdu = ber.wrap(ber.GET, b"\x02\x01\x2a\x02\x01\x00\x02\x01\x00" + ber.wrap(0x30, binding))
    scoped = ber.wrap(0x30, ber.octets(engine) + ber.octets(b"") + pdu)
    head = ber.integer(7) + ber.integer(65_000) + ber.octets(bytes((flags,))) + ber.integer(3)
    blank = bytes(12)

    def whole(mac: bytes) -> bytes:
        security = ber.octets(engine) + ber.integer(boots) + ber.integer(seconds) + ber.octets(b"labauth")
        security += ber.octets(mac) + ber.octets(b"")
        parameters = ber.octets(ber.wrap(0x30, security))
        return ber.wrap(0x30, ber.integer(3) + ber.wrap(0x30, head) + parameters + scoped)

    keys = KeyRing(USERS).keys(b"labauth", engine)
    mac = keys.mac(whole(blank))
    return whole(bytes(12) if spoil else mac)


def report_of(reply: bytes | None) -> int:
    """Which of usmStats a report names; 0 for a response."""
    assert reply is not None
    stats = ber.oid_contents(ber.parse_oid("1.3.6.1.6.3.15.1.1"))
    at = reply.find(stats)
    return reply[at + len(stats)] if at >= 0 else 0


@pytest.mark.parametrize(
    ("late", "more_boots", "expected"),
    [(0, 0, 0), (149, 0, 0), (-149, 0, 0), (152, 0, NOT_IN_WINDOW), (-152, 0, NOT_IN_WINDOW), (0, 1, NOT_IN_WINDOW)],
)
def test_the_time_window(world: World, small: Inventory, late: int, more_boots: int, expected: int) -> None:
    node = world.wiring.by_name["rtr-inti-1"]
    address = world.wiring.nodes[node].device.address
    message = ask(engine_id(address), world.boots(node) + more_boots, int(world.uptime_seconds(node, NOON + 1)) + late)
    reply = Agents(world).answer(address, message, NOON + 1)
    assert report_of(reply) == expected
    assert (b"rtr-inti-1" in (reply or b"")) == (expected == 0)


def test_a_reboot_counts_as_a_boot_of_the_engine(world: World) -> None:
    node = world.wiring.by_name["rtr-inti-1"]
    address = world.wiring.nodes[node].device.address
    boots = world.boots(node)
    world.reboot("rtr-inti-1", NOON + 1, seconds=5)
    world.advance(NOON + 10)
    agents = Agents(world)
    assert report_of(agents.answer(address, ask(engine_id(address), boots, 5), NOON + 11)) == NOT_IN_WINDOW
    assert report_of(agents.answer(address, ask(engine_id(address), boots + 1, 5), NOON + 11)) == 0


def test_a_wrong_engine_or_signature_is_reported_only_to_who_wants_reports(world: World) -> None:
    node = world.wiring.by_name["rtr-inti-1"]
    address = world.wiring.nodes[node].device.address
    agents, now = Agents(world), int(world.uptime_seconds(node, NOON))
    boots = world.boots(node)
    assert report_of(agents.answer(address, ask(b"\x80wrong", boots, now), NOON)) == UNKNOWN_ENGINE
    assert report_of(agents.answer(address, ask(engine_id(address), boots, now, spoil=True), NOON)) == WRONG_DIGEST
    assert agents.answer(address, ask(b"\x80wrong", boots, now, flags=AUTH), NOON) is None
    assert agents.answer(address, ask(engine_id(address), boots, now, flags=AUTH, spoil=True), NOON) is None


def test_the_passwords_do_not_print() -> None:
    assert "kentongan" not in repr(SHA_AES)
