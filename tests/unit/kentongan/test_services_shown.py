"""What the poller lends of its services comes to the console as it was; a poller that is gone is said."""

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from domain.network import Check, Device, DeviceStatus, Inventory, Role, Service, Site, SiteKind
from domain.services import (
    CertificateFacts,
    CertificateRole,
    CheckKind,
    Finding,
    Hop,
    Phases,
    ServiceBoard,
    ServiceOutcome,
    ServicePlan,
    ServiceState,
    ServiceWord,
)
from domain.states import State
from domain.time import Moment
from kentongan.console_adapters.beside import FRESH_SECONDS
from kentongan.console_adapters.services import PolledServices, subjects_of
from kentongan.installation import Installation
from kentongan.run.service_states import service_states
from kentongan.settings import load_settings

AT = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)
CERTIFICATE = CertificateFacts(
    1, "sip.id", CertificateRole.CHAIN, "CA", "Root", ("sip.id",), AT, AT + timedelta(days=9), "ab", True
)


def outcome(code: str, second: float, word: ServiceWord) -> ServiceOutcome:
    findings = () if word is ServiceWord.OK else (Finding(word, "https://sip.id", {"status": "503"}),)
    at = Moment(second, AT.timestamp() + second)
    phases = Phases(0.01, total_seconds=0.2)
    hops = (Hop("http://sip.id", 301, Phases(), "https://sip.id"),)
    return ServiceOutcome(code, CheckKind.HTTP, at, findings, phases, 503, 812, hops, (CERTIFICATE,), True)


@dataclass
class Desk:
    plan: ServicePlan = field(default_factory=lambda: ServicePlan(refused={"aneh": "no host"}))
    board: ServiceBoard = field(default_factory=ServiceBoard)
    last: dict[str, ServiceOutcome] = field(default_factory=dict)

    def take(self, given: ServiceOutcome) -> None:
        self.last[given.code] = given
        self.board.take(given)

    def decided(self, code: str) -> ServiceState | None:
        return self.board.get(code)


def test_it_comes_over_as_it_was(tmp_path: Path) -> None:
    desk, asked = Desk(), list[str]()
    desk.take(outcome("sip", 0, ServiceWord.WRONG_STATUS))
    desk.take(outcome("sip", 60, ServiceWord.WRONG_STATUS))
    desk.take(outcome("once", 60, ServiceWord.SILENT))

    def ask(url: str) -> str:
        asked.append(url)
        if len(asked) > 1:
            raise OSError("gone")
        return json.dumps(service_states(desk))

    file = tmp_path / "kentongan.toml"
    file.write_text("", encoding="utf-8")
    with Installation(load_settings(file, {}), "test").prepare() as installation:
        services = PolledServices(installation, ask)
        board = services.board()
        sip = board.standings["sip"]
        assert (sip.state, sip.word, sip.since) == (State.DOWN, ServiceWord.WRONG_STATUS, AT)
        assert (sip.checked_at, sip.certificates) == (AT + timedelta(seconds=60), (CERTIFICATE,))
        assert (sip.hops, sip.findings) == (desk.last["sip"].hops, desk.last["sip"].findings)
        assert (board.standings["once"].state, board.refused, board.silent) == (None, desk.plan.refused, "")
        assert services.board() is board, f"asked once in {FRESH_SECONDS} s, however many look"
        assert asked == ["http://127.0.0.1:9275/services"]
        installation.inventory.write([Site("dc", "Pusat data", SiteKind.DATACENTER)])
        assert services.board().silent
        assert services.board().standings == {}


def test_every_camera_in_use_that_no_service_speaks_for() -> None:
    def camera(name: str, status: DeviceStatus = DeviceStatus.IN_USE) -> Device:
        return Device(name, "simpang", Role.CAMERA, check=Check.ICMP, status=status)

    inventory = Inventory(
        sites=(Site("simpang", "Simpang", SiteKind.CCTV),),
        devices=(camera("cam-1"), camera("cam-2"), camera("cam-3", DeviceStatus.SPARE)),
        services=(Service("siaran", "Siaran", url="rtsp://10.0.0.1/x", host="cam-2"),),
    )
    found = {each.code: each.site.slug if each.site else "" for each in subjects_of(inventory)}
    assert found == {"cam-1": "simpang", "siaran": "simpang"}
