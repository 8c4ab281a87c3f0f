"""What is written for Debian routers, before the programs that will read it: vtysh, nft, sshd and sh say whether."""

import os
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from domain.intent import Configuration
from domain.secrets import Secret
from provisioning.platforms.pushing.linux import program
from provisioning.rendering import fill
from tests.conftest import missing
from tests.site_office import NOW, SLUG, make_office

pytestmark = pytest.mark.real


@pytest.fixture(scope="module")
def configurations(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Configuration]:
    """Of an FRR router on fibre and one behind a provider, and of an OpenWrt router."""
    made = {}
    for name, profile, router in (
        ("fibre", "desa-fibre", "frr"),
        ("tunnel", "desa-tunnel", "frr"),
        ("wrt", "desa-leo", "openwrt"),
    ):
        plan = (
            make_office(tmp_path_factory.mktemp(name), router=router, pop="frr")
            .planner()
            .plan(SLUG, NOW, profile=profile)
        )
        made[name] = next(each for each in plan.configurations if each.device == f"rtr-{SLUG}")
    return made


def files_of(configurations: Mapping[str, Configuration], begin: str) -> Iterator[tuple[str, str]]:
    """Name and text, secrets filled in with one that every language has to quote."""
    for name, configuration in configurations.items():
        for target in configuration.targets:
            if target.startswith(begin):
                text = "".join(f"{line}\n" for line in configuration.lines(target))
                secret = Secret("kata-sandi" if target.startswith("/etc/wireguard") else "kata $sandi'; reboot")
                token = Secret("a2" * 16)
                filled = fill(
                    text, lambda hole, s=secret, t=token: t if hole.credential.startswith("heartbeat-") else s
                )
                yield f"{name}{target}", filled.reveal()


def refused(*argv: str | Path, **options: object) -> str:
    done = subprocess.run(argv, capture_output=True, text=True, check=False, timeout=30, **options)  # type: ignore[call-overload]
    return "" if done.returncode == 0 else f"{argv}: {done.stdout}{done.stderr}"


def test_vtysh_takes_the_routing_configuration(configurations: Mapping[str, Configuration], tmp_path: Path) -> None:
    if shutil.which("vtysh") is None:
        missing("vtysh (apt: frr)")
    (tmp_path / "vtysh.conf").touch()
    texts = list(files_of(configurations, "/etc/frr/frr.conf"))
    assert len(texts) == 2
    for name, text in [*texts, ("wrong", "interface lo\n ip addres-of-nobody 1\n")]:
        path = tmp_path / "frr.conf"
        path.write_text(text)
        said = refused("vtysh", "--config_dir", tmp_path, "--dryrun", "--inputfile", path)
        assert bool(said) == (name == "wrong"), f"{name}: {said}"


def test_nft_takes_the_rules(configurations: Mapping[str, Configuration], tmp_path: Path) -> None:
    if shutil.which("nft") is None or os.geteuid() != 0:
        missing("nft (apt: nftables) and root")
    texts = list(files_of(configurations, "/etc/nftables.d/"))
    assert len(texts) == 3
    for name, text in [*texts, ("wrong", "table inet x { chain y { tcp dport ssh drip } }\n")]:
        path = tmp_path / "rules.nft"
        path.write_text(text)
        said = refused("unshare", "--net", "nft", "--check", "--file", path)
        assert bool(said) == (name == "wrong"), f"{name}: {said}"


def test_sh_reads_every_script(configurations: Mapping[str, Configuration], tmp_path: Path) -> None:
    texts = [pair for pair in files_of(configurations, "/") if pair[1].startswith("#!/bin/sh")]
    texts.append(("kentongan-apply", program()))
    assert len(texts) == 6
    for name, text in [*texts, ("wrong", "if true; then echo 'x\n")]:
        path = tmp_path / "script.sh"
        path.write_text(text)
        assert bool(refused("sh", "-n", path)) == (name == "wrong"), name


def of_program(call: str, given: str = "") -> subprocess.CompletedProcess[str]:
    """A function of `kentongan-apply`, called apart."""
    functions = program().partition('\n[ "$(id -u)" = 0 ]')[0]
    return subprocess.run(
        ["sh", "-c", f"{functions}\n{call}"], input=given, capture_output=True, text=True, check=False
    )


def test_a_password_reaches_chpasswd_as_it_is(configurations: Mapping[str, Configuration]) -> None:
    (_name, text), *_others = files_of(configurations, "/run/kentongan-system.conf")
    line = next(line for line in text.splitlines() if line.startswith("password "))
    assert of_program("unquoted", line.removeprefix("password ")).stdout.strip() == "kata $sandi'; reboot"
    assert of_program("unquoted", "kata-sandi").stdout.strip() == "kata-sandi"


def test_the_program_on_the_router_takes_every_line_of_ours(
    configurations: Mapping[str, Configuration], tmp_path: Path
) -> None:
    texts = [(name.partition("/"), text) for name, text in files_of(configurations, "/") if not name.startswith("wrt")]
    assert len(texts) > 25
    for (_case, _slash, target), text in texts:
        (tmp_path / "file").write_text(text.replace("PrivateKey = kata-sandi", f"PrivateKey = {'A' * 43}="))
        done = of_program(f"place={tmp_path}; check_lines /{target} {tmp_path}/file")
        assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    ("target", "line"),
    [
        ("/etc/network/interfaces.d/kentongan-uplink", "  up chmod 4755 /bin/sh"),
        ("/etc/network/interfaces.d/kentongan-x/../../../passwd", "auto eth0"),
        ("/etc/ssh/sshd_config.d/kentongan.conf", "AuthorizedKeysCommand /tmp/x"),
        ("/etc/ssh/sshd_config.d/kentongan.conf", "AllowUsers noc root"),
        ("/etc/snmp/snmpd.conf", "extend x /bin/sh"),
        ("/etc/rsyslog.d/kentongan.conf", '*.info action(type="omprog" binary="/tmp/x")'),
        ("/etc/dnsmasq.d/kentongan-lan.conf", "dhcp-script=/tmp/x"),
        ("/etc/nftables.d/10-kentongan.nft", 'include "/etc/shadow"'),
        ("/etc/cron.d/kentongan-heartbeat", "* * * * * root /tmp/x"),
        ("/etc/frr/frr.conf", "log file /etc/passwd"),
        ("/run/kentongan-system.conf", "user noc ALL"),
        ("/etc/ssh/authorized_keys.kentongan", 'command="x" ssh-ed25519 AAAA'),
        ("/etc/shadow", "root::1:0:99999:7:::"),
    ],
)
def test_the_program_on_the_router_takes_no_line_that_makes_root(target: str, line: str, tmp_path: Path) -> None:
    (tmp_path / "file").write_text(f"{line}\n")
    done = of_program(f"place={tmp_path}; check_lines {target} {tmp_path}/file")
    assert done.returncode == 1
    assert line not in done.stderr


def test_sshd_takes_its_part(configurations: Mapping[str, Configuration], tmp_path: Path) -> None:
    sshd = shutil.which("sshd") or "/usr/sbin/sshd"
    if not Path(sshd).exists():
        missing("sshd (apt: openssh-server)")
    Path("/run/sshd").mkdir(exist_ok=True)
    key = tmp_path / "key"
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", key], check=True)
    texts = list(files_of(configurations, "/etc/ssh/sshd_config.d/"))
    assert len(texts) == 2
    for name, text in [*texts, ("wrong", "PermitRootLogin perhaps\n")]:
        path = tmp_path / "sshd_config"
        path.write_text(text)
        said = refused(sshd, "-t", "-f", path, "-h", key)
        assert bool(said) == (name == "wrong"), f"{name}: {said}"
