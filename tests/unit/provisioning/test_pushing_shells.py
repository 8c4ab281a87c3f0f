"""What is said to Debian with FRR and to OpenWrt: files, lines under headings, what takes them back; no secret."""

from domain.intent import Change, ChangeKind, Configuration, Platform, SecretHole, Section
from provisioning.difference import compare
from provisioning.platforms.linux import FILES
from provisioning.platforms.pushing.acts import Mark, Say, Send, Situation
from provisioning.platforms.pushing.linux import LinuxPushing, program, undoing
from provisioning.platforms.pushing.openwrt import OpenWrtPushing, batch_of, kept_files, packages_of

HOLE = SecretHole("pwk", "password", ("shell",)).marker()
ROUTING = ("interface lo", " ip address 10.32.0.1/32", "exit", "ip route 0.0.0.0/0 10.32.1.1")
FRR = Configuration(
    "rtr",
    Platform.FRR,
    0,
    (
        Section(
            "uplink",
            ("interface lo", " ip address 10.32.0.1/32", "exit", "ip route 0.0.0.0/0 10.32.1.1"),
            "/etc/frr/frr.conf",
        ),
        Section("uplink", ("auto eth0",), "/etc/network/interfaces.d/kentongan-uplink"),
        Section("baseline", (f"password {HOLE}",), "/run/kentongan-system.conf"),
    ),
)
READ = "frr version 8.4.4\nhostname rtr\ninterface lo\n ip address 10.9.9.9/32\nexit\n==> /etc/hostname <==\nrtr\n"
WRT = Configuration(
    "wrt",
    Platform.OPENWRT,
    0,
    (
        Section("lan", ("network.lan=interface", "network.lan.dns='10.9.0.1' '10.9.0.2'", f"wireless.x.key={HOLE}")),
        Section("baseline", ("#!/bin/sh",), "/tmp/kentongan-users.sh"),
        Section("baseline", ("ssh-ed25519 AAAA",), "/etc/dropbear/authorized_keys"),
    ),
)


def at(configuration: Configuration, read: str = "", sent: tuple[Change, ...] = (), shared: bool = False) -> Situation:
    return Situation(Mark("ab12cd", 60), configuration, before=read, now=read, sent=sent, shared=shared)


def sent_files(acts: tuple[Say | Send, ...]) -> dict[str, str]:
    return {act.path.rpartition("/")[2]: act.text for act in acts if isinstance(act, Send)}


def test_the_program_reads_what_we_read() -> None:
    (line,) = (line for line in program().splitlines() if line.startswith("READ="))
    assert line == f'READ="{FILES}"'


def test_lines_of_frr_stand_under_their_headings() -> None:
    files = sent_files(LinuxPushing().push(at(FRR, READ), compare(FRR, READ)))
    assert files["routing.conf"] == "interface lo\n ip address 10.32.0.1/32\nexit\nip route 0.0.0.0/0 10.32.1.1\n"
    assert files["manifest"].splitlines() == [
        "0 /etc/network/interfaces.d/kentongan-uplink",
        "1 /run/kentongan-system.conf",
    ]
    assert files["new-1"] == f"password {HOLE}\n"


def test_what_was_sent_is_taken_back_the_last_first() -> None:
    sent = compare(FRR, READ).changes
    assert list(undoing(at(FRR, READ, sent))) == [
        "no ip route 0.0.0.0/0 10.32.1.1",
        "interface lo",
        " no ip address 10.32.0.1/32",
        "exit",
        "interface lo",
        " ip address 10.9.9.9/32",
        "exit",
    ]


def test_of_a_shared_router_nothing_is_taken_back_twice() -> None:
    sent = tuple(each for each in compare(FRR, READ).changes if not each.place.startswith("/"))
    there = READ.replace("exit\n", " ip address 10.32.0.1/32\nexit\nip route 0.0.0.0/0 10.32.1.1\n")
    pushing = LinuxPushing()
    assert pushing.revert(at(FRR, READ, sent, shared=True)) == pushing.disarm(at(FRR))
    assert pushing.revert(at(FRR, there, sent, shared=True)) != pushing.disarm(at(FRR))
    assert pushing.revert(at(FRR, READ, sent)) != pushing.disarm(at(FRR))


def test_only_the_running_configuration_of_frr_counts() -> None:
    wanted = Configuration("rtr", Platform.FRR, 0, FRR.sections[:1])
    told = "interface lo\n ip address 10.32.0.1/32\nexit\nip route 0.0.0.0/0 10.32.1.1\n"
    assert compare(wanted, f"{told}==> /etc/frr/frr.conf <==\nhostname rtr\n").matches
    assert not compare(wanted, f"frr version 8.4.4\n==> /etc/frr/frr.conf <==\n{told}").matches
    # Where the daemons do not run there is nothing but the file.
    assert compare(wanted, f"! the routing daemons do not run\n==> /etc/frr/frr.conf <==\n{told}").matches


def test_no_command_line_holds_a_secret() -> None:
    for pushing, configuration, read in ((LinuxPushing(), FRR, READ), (OpenWrtPushing(), WRT, "")):
        acts = pushing.push(at(configuration, read), compare(configuration, read))
        assert not [act for act in acts if isinstance(act, Say) and "⟦" in act.text]


def test_a_list_of_openwrt_is_emptied_and_filled() -> None:
    read = "package network\nconfig interface 'lan'\n\tlist dns '10.9.0.9'\n"
    lines = list(batch_of(compare(WRT, read).changes))
    assert lines == [
        "delete network.lan.dns",
        "add_list network.lan.dns='10.9.0.1'",
        "add_list network.lan.dns='10.9.0.2'",
        f"set wireless.x.key={HOLE}",
    ]


def test_sections_of_ours_that_are_not_wanted_go() -> None:
    read = "package network\nconfig interface 'lan'\n\nconfig route 'kentongan_old'\n\toption target '10.0.0.0'\n"
    assert "delete network.kentongan_old" in list(batch_of(compare(WRT, read).changes))


def test_a_value_keeps_its_quotation_marks() -> None:
    change = Change(ChangeKind.ADD, "network.lan", "network.lan.dns='it'\\''s' 'two words'")
    assert list(batch_of([change])) == [
        "add_list network.lan.dns='it'\"'\"'s'",
        "add_list network.lan.dns='two words'",
    ]


def test_openwrt_runs_scripts_once_and_keeps_the_rest() -> None:
    assert packages_of(WRT) == ("network", "wireless")
    assert "/etc/dropbear/authorized_keys" in kept_files(WRT)
    assert not [each for each in kept_files(WRT) if each.startswith("/tmp")]
    pushed = OpenWrtPushing().push(at(WRT), compare(WRT, ""))
    script = sent_files(pushed)["push.sh"]
    assert "for script in /tmp/kentongan-users.sh; do sh $script" in script
    assert script.index("uci commit") < script.index("for script in") < script.index("reload_config")
