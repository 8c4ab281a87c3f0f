"""The queue of doubts: who sees and answers what, nothing believed that was not seen, neighbours told from ours."""

from collections.abc import Iterator

import pytest

from collectors.store.plans import DeviceFacts
from console.ports.discovery import Queue
from console.web.discovery import discovery_part
from domain.network import Device, Inventory, PersonRole, Role
from kentongan.console_adapters.discovery import strangers
from tests.unit.console.changes_office import enter
from tests.unit.console.console_office import Office, office
from tests.unit.console.doubts_office import MemoryDoubts, MemoryStrangers

ENGINEERS = {PersonRole.ENGINEER, PersonRole.ADMIN}


@pytest.fixture(scope="module")
def house() -> Iterator[tuple[Office, MemoryStrangers, MemoryDoubts]]:
    known, doubts = MemoryStrangers(), MemoryDoubts()
    with office(parts=[discovery_part(Queue(known, doubts))]) as here:
        yield here, known, doubts


House = tuple[Office, MemoryStrangers, MemoryDoubts]
ACTS = {
    "ignore": {"key": "aa:01", "reason": "milik sekolah"},
    "take": {"key": "aa:01", "name": "sw-citeko", "role": "switch"},
    "dismiss": {"device": "rtr-citeko", "serial": "HE1", "reason": "salah baca"},
    "believe": {"device": "rtr-citeko", "fingerprint": "SHA256:new", "sure": "yes"},
}
ASKED = {
    "ignored": ACTS["ignore"],
    "questions/rtr-citeko/dismissal": {"serial": "HE1"},
    "host-keys/rtr-citeko/acceptance": {"fingerprint": "SHA256:new"},
}


@pytest.mark.parametrize("role", list(PersonRole))
def test_who_answers(house: House, role: PersonRole) -> None:
    here, known, doubts = house
    known.acts.clear()
    doubts.acts.clear()
    enter(here, role.value)
    text = here.client.get("/discovery").text
    assert "<script>alert" not in text
    assert "6 doubts wait for an answer" in text
    assert ("/discovery/believe" in text) is (role in ENGINEERS)
    for act, form in ACTS.items():
        status = here.client.post(f"/discovery/{act}", data={"form_key": here.form_key(), **form}).status_code
        assert status == (303 if role in ENGINEERS else 403), act
        assert here.client.post(f"/discovery/{act}", data=form).status_code == 403
    for path, body in ASKED.items():
        answer = here.client.post(f"/api/v1/discovery/{path}", headers=here.token(role.value), json=body)
        assert answer.status_code == (204 if role in ENGINEERS else 403), path
        read_only = here.token(role.value, read_only=True)
        assert here.client.post(f"/api/v1/discovery/{path}", headers=read_only, json=body).status_code == 403
    assert len(known.acts) + len(doubts.acts) == (7 if role in ENGINEERS else 0)


def test_doubts_are_looked_for(house: House) -> None:
    here, _known, _doubts = house
    enter(here, "viewer")
    text = here.client.get("/discovery?q=CITEKO").text
    assert "rtr-citeko" in text
    assert "rtr-cadassari" not in text
    assert "No doubt fits" in here.client.get("/discovery?q=%25").text
    assert "cadassari" not in here.client.get("/discovery.csv?q=citeko").text
    assert here.client.get("/discovery?q=" + "x" * 10_000).status_code == 422


def test_another_kecamatans_doubts_are_not_there(house: House) -> None:
    here, known, doubts = house
    known.acts.clear()
    doubts.acts.clear()
    enter(here, "of-plered")
    token = here.token("of-plered")
    everything = here.client.get("/discovery").text + here.client.get("/discovery.csv").text
    for path in ("found", "questions", "host-keys"):
        everything += here.client.get(f"/api/v1/discovery/{path}", headers=token).text
    assert "citeko" in everything
    assert "cadassari" not in everything
    assert "aa:02" not in everything
    assert "'=aa:03" in everything
    enter(here, "engineer")
    engineer = here.accounts.kept["engineer"]
    here.accounts.kept["engineer"] = type(engineer)("engineer", engineer.role, here.accounts.kept["of-plered"].regions)
    try:
        form = {"form_key": here.form_key()}
        assert here.client.post("/discovery/ignore", data={**form, "key": "aa:02", "reason": "x"}).status_code == 404
        for act in ("dismiss", "believe"):
            answer = here.client.post(f"/discovery/{act}", data={**form, **ACTS[act], "device": "rtr-cadassari"})
            assert answer.status_code == 404
        path = "/api/v1/discovery/host-keys/rtr-cadassari/acceptance"
        body = {"fingerprint": "SHA256:new"}
        assert here.client.post(path, headers=here.token("engineer"), json=body).status_code == 404
    finally:
        here.accounts.kept["engineer"] = engineer
    assert not known.acts
    assert not doubts.acts


def test_nothing_is_believed_that_was_not_seen(house: House) -> None:
    here, known, doubts = house
    doubts.acts.clear()
    known.acts.clear()
    enter(here, "engineer")
    form = {"form_key": here.form_key()}
    unsure = {"device": "rtr-citeko", "fingerprint": "SHA256:new"}
    assert here.client.post("/discovery/believe", data={**form, **unsure}).status_code == 422
    other = {"device": "rtr-citeko", "fingerprint": "SHA256:older", "sure": "yes"}
    answer = here.client.post("/discovery/believe", data={**form, **other})
    assert (answer.status_code, "SHA256:new since" in answer.text) == (409, True)
    assert here.client.post("/discovery/ignore", data={**form, "key": "aa:01"}).status_code == 422
    assert here.client.post("/discovery/take", data={**form, **ACTS["take"], "role": "toaster"}).status_code == 422
    assert here.client.post("/discovery/take", data={**form, **ACTS["take"], "name": "taken"}).status_code == 409
    assert not doubts.acts
    assert not known.acts


def test_neighbours_are_told_from_what_is_ours() -> None:
    def seen(**neighbour: str) -> dict[str, str]:
        return {"protocol": "lldp", "local_interface": "ether1", **neighbour}

    inventory = Inventory(
        devices=(
            Device("rtr-a", "a", Role.ROUTER, mac="AA-BB-CC-00-00-01"),
            Device("rtr-b", "b", Role.ROUTER),
        )
    )
    facts = {
        "rtr-a": DeviceFacts(
            0.0,
            more={
                "neighbours": [
                    seen(chassis_id="d4:ca:6d:00:00:01", sys_name="MikroTik"),
                    seen(chassis_id="d4ca.6d00.0001"),
                    seen(sys_name="RTR-B.purwakarta.internal", chassis_id="01:01:01:01:01:01"),
                    seen(sys_name="gedung-b"),
                    seen(),
                ]
            },
        ),
        "rtr-b": DeviceFacts(
            0.0, more={"sysName": "gedung-b", "neighbours": [seen(chassis_id="aabbcc000001", sys_name="anything")]}
        ),
    }
    found = list(strangers(inventory, facts, {"d4ca6d000001": {"reason": "sekolah", "who": "siti"}}))
    assert [(each.key, each.seen_by, each.ignored) for each in found] == [("d4ca6d000001", "rtr-a", "sekolah")]


def test_a_program_writes_down_what_is_ours(house: House) -> None:
    here, strangers, _doubts = house
    strangers.acts.clear()
    given = {"key": "aa:01", "name": "sw-desa", "role": "switch", "address": "10.0.0.9"}

    def answered(name: str, body: dict[str, str], *, read_only: bool = False) -> int:
        headers = here.token(name, read_only=read_only)
        return here.client.post("/api/v1/discovery/taken", headers=headers, json=body).status_code

    assert answered("engineer", given, read_only=True) == 403
    assert answered("engineer", {**given, "role": "toaster"}) == 422
    assert answered("engineer", {**given, "key": "aa:09"}) == 404
    assert answered("engineer", {**given, "name": "taken"}) == 409
    assert strangers.acts == []
    assert answered("engineer", given) == 204
    assert strangers.acts == [("take", "aa:01", "sw-desa", "switch", "engineer")]
