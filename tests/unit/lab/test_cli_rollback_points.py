"""The ways back of simulated VRP and OLTs, as the vendors describe them: trials, files, registrations."""

from lab.cli import LabClock, SimulatedDevice
from lab.cli.conversation import Console, Login


class Desk:
    """One device and sessions on it; each line is answered as given."""

    def __init__(self, device: SimulatedDevice) -> None:
        self.device = device
        device.model.add_login("noc", "rahasia", "")

    def log_in(self) -> Console:
        return self.device.open(Login("noc", self.device.manager, rows=0))

    def say(self, console: Console, *lines: str) -> str:
        return "".join(self.device.take(console, "noc", line).text for line in lines)

    @property
    def now(self) -> str:
        return self.device.configuration()


def vrp8() -> Desk:
    return Desk(SimulatedDevice.vrp("V800R012C10", clock=LabClock(0.0)))


def test_a_trial_with_a_name_outlives_its_session_and_is_confirmed_by_it() -> None:
    desk = vrp8()
    first = desk.log_in()
    desk.say(first, "system-view", "sysname coba", "commit trial 120 persist satu")
    desk.device.close(first)
    assert "sysname coba" in desk.now
    second = desk.log_in()
    assert "is in the trial configuration mode" in desk.say(second, "system-view", "sysname lain", "commit")
    assert desk.say(second, "clear configuration candidate", "commit persist satu") == ""
    desk.device.advance(600)
    assert "sysname coba" in desk.now


def test_a_trial_without_a_name_ends_with_its_session() -> None:
    desk = vrp8()
    console = desk.log_in()
    desk.say(console, "system-view", "sysname coba", "commit trial")
    assert "sysname coba" in desk.now
    desk.device.close(console)
    assert "sysname HUAWEI" in desk.now


def test_a_trial_that_nobody_confirms_goes_and_cannot_be_confirmed_afterwards() -> None:
    desk = vrp8()
    console = desk.log_in()
    desk.say(console, "system-view", "sysname coba", "commit trial 60 persist satu")
    desk.device.advance(61)
    assert "sysname HUAWEI" in desk.now
    assert "does not exist" in desk.say(console, "commit persist satu")
    assert "does not exist" in desk.say(console, "abort trial persist satu")


def test_back_to_a_file_not_while_a_trial_is_on() -> None:
    desk = vrp8()
    console = desk.log_in()
    desk.say(console, "save sebelum.cfg", "y", "system-view", "sysname coba", "commit trial 60 persist satu", "return")
    assert "is in the trial" in desk.say(console, "rollback configuration to file sebelum.cfg")
    desk.say(console, "system-view", "commit persist satu", "return")
    assert "does not exist" in desk.say(console, "rollback configuration to file lain.cfg")
    assert "succeeded" in desk.say(console, "rollback configuration to file sebelum.cfg", "y")
    assert "sysname HUAWEI" in desk.now


def test_vrp_5_starts_from_the_file_that_was_named() -> None:
    desk = Desk(SimulatedDevice.vrp(clock=LabClock(0.0)))
    console = desk.log_in()
    assert "does not exist" in desk.say(console, "startup saved-configuration sebelum.cfg")
    desk.say(console, "save sebelum.cfg", "y", "system-view", "sysname baru", "return", "save", "y")
    desk.say(console, "startup saved-configuration flash:/sebelum.cfg")
    assert "flash:/sebelum.cfg" in desk.say(console, "display startup")
    assert "sysname baru" in desk.now
    desk.device.reboot()
    desk.device.advance(5)
    assert "sysname HUAWEI" in desk.now


def test_a_serial_is_registered_once_on_a_zte() -> None:
    desk = Desk(SimulatedDevice.zte_olt())
    console = desk.log_in()
    desk.say(console, "configure terminal", "interface gpon-olt_1/1/1", "onu 1 type ALL sn ZTEGC0FFEE01")
    desk.say(console, "onu 2 type ALL sn ZTEGC0FFEE02", "exit", "interface gpon-onu_1/1/1:2")
    assert "has been used by gpon-onu_1/1/1:1" in desk.say(console, "registration-method sn ZTEGC0FFEE01")
    assert desk.say(console, "registration-method sn ZTEGC0FFEE03") == ""
    assert "onu 2 type ALL sn ZTEGC0FFEE03" in desk.now
    assert "registration-method" not in desk.now


def test_an_ont_of_a_huawei_is_modified_one_thing_at_a_time() -> None:
    desk = Desk(SimulatedDevice.huawei_olt())
    console = desk.log_in()
    desk.say(console, "enable", "undo smart", "config", "interface gpon 0/1")
    desk.say(console, "ont add 3 5 sn-auth ZTEGC0FFEE01 omci ont-lineprofile-id 1 ont-srvprofile-id 1 desc lama")
    assert "does not exist" in desk.say(console, "ont modify 3 6 sn ZTEGC0FFEE02")
    assert "profile does not exist" in desk.say(console, "ont modify 3 5 ont-lineprofile-id 9")
    assert "SN already exists" in desk.say(console, "ont modify 3 5 sn ZTEGC0FFEE01")
    assert desk.say(console, "ont modify 3 5 sn ZTEGC0FFEE02", "ont modify 3 5 desc baru") == ""
    assert '3 5 sn-auth 5A544547C0FFEE02 omci ont-lineprofile-id 1 ont-srvprofile-id 1 desc "baru"' in desk.now
    assert "does not exist" in desk.say(console, "ont port native-vlan 3 6 eth 1 vlan 100")
