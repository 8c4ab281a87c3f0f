"""What the agents say, message by message: a datagram in, a datagram out, no sockets."""

from collections.abc import Iterator

import pytest

from domain.network import Inventory, Role
from lab.world import ber
from lab.world.agents import MAX_DATAGRAM, Agents
from lab.world.model import World
from lab.world.pdu import NO_ACCESS, NO_SUCH_NAME, TOO_BIG, V1, V2C

NOON = 1_790_000_000.0
SYS_NAME, SYS_UPTIME, IF_NUMBER = "1.3.6.1.2.1.1.5.0", "1.3.6.1.2.1.1.3.0", "1.3.6.1.2.1.2.1.0"
HC_IN = "1.3.6.1.2.1.31.1.1.1.6"


@pytest.fixture
def agents(world: World) -> Agents:
    return Agents(world)


def address(inventory: Inventory, name: str) -> str:
    return next(device.address for device in inventory.devices if device.name == name)


def message(
    tag: int, oids: list[str], version: int = V2C, second: int = 0, third: int = 0, community: str = "public"
) -> bytes:
    bindings = b"".join(ber.varbind(ber.oid(ber.parse_oid(oid)), b"\x05\x00") for oid in oids)
    pdu = ber.integer(4711) + ber.integer(second) + ber.integer(third) + ber.wrap(ber.SEQUENCE, bindings)
    return ber.wrap(ber.SEQUENCE, ber.integer(version) + ber.octets(community) + ber.wrap(tag, pdu))


def parse(data: bytes | None) -> tuple[int, int, list[tuple[ber.Oid, int, bytes]]]:
    """error-status, error-index, and the bindings as (OID, tag, contents)."""
    assert data is not None
    at, end = ber.expect(data, 0, len(data), ber.SEQUENCE)
    assert end == len(data)
    _version, at = ber.read_integer(data, at, end)
    _start, at = ber.expect(data, at, end, ber.OCTETS)
    at, end = ber.expect(data, at, end, ber.RESPONSE)
    request_id, at = ber.read_integer(data, at, end)
    assert request_id == 4711
    error, at = ber.read_integer(data, at, end)
    index, at = ber.read_integer(data, at, end)
    at, end = ber.expect(data, at, end, ber.SEQUENCE)
    bindings = []
    while at < end:
        inner, stop = ber.expect(data, at, end, ber.SEQUENCE)
        start, after = ber.expect(data, inner, stop, ber.OID)
        tag, first, last = ber.read(data, after, stop)
        bindings.append((ber.arcs_of(data[start:after]), tag, data[first:last]))
        at = stop
    return error, index, bindings


def walk(agents: Agents, where: str, root: str = "0.0", repetitions: int = 40) -> Iterator[tuple[ber.Oid, int, bytes]]:
    last = root
    while True:
        _error, _index, bindings = parse(
            agents.answer(where, message(ber.GETBULK, [last], third=repetitions), NOON + 1)
        )
        assert bindings
        for name, tag, contents in bindings:
            if tag == 0x82:
                return
            yield name, tag, contents
            last = ".".join(map(str, name))


def test_every_agent_says_its_name_and_walks_completely(agents: Agents, world: World, small: Inventory) -> None:
    for node in world.wiring.nodes:
        if not node.has_agent:
            continue
        where = node.device.address
        rows = list(walk(agents, where))
        names = [name for name, _tag, _contents in rows]
        assert names == sorted(set(names)), node.device.name
        found = {name: contents for name, _tag, contents in rows}
        assert found[ber.parse_oid(SYS_NAME)] == node.device.name.encode()
        indices = [name[-1] for name in names if name[:-1] == ber.parse_oid("1.3.6.1.2.1.2.2.1.1")]
        assert int.from_bytes(found[ber.parse_oid(IF_NUMBER)], "big") == len(indices) == len(node.interfaces)
        # what a walk brings a GET brings too, and GETNEXT goes the same way
        for at in range(0, len(names), 97):
            oid = ".".join(map(str, names[at]))
            _error, _index, [(name, tag, _contents)] = parse(agents.answer(where, message(ber.GET, [oid]), NOON + 1))
            assert (name, tag) == rows[at][:2]
            if at + 1 < len(names):
                _error, _index, [(name, _tag, _contents)] = parse(
                    agents.answer(where, message(ber.GETNEXT, [oid]), NOON + 1)
                )
                assert name == names[at + 1]


def test_what_is_not_there_is_said_per_binding(agents: Agents, small: Inventory) -> None:
    where = address(small, "rtr-inti-1")
    error, _index, bindings = parse(
        agents.answer(where, message(ber.GET, [SYS_NAME, "1.3.6.1.9.9", HC_IN + ".999"]), NOON)
    )
    assert error == 0
    assert [tag for _name, tag, _contents in bindings] == [ber.OCTETS, 0x81, 0x81]


def test_version_1_names_the_first_that_fails_and_knows_no_64_bits(agents: Agents, small: Inventory) -> None:
    where = address(small, "rtr-inti-1")
    assert parse(agents.answer(where, message(ber.GET, [SYS_NAME], V1), NOON))[0] == 0
    assert parse(agents.answer(where, message(ber.GET, [SYS_NAME, HC_IN + ".1"], V1), NOON))[:2] == (NO_SUCH_NAME, 2)
    assert parse(agents.answer(where, message(ber.GETNEXT, ["1.4"], V1), NOON))[:2] == (NO_SUCH_NAME, 1)
    _error, _index, [(name, tag, _contents)] = parse(agents.answer(where, message(ber.GETNEXT, [HC_IN], V1), NOON))
    assert tag != ber.COUNTER64
    assert name > ber.parse_oid(HC_IN)
    assert agents.answer(where, message(ber.GETBULK, ["1.3"], V1), NOON) is None


def test_bulk_gives_the_single_ones_once_and_the_others_in_turns(agents: Agents, small: Inventory) -> None:
    where = address(small, "rtr-inti-1")
    columns = ["1.3.6.1.2.1.1.2", "1.3.6.1.2.1.2.2.1.1", "1.3.6.1.2.1.2.2.1.2"]
    _error, _index, bindings = parse(agents.answer(where, message(ber.GETBULK, columns, second=1, third=3), NOON))
    names = [".".join(map(str, name)) for name, _tag, _contents in bindings]
    assert names == ["1.3.6.1.2.1.1.2.0", *(f"{columns[at]}.{row}" for row in (1, 2, 3) for at in (1, 2))]


def test_bulk_ends_with_the_first_round_beyond_the_end(agents: Agents, small: Inventory) -> None:
    where = address(small, "rtr-inti-1")
    _error, _index, bindings = parse(agents.answer(where, message(ber.GETBULK, ["2.0"], third=30), NOON))
    assert bindings == [((2, 0), 0x82, b"")]


def test_no_answer_is_longer_than_a_frame(agents: Agents, small: Inventory) -> None:
    where = address(small, "rtr-inti-1")
    reply = agents.answer(where, message(ber.GETBULK, ["1.3.6.1.2.1.2"], third=10_000), NOON)
    assert reply is not None
    assert 1_300 < len(reply) <= MAX_DATAGRAM
    many = ["1.3.6.1.2.1.1.1.0"] * 60
    assert parse(agents.answer(where, message(ber.GET, many), NOON)) == (TOO_BIG, 0, [])
    just = next(n for n in range(60, 0, -1) if parse(agents.answer(where, message(ber.GET, many[:n]), NOON))[0] == 0)
    reply = agents.answer(where, message(ber.GET, many[:just]), NOON)
    assert reply is not None
    assert MAX_DATAGRAM - 60 < len(reply) <= MAX_DATAGRAM


def test_nothing_can_be_set(agents: Agents, small: Inventory) -> None:
    where = address(small, "rtr-inti-1")
    assert parse(agents.answer(where, message(ber.SET, [SYS_NAME]), NOON))[0] == NO_ACCESS


def test_silence_for_strangers_and_the_dark(agents: Agents, world: World, small: Inventory) -> None:
    ask = message(ber.GET, [SYS_NAME])
    camera = next(device for device in small.devices if device.role is Role.CAMERA)
    assert agents.answer("127.200.1.1", ask, NOON) is None
    assert agents.answer(camera.address, ask, NOON) is None
    assert agents.answer(address(small, "rtr-inti-1"), message(ber.GET, [SYS_NAME], community="secret"), NOON) is None
    server = address(small, "srv-aplikasi-1")
    assert agents.answer(server, ask, NOON) is not None
    world.cut("utp-srv-aplikasi-1", NOON + 1)
    assert agents.answer(server, ask, NOON + 1) is None


def test_a_row_comes_and_goes_with_its_neighbour(agents: Agents, world: World, small: Inventory) -> None:
    """LLDP's remote rows stand while the cable is lit; the list of OIDs asked for before stays right."""
    link = next(link for link in small.links if link.name.startswith("fo-olt-"))
    where = address(small, link.z_device)
    remote = "1.0.8802.1.1.2.1.4.1.1.9"
    rows = [
        ".".join(map(str, name)) for name, _tag, _c in walk(agents, where, remote) if name[:11] == ber.parse_oid(remote)
    ]
    ask = message(ber.GET, rows)
    tags = [tag for _name, tag, _c in parse(agents.answer(where, ask, NOON + 1))[2]]
    assert set(tags) == {ber.OCTETS}
    world.cut(link.name, NOON + 2)
    bindings = parse(agents.answer(where, ask, NOON + 3))[2]
    assert sorted(tag for _name, tag, _c in bindings) == sorted([0x81] + [ber.OCTETS] * (len(rows) - 1))
    left = [name for name, _tag, _c in walk(agents, where, remote) if name[:11] == ber.parse_oid(remote)]
    assert len(left) == len(rows) - 1


def test_the_light_of_a_cut_fibre_is_out_at_both_ends(agents: Agents, world: World, small: Inventory) -> None:
    link = next(one for one in small.links if one.name.startswith("fo-opd-"))
    rx = "1.3.6.1.4.1.14988.1.1.19.1.1.10"
    ends = []
    for device, port in ((link.a_device, link.a_interface), (link.z_device, link.z_interface)):
        node = world.wiring.nodes[world.wiring.by_name[device]]
        row = next(one.if_index for one in node.interfaces if one.name == port)
        ends.append((node.device.address, f"{rx}.{row}"))
    lit, dark = ends[1], -40_000
    [(_name, _tag, contents)] = parse(agents.answer(lit[0], message(ber.GET, [lit[1]]), NOON + 1))[2]
    assert -30_000 < int.from_bytes(contents, "big", signed=True) < 0
    world.cut(link.name, NOON + 2)
    [(_name, _tag, contents)] = parse(agents.answer(lit[0], message(ber.GET, [lit[1]]), NOON + 3))[2]
    assert int.from_bytes(contents, "big", signed=True) == dark


def test_onus_report_their_state_cause_and_light(agents: Agents, world: World, small: Inventory) -> None:
    onu = next(device for device in small.devices if device.role is Role.ONU)
    where = address(small, onu.olt)
    _shelf, slot, port = (int(part) for part in onu.olt_port.split("/"))
    index = f"{0x10000000 | slot << 16 | port << 8}.{onu.onu_id}"
    oids = [
        f"1.3.6.1.4.1.3902.1012.3.28.1.1.2.{index}",
        f"1.3.6.1.4.1.3902.1012.3.28.2.1.4.{index}",
        f"1.3.6.1.4.1.3902.1012.3.28.2.1.7.{index}",
        f"1.3.6.1.4.1.3902.1012.3.50.12.1.1.10.{index}.1",
        f"1.3.6.1.4.1.3902.1015.1010.11.2.1.2.{index}",
    ]

    def ask(now: float) -> list[int | str]:
        bindings = parse(agents.answer(where, message(ber.GET, oids), now))[2]
        return [c.decode() if t == ber.OCTETS else int.from_bytes(c, "big", signed=True) for _n, t, c in bindings]

    name, state, _cause, rx, olt_rx = ask(NOON + 1)
    assert (name, state) == (onu.name, 3)
    assert isinstance(rx, int)
    assert -28 < rx * 0.002 - 30 < -14
    assert isinstance(olt_rx, int)
    assert -30_000 < olt_rx < -15_000
    world.power_off(onu.site, NOON + 10)
    assert ask(NOON + 11)[1:] == [4, 9, 65_535, -80_000]
    assert ask(NOON + 100)[1] == 6
    world.power_on(onu.site, NOON + 200)
    world.cut(f"gpon-{onu.site}", NOON + 300)
    assert ask(NOON + 301)[1:] == [1, 2, 65_535, -80_000]


def test_a_radio_has_names_in_if_descr_and_no_64_bits(agents: Agents, small: Inventory) -> None:
    radio = next(device for device in small.devices if device.name.startswith("rad-") and "sektor" not in device.name)
    rows = list(walk(agents, radio.address))
    assert not any(tag == ber.COUNTER64 for _name, tag, _contents in rows)
    assert not any(name[:7] == ber.parse_oid("1.3.6.1.2.1.31") for name, _tag, _contents in rows)
    assert b"ath0" in [contents for name, _tag, contents in rows if name[:10] == ber.parse_oid("1.3.6.1.2.1.2.2.1.2")]
