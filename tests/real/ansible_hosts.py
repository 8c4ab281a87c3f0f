"""Whole hosts for `make soak`: a centre, a zone's collector and a router, each a bare Debian booted with systemd.

Installed by the playbooks over SSH until nothing changes, looked at as they run, cut off the power, upgraded, and
upgraded to releases that do not work.
"""

import json
import re
import shutil
import subprocess
import sys
import zipfile
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from kentongan import __version__
from lab.real.waiting import wait_until
from tests.project.tracked_files import ROOT
from tests.real import debian_root
from tests.real.debian_root import PROXY_PORT, DebianRoot
from tests.real.playbooks import Plays, Recap
from tests.real.systemd_root import booted

NAME = "pusat.example.go.id"
DOOR = f"https://{NAME}"
NEW_PASSWORD = "empat kata yang mudah"
HEAD = max(path.name[:4] for path in (ROOT / "kentongan/migrations/versions").glob("[0-9]*.py"))
# What a new release may bring: a table more, and a mistake that shows only when it is used.
MIGRATION = """
import sqlalchemy as sa
from alembic import op

revision, down_revision, branch_labels, depends_on = "9999", "{head}", None, None


def upgrade() -> None:
    op.create_table("of_the_new_release", sa.Column("id", sa.Integer, primary_key=True))


def downgrade() -> None:
    op.drop_table("of_the_new_release")
"""
BROKEN = "raise RuntimeError('this release is broken')\n"
SILENT = "import asyncio\n\nasync def serve(*args: object, **named: object) -> None:\n    await asyncio.sleep(3600)\n"
SITES = "slug,name,kind,region_code\npusat,Pusat data,datacenter,32.14\n"
DEVICES = "name,site,role,address,check\nserver,pusat,server,127.0.0.1,icmp\n"


class Hosts:
    """pusat, plered and rtr-pop, booted. `again` is what a power cut leaves and the next boot finds."""

    def __init__(self, work: Path, stack: ExitStack) -> None:
        self._work, self._stack = work, stack
        self.key = work / "key"
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", self.key], check=True)
        base = work / "base"
        debian_root.make_root(base)
        for name in ("pusat", "plered", "rtr-pop"):
            subprocess.run(["cp", "-a", "--reflink=auto", base, work / name], check=True)
        shutil.rmtree(base)
        self._boots = 0
        self.centre = self.boot("pusat")
        self.collector = self.boot("plered")
        self.router = self.boot("rtr-pop")

    def boot(self, name: str, stack: ExitStack | None = None) -> DebianRoot:
        self._boots += 1
        folder, place = self._work / name, self._work / f"boot-{self._boots}"
        return (stack or self._stack).enter_context(booted(folder, name, place, self.key))


def install_hosts(work: Path) -> str:
    """All of it; what was done, for the page."""
    wheel = build_wheel(work / "wheel")
    with ExitStack() as stack:
        hosts = Hosts(work, stack)
        plays = Plays(
            work,
            kentongan_wheel=str(wheel),
            kentongan_kabupaten="32.14",
            kentongan_pip_environment={"https_proxy": f"http://127.0.0.1:{PROXY_PORT}"},
            backup_keep=2,
        )
        plays.add("centre", "pusat", hosts.centre, nginx_server_name=NAME)
        plays.add("collectors", "plered", hosts.collector)
        key = hosts.key.with_suffix(".pub").read_text("utf-8").strip()
        plays.add("platform_frr", "rtr-pop", hosts.router, router_keys=[key])
        found = [*installed(plays, hosts), *upgraded(plays, hosts, wheel)]
    return "; ".join(found)


def installed(plays: Plays, hosts: Hosts) -> list[str]:
    told = {"centre": plays.run("centre").count("changed")}
    unchanged(plays.run("centre"))
    somebody_logs_in(hosts.centre)
    both = plays.run("site")
    assert both.hosts["pusat"]["changed"] == 1, f"the first password's file goes, nothing else\n{both.said}"
    told["collector"] = both.hosts["plered"]["changed"]
    unchanged(plays.run("site"))  # it is centre.yml and collector.yml
    told["router"] = plays.run("routers").count("changed")
    unchanged(plays.run("routers"))
    the_router_takes_orders(hosts.router)
    for root in (hosts.centre, hosts.collector):
        services_run(root)
        backups_rotate(root)
    door_and_samples(hosts.centre)
    power_comes_back(plays, hosts)
    return [f"{name}: changed {count}, then 0" for name, count in told.items()]


def unchanged(recap: Recap) -> None:
    assert recap.count("changed") == recap.count("failed") == 0, recap.said


def fetched(root: DebianRoot, url: str, *more: str) -> str:
    """Headers and body, asked on the host by the name that people use."""
    resolve = [word for port in (80, 443) for word in ("--resolve", f"{NAME}:{port}:127.0.0.1")]
    options = ["--silent", "--show-error", "--insecure", "--include", "--max-time", "10", "--noproxy", "*"]
    argv = root.inside("curl", *options, *resolve, *more, url)
    return subprocess.run(argv, capture_output=True, text=True, check=False).stdout


def status(root: DebianRoot, url: str, *more: str) -> str:
    """Of the answer; nothing where there was none."""
    found = re.match(r"HTTP/[\d.]+ (\d+)", fetched(root, url, *more))
    return found[1] if found else ""


def somebody_logs_in(root: DebianRoot) -> None:
    """With the password that lies in root's file and in no journal; the pages follow without being asked."""
    file = "/etc/kentongan/first-password"
    assert root.must(f"stat -c '%a %U' {file}") == "600 root"
    password = root.must(f"cat {file}")
    assert len(password) > 12
    assert root.ssh(f"journalctl --no-pager --quiet --grep '{password}'").stdout == ""
    jar = root.folder.parent / "jar"
    jar_options = ("--cookie", str(jar), "--cookie-jar", str(jar))
    entered = fetched(
        root, f"{DOOR}/login", *jar_options, "--data", "name=admin", "--data-urlencode", f"password={password}"
    )
    assert re.search(r"set-cookie: kentongan=\S+; HttpOnly;.* Secure", entered, re.IGNORECASE), entered
    form = re.search(r'name="form_key" value="([^"]+)"', fetched(root, f"{DOOR}/password", *jar_options))
    assert form
    words = {"form_key": form[1], "old": password, "new": NEW_PASSWORD, "again": NEW_PASSWORD}
    data = [each for key, value in words.items() for each in ("--data-urlencode", f"{key}={value}")]
    assert status(root, f"{DOOR}/password", *jar_options, *data) == "303"
    new = ("--data-urlencode", f"password={NEW_PASSWORD}")
    assert status(root, f"{DOOR}/login", *jar_options, "--data", "name=admin", *new) == "303"
    assert status(root, f"{DOOR}/incidents", *jar_options) == "200"
    live = fetched(root, f"{DOOR}/live", *jar_options, "--no-buffer", "--max-time", "3")
    assert "event: look" in live, "a server-sent event comes through before the connection ends"
    jar.unlink()
    guesses = [status(root, f"{DOOR}/login", "--data", "name=x&password=y") for _guess in range(14)]
    assert guesses[0] == "401"
    assert "429" in guesses, "before the console's own twenty, which all addresses share"


def door_and_samples(root: DebianRoot) -> None:
    assert status(root, f"{DOOR}/metrics") == status(root, f"{DOOR}/readyz") == "404"
    assert status(root, f"{DOOR}/t/nobody") == status(root, "http://127.0.0.1:9276/t/nobody") == "410"
    assert f"Location: {DOOR}/x" in fetched(root, f"http://{NAME}/x")
    root.must("nginx -t -q; promtool check config /etc/prometheus/prometheus.yml")
    root.must("amtool check-config /etc/prometheus/alertmanager.yml")
    prometheus = "http://127.0.0.1:9090/api/v1"
    wait_until(lambda: '"health":"up"' in fetched(root, f"{prometheus}/targets"), 90, "it is scraped")
    assert "kentongan" in fetched(root, f"{prometheus}/rules")
    assert "127.0.0.1:9093" in fetched(root, f"{prometheus}/alertmanagers")
    assert "uptime" in fetched(root, "http://127.0.0.1:9093/api/v2/status"), "Alertmanager answers"


def services_run(root: DebianRoot) -> None:
    """As the units say: with one capability and a filter of system calls, and again after kill -9."""
    name = root.must("hostname")
    for kind, text in (("sites", SITES), ("devices", DEVICES)):
        (root.folder / f"var/lib/kentongan/{kind}.csv").write_text(text, encoding="utf-8")
    root.must("cd /var/lib/kentongan && kentongan import sites.csv devices.csv")
    is_up = lambda: "up" in states(root)  # noqa: E731
    wait_until(is_up, 90, f"{name} pings by its raw socket")
    pid = root.must("systemctl show --property MainPID --value kentongan")
    rights = root.must(f"grep -E '^(CapEff|Seccomp|NoNewPrivs):' /proc/{pid}/status").split()
    assert rights == ["CapEff:", "0000000000002000", "NoNewPrivs:", "1", "Seccomp:", "2"]
    root.must(f"kill -9 {pid}")
    wait_until(
        lambda: root.must("systemctl show -P MainPID kentongan") not in ("0", pid), 60, "systemd starts it again"
    )
    wait_until(lambda: ready(root), 60, "it is back")
    root.must("systemctl is-system-running")
    for unit in ("kentongan", "kentongan-backup"):
        root.must(f"systemd-analyze verify --man=no /etc/systemd/system/{unit}.service")


def states(root: DebianRoot) -> list[Any]:
    return [each.get("state") for each in json.loads(root.must("kentongan devices --json"))]


def ready(root: DebianRoot) -> bool:
    return "200 OK" in fetched(root, "http://127.0.0.1:9275/readyz")


def backups_rotate(root: DebianRoot) -> None:
    for _copy in range(3):
        root.must("systemctl start kentongan-backup")
    assert root.must("ls /var/lib/kentongan/backups | wc -l") == "2"
    assert root.must("systemctl is-active kentongan-backup.timer") == "active"
    assert root.must("systemctl show -P NextElapseUSecRealtime kentongan-backup.timer")


def the_router_takes_orders(root: DebianRoot) -> None:
    """From the user that Kentongan comes as, and nothing but the one program."""
    options = ("-q", "-o", "StrictHostKeyChecking=no", "-o", "UserKnownHostsFile=/dev/null")
    user = ("ssh", "-i", root.key, *options, "kentongan@127.0.0.1")
    asked = root.inside(*user, "sudo -n /usr/local/sbin/kentongan-apply version")
    said = subprocess.run(asked, capture_output=True, text=True, check=False)
    assert said.stdout.startswith("kentongan-apply "), said.stderr
    assert subprocess.run(root.inside(*user, "sudo -n id"), capture_output=True, check=False).returncode != 0
    assert "staticd" in root.must("vtysh -c 'show daemons'")


def power_comes_back(plays: Plays, hosts: Hosts) -> None:
    """Everything ends at once; the next boot brings all of it back by itself."""
    subprocess.run(["kill", "-9", str(hosts.centre.pid)], check=True)
    wait_until(lambda: not Path(f"/proc/{hosts.centre.pid}").exists(), 20, "the centre is dark")
    hosts.centre = hosts.boot("pusat")
    plays.add("centre", "pusat", hosts.centre, nginx_server_name=NAME)
    wait_until(lambda: ready(hosts.centre), 90, "Kentongan is back after the power cut")
    wait_until(lambda: status(hosts.centre, f"{DOOR}/login") == "200", 60, "and its console")


def upgraded(plays: Plays, hosts: Hosts, wheel: Path) -> list[str]:
    """From a folder, as where there is no internet; then to releases that are broken in two ways."""
    wheels = plays.work / "wheels"
    pip = ("-m", "pip", "--disable-pip-version-check", "download", "--quiet", "--only-binary", ":all:")
    pins = ("--require-hashes", "--requirement", ROOT / "requirements/run.txt", "--dest", wheels)
    subprocess.run([sys.executable, *pip, *pins], check=True, capture_output=True)
    another(wheel, wheels, "9.0.0", {})
    from_folder: dict[str, Any] = {"kentongan_wheel": str(wheels), "kentongan_pip_environment": {}}
    changed = plays.run("upgrade", **from_folder).hosts
    unchanged(plays.run("upgrade", **from_folder))
    for root in (hosts.centre, hosts.collector):
        assert root.must("kentongan --version") == "kentongan 9.0.0"
    assert "9.0.0" in root_of(hosts.centre, "kentongan-console"), "the console runs the new release too"

    new_table = {"kentongan/migrations/versions/9999_new.py": MIGRATION.format(head=HEAD)}
    for version, file, text, why in (
        ("9.1.0", "kentongan/cli/devices.py", BROKEN, "this release is broken"),
        ("9.2.0", "kentongan/run/foreground.py", SILENT, "Wait until the service is ready"),
    ):
        bad = another(wheel, plays.work / version, version, {**new_table, file: text})
        failed = plays.run("upgrade", 2, kentongan_wheel=str(bad), kentongan_ready_seconds=10)
        it_came_back(failed, hosts, version, why)
    counts = ", ".join(f"{name} changed {each['changed']}, then 0" for name, each in changed.items())
    return [f"upgrade: {counts}; two releases that do not work taken back by themselves"]


def root_of(root: DebianRoot, unit: str) -> str:
    """The folder of the program that a service runs."""
    pid = root.must(f"systemctl show --property MainPID --value {unit}")
    return root.must(f"tr '\\0' ' ' </proc/{pid}/cmdline; readlink -f /opt/kentongan/current")


def it_came_back(failed: Recap, hosts: Hosts, version: str, why: str) -> None:
    root = hosts.centre
    assert (failed.hosts["pusat"]["failed"], failed.hosts["pusat"]["rescued"]) == (1, 1), failed.said[-3000:]
    assert "plered" not in failed.hosts, "the next host is left as it is"
    said = failed.said.rpartition("Say that it did not work")[2]
    assert why in said, said
    assert "9.0.0" in said
    assert root.must("kentongan --version") == "kentongan 9.0.0"
    assert ready(root)
    assert status(root, f"{DOOR}/login") == "200"
    count = "SELECT count(*) FROM pg_tables WHERE tablename = 'of_the_new_release'"
    assert root.must(f'cd / && runuser -u kentongan -- psql -tAc "{count}" kentongan') == "0", "the database of before"
    assert states(root) == ["up"]
    assert version not in root.must("ls /opt/kentongan/releases")


def build_wheel(folder: Path) -> Path:
    folder.mkdir()
    pip = ("-m", "pip", "--disable-pip-version-check", "wheel", "--quiet", "--no-deps", "--no-build-isolation")
    subprocess.run([sys.executable, *pip, "--wheel-dir", folder, ROOT], check=True, capture_output=True)
    return next(folder.glob("*.whl"))


def another(wheel: Path, folder: Path, version: str, add: dict[str, str]) -> Path:
    """The same program under another version, with files more or instead."""
    folder.mkdir(exist_ok=True)
    made = folder / f"kentongan-{version}-py3-none-any.whl"
    with zipfile.ZipFile(wheel) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            content = old.read(name)
            if name.endswith(".dist-info/METADATA"):
                content = content.replace(f"Version: {__version__}".encode(), f"Version: {version}".encode())
            if name == "kentongan/__init__.py":
                content = content.replace(__version__.encode(), version.encode())
            if name not in add:
                new.writestr(name.replace(f"-{__version__}.dist-info", f"-{version}.dist-info"), content)
        for name, text in add.items():
            new.writestr(name, text)
    return made
