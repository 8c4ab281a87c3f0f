"""Lines told over real SSH to simulated IOS, VRP and OLTs: kept, taken back, healed from what goes wrong on the way."""

import re
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import pytest

from domain.changes import Job, JobState, StepKind
from domain.intent import Configuration, Platform
from lab.cli import Faults, SimulatedDevice
from lab.cli.lines.model import LineModel
from provisioning.platforms.pushing.ios import IosPushing
from provisioning.platforms.pushing.zte import ZtePushing
from tests.real.told_over_ssh import NAME, PASSWORD, SECRET, Told, intent, telling

pytestmark = [pytest.mark.real, pytest.mark.timeout(120)]

IOS = """
hostname rtr-desa-baru-sekali
username noc privilege 15 secret ⟦lab/password⟧
ip access-list standard KENTONGAN-MANAGEMENT
 permit 192.168.88.0 0.0.0.255
interface GigabitEthernet0/1
 description kentongan lan
 ip address 10.33.0.1 255.255.255.0
 no shutdown
ip route 10.40.0.0 255.255.0.0 10.33.0.2
line vty 0 4
 access-class KENTONGAN-MANAGEMENT in
"""
VRP = """
sysname rtr-desa
acl number 2999
 rule 5 permit source 192.168.88.0 0.0.0.255
aaa
 local-user noc password irreversible-cipher ⟦lab/password⟧
interface GigabitEthernet0/0/2
 description kentongan lan
user-interface vty 0 4
 acl 2999 inbound
"""
ZTE = """
vlan 104
interface gpon-olt_1/1/3
  onu 5 type ZTE-F660 sn ZTEGC0FFEE01
interface gpon-onu_1/1/3:5
  tcont 1 profile 10M
  gemport 1 tcont 1
"""
HUAWEI = """
vlan 104 smart
interface gpon 0/1
 ont add 3 5 sn-auth "ZTEGC0FFEE01" omci ont-lineprofile-id 1 ont-srvprofile-id 1 desc "desa"
service-port vlan 104 gpon 0/1/3 ont 5 gemport 1 multi-service user-vlan 100 tag-transform translate
"""


def archiving() -> SimulatedDevice:
    device = SimulatedDevice.ios()
    assert isinstance(device.model, LineModel)
    assert device.model.replay("archive\n path flash:arsip\n") == []
    device.model.save()
    return device


def failed(job: Job, kind: StepKind) -> str:
    """Why this step failed, after which everything was taken back."""
    assert job.state is JobState.UNDONE, job.why
    step, back = job.step(kind, NAME), job.step(StepKind.REVERT, NAME)
    assert step is not None
    assert back is not None
    assert back.evidence == "As it was before."
    return job.why


def told_no_secret(told: Told) -> bool:
    return not any(secret in " ".join((*job, "")) for job in told.said for secret in (SECRET, PASSWORD))


def ios_through_a_pager_with_a_reload_armed(folder: Path) -> None:
    device = SimulatedDevice.ios(faults=Faults(pages=True))
    with telling(device, intent(Platform.IOS, IOS), folder) as told:
        before = told.read()
        job = told.apply()
        assert job.state is JobState.DONE, job.why
        assert "description kentongan lan" in device.saved()
        said = [line for line, _answer in told.said]
        assert said.index("reload in 2 kentongan") < said.index("hostname rtr-desa-baru-sekali")
        assert "username noc privilege 15 secret ***" in said
        assert told_no_secret(told)
        device.advance(600)
        assert device.reboots == 0
        assert told.rollback().state is JobState.UNDONE
        assert told.read() == device.saved() == before


def vrp_8_on_trial(folder: Path) -> None:
    device = SimulatedDevice.vrp("V800R012C10")
    with telling(device, intent(Platform.VRP, VRP), folder) as told:
        before = told.read()
        job = told.apply()
        assert job.state is JobState.DONE, job.why
        assert "commit trial 120 persist kentongan-ab12cd" in [line for line, _answer in told.said]
        device.advance(600)
        assert "sysname rtr-desa" in device.saved()
        assert told_no_secret(told)
        assert told.rollback().state is JobState.UNDONE
        assert told.read() == device.saved() == before
        assert device.reboots == 0


def ios_takes_back_what_locks_us_out(folder: Path) -> None:
    is_locked_out_for_a_while(archiving(), intent(Platform.IOS, IOS.replace("192.168.88.0", "10.9.9.0")), folder)


def vrp_5_restarts_when_it_has_locked_us_out(folder: Path) -> None:
    device = SimulatedDevice.vrp("V200R019C10SPC500")
    is_locked_out_for_a_while(device, intent(Platform.VRP, VRP.replace("192.168.88.0", "10.9.9.0")), folder, 1)


def is_locked_out_for_a_while(device: SimulatedDevice, wanted: Configuration, folder: Path, restarts: int = 0) -> None:
    with telling(device, wanted, folder) as told:
        before = told.read()
        why = failed(told.apply(), StepKind.CONFIRM)
        assert "is not reached any more" in why
        assert told.read() == before
        assert device.reboots == restarts


def an_olt_that_accepts_the_command_and_does_nothing(folder: Path) -> None:
    device = SimulatedDevice.huawei_olt(faults=Faults(ignores=r"^(?:service-port |undo service-port)"))
    with telling(device, intent(Platform.HUAWEI_OLT, HUAWEI), folder, shared=True) as told:
        before = told.read()
        why = failed(told.apply(), StepKind.CONFIRM)
        assert "took everything and is not what it was told to be" in why
        assert "+ service-port vlan 104" in why
        assert told.read() == before


def a_zte_olt_is_told_kept_and_taken_back_while_a_neighbour_stays(folder: Path) -> None:
    device = SimulatedDevice.zte_olt()
    with telling(device, intent(Platform.ZTE_OLT, ZTE), folder, shared=True) as told:
        job = told.apply()
        assert job.state is JobState.DONE, job.why
        arm = job.step(StepKind.ARM, NAME)
        assert arm is not None
        assert "cannot come back by itself" in arm.evidence
        assert "onu 5 type ZTE-F660 sn ZTEGC0FFEE01" in device.saved()
        assert isinstance(device.model, LineModel)
        assert device.model.replay("interface gpon-olt_1/1/3\n onu 6 type ALL sn ZTEGC0FFEE06\n") == []
        assert told.rollback().state is JobState.UNDONE
        assert re.findall(r"onu \d+ type \S+ sn \S+", told.read()) == ["onu 6 type ALL sn ZTEGC0FFEE06"]


def a_question_that_nobody_expected_is_not_answered(folder: Path) -> None:
    device = SimulatedDevice.zte_olt(faults=Faults(asks=r"^tcont "))
    pushing = ZtePushing(line_seconds=3.0)
    with telling(device, intent(Platform.ZTE_OLT, ZTE), folder, pushing, shared=True) as told:
        before = told.read()
        why = failed(told.apply(), StepKind.PUSH)
        assert "are you sure? [y/N]" in why
        assert told.read() == before


def a_line_refused_in_the_middle(folder: Path) -> None:
    """The address stands on another port already."""
    text = IOS.replace("10.33.0.1", "192.168.88.77")
    device = archiving()
    with telling(device, intent(Platform.IOS, text), folder, IosPushing()) as told:
        before = told.read()
        why = failed(told.apply(), StepKind.PUSH)
        assert "does not take 'ip address 192.168.88.77 255.255.255.0'" in why
        assert "overlaps with GigabitEthernet0/0" in why
        assert told.read() == before


def the_device_restarts_while_it_is_told(folder: Path) -> None:
    device = SimulatedDevice.ios(faults=Faults(reboots_at=r"^interface GigabitEthernet0/1"))
    with telling(device, intent(Platform.IOS, IOS), folder) as told:
        before = told.read()
        why = failed(told.apply(), StepKind.PUSH)
        assert "cut off while it was told" in why
        assert told.read() == before
        assert device.reboots == 1


SCENARIOS = (
    ios_through_a_pager_with_a_reload_armed,
    vrp_8_on_trial,
    ios_takes_back_what_locks_us_out,
    vrp_5_restarts_when_it_has_locked_us_out,
    an_olt_that_accepts_the_command_and_does_nothing,
    a_zte_olt_is_told_kept_and_taken_back_while_a_neighbour_stays,
    a_question_that_nobody_expected_is_not_answered,
    a_line_refused_in_the_middle,
    the_device_restarts_while_it_is_told,
)


@pytest.fixture(scope="module")
def told_at_once(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Future[None]]]:
    """They wait more than they work: all of them at the same time take no longer than the longest."""
    with ThreadPoolExecutor(len(SCENARIOS)) as pool:
        yield {each.__name__: pool.submit(each, tmp_path_factory.mktemp(each.__name__)) for each in SCENARIOS}


@pytest.mark.parametrize("name", [each.__name__ for each in SCENARIOS])
def test_told_over_ssh(told_at_once: dict[str, Future[None]], name: str) -> None:
    told_at_once[name].result(timeout=100)
