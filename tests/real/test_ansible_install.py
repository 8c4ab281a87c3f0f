"""The roles, really run over SSH: twice, and the second time nothing changes.

Short: the program's place, its unit and its backup in a throw-away layer over this machine's root. Long (`make soak`):
a whole centre from the bare Debian that debootstrap makes, an upgrade, and one that fails and goes back.
"""

import json
import os
import re
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from kentongan import __version__
from lab.real.waiting import wait_until
from tests.conftest import missing
from tests.project.tracked_files import ROOT
from tests.real import debian_root
from tests.real.debian_root import PROXY_PORT, DebianRoot
from tests.soaking import Soak

pytestmark = [pytest.mark.real, pytest.mark.soak, pytest.mark.timeout(240)]

BIN = Path(sys.executable).parent
# systemd-analyze security: 0 is sealed, 10 is open. Raw sockets and the network are what a poller is for.
MOST_EXPOSED = 2.0
PLACE = """
- hosts: all
  tasks:
    - ansible.builtin.import_role: {name: kentongan, tasks_from: place}
    - ansible.builtin.import_role: {name: backup}
"""
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


class Play:
    """Runs playbooks from this machine on the root, and reads how they ended."""

    def __init__(self, root: DebianRoot, work: Path, **variables: Any) -> None:
        self.root, self.work = root, work
        host = {
            "ansible_host": "127.0.0.1",
            "ansible_user": "root",
            "ansible_ssh_private_key_file": str(root.key),
            "ansible_ssh_common_args": "-o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null",
            "ansible_python_interpreter": "/usr/bin/python3",
            "kentongan_kabupaten": "32.14",
            **variables,
        }
        self.hosts = work / "hosts.json"
        self.hosts.write_text(json.dumps({"all": {"children": {"centre": {"hosts": {"pusat": host}}}}}), "utf-8")

    def run(self, playbook: Path, status: int = 0, **extra: str) -> tuple[dict[str, int], str]:
        """The recap's counters and all that was said."""
        environment = {
            **os.environ,
            "PATH": f"{BIN}:{os.environ['PATH']}:/usr/sbin",
            "ANSIBLE_CONFIG": str(ROOT / "ansible" / "ansible.cfg"),
            "ANSIBLE_ROLES_PATH": str(ROOT / "ansible" / "roles"),
            "ANSIBLE_HOME": str(self.work / "home"),
            # Two roots have one address: a connection that is kept open must not be taken for the other one.
            "ANSIBLE_SSH_CONTROL_PATH_DIR": str(self.work / "cp"),
            "ANSIBLE_NOCOLOR": "1",
        }
        command = self.root.inside(BIN / "ansible-playbook", "-i", self.hosts, "-e", json.dumps(extra), playbook)
        done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=1800, check=False)
        assert done.returncode == status, done.stdout[-6000:] + done.stderr
        recap = done.stdout.rpartition("PLAY RECAP")[2]
        return {name: int(count) for name, count in re.findall(r"(\w+)=(\d+)", recap)}, done.stdout


def work_folder(tmp_path_factory: pytest.TempPathFactory, *programs: str) -> Path:
    if os.geteuid() != 0:
        missing("root, to make a root folder with namespaces of its own")
    if absent := debian_root.missing_programs(*programs):
        missing(", ".join(absent))
    return tmp_path_factory.mktemp("ansible")


@pytest.fixture(scope="module")
def layer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[DebianRoot, Path]]:
    work = work_folder(tmp_path_factory, "systemd-analyze")
    (folder := work / "root").mkdir()
    with debian_root.running(folder, "pusat", work, layered=True) as root:
        yield root, work


def exposure(root: DebianRoot, unit: str) -> float:
    said = root.must(f"systemd-analyze security --offline=true --no-pager /etc/systemd/system/{unit}")
    return float(re.findall(r"Overall exposure level for \S+: ([\d.]+)", said)[0])


def test_what_is_installed_stays_as_it_is_the_second_time(
    layer: tuple[DebianRoot, Path], tmp_path_factory: pytest.TempPathFactory, soak: Soak, long_form: bool
) -> None:
    figure = place_and_units(*layer)
    if long_form:
        figure += "; " + whole_centre(work_folder(tmp_path_factory, "debootstrap", "curl"))
    soak.found(figure)


def place_and_units(root: DebianRoot, work: Path) -> str:
    """User, folders, settings, units and backup, twice; then the units as systemd reads them."""
    play, book = Play(root, work), work / "place.yml"
    book.write_text(PLACE, encoding="utf-8")
    first, _ = play.run(book)
    again, said = play.run(book)
    assert first["changed"] > 5
    assert again["changed"] == again["failed"] == 0, said
    owners = root.must("stat -c '%a %U:%G' /var/lib/kentongan /etc/kentongan/kentongan.toml /opt/kentongan").split("\n")
    assert owners == ["750 kentongan:kentongan", "640 root:kentongan", "755 root:kentongan"]

    root.must("install -D -m 755 /bin/true /opt/kentongan/current/bin/kentongan")
    units = ("kentongan.service", "kentongan-backup.service", "kentongan-backup.timer")
    verified = root.ssh("cd /etc/systemd/system && systemd-analyze verify --man=no " + " ".join(units))
    assert not [line for line in (verified.stdout + verified.stderr).splitlines() if "kentongan" in line]
    figures = {unit: exposure(root, unit) for unit in units[:2]}
    assert max(figures.values()) <= MOST_EXPOSED, figures
    return f"changed {first['changed']}, then 0; exposure {figures}"


def build_wheel(folder: Path) -> Path:
    folder.mkdir()
    pip = ("-m", "pip", "--disable-pip-version-check", "wheel", "--quiet", "--no-deps", "--no-build-isolation")
    subprocess.run([sys.executable, *pip, "--wheel-dir", folder, ROOT], check=True, capture_output=True)
    return next(folder.glob("*.whl"))


def another(wheel: Path, folder: Path, version: str, add: dict[str, str]) -> Path:
    """The same program under another version, with files more or instead."""
    folder.mkdir()
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


def service(root: DebianRoot) -> str:
    """The unit's ExecStart, with the rights that its lines give, as a command: systemd does not run here."""
    unit = root.must("cat /etc/systemd/system/kentongan.service")
    start = re.findall(r"^ExecStart=(.*)$", unit, re.MULTILINE)[0]
    assert "AmbientCapabilities=CAP_NET_RAW\nCapabilityBoundingSet=CAP_NET_RAW\nNoNewPrivileges=yes" in unit
    rights = "--inh-caps=-all,+net_raw --ambient-caps=-all,+net_raw --bounding-set=-all,+net_raw --no-new-privs"
    user = "--reuid=kentongan --regid=kentongan --init-groups"
    where = "cd /var/lib/kentongan; KENTONGAN_CONFIG=/etc/kentongan/kentongan.toml"
    return f"{where} nohup setpriv {user} {rights} {start} </dev/null >/tmp/run.log 2>&1 & echo $!"


def fetched(root: DebianRoot, url: str) -> str:
    """Status and body, asked inside."""
    options = ["--silent", "--show-error", "--insecure", "--max-time", "10", "--write-out", "%{http_code} "]
    argv = root.inside("curl", *options, "--noproxy", "*", url)
    return subprocess.run(argv, capture_output=True, text=True, check=False).stdout


def whole_centre(work: Path) -> str:
    """Installed, again, running, backed up, upgraded, and an upgrade that fails taken back with its database."""
    wheel = build_wheel(work / "wheel")
    folder = work / "root"
    debian_root.make_root(folder)
    with debian_root.running(folder, "pusat", work) as root:
        proxies = {"https_proxy": f"http://127.0.0.1:{PROXY_PORT}"}
        play = Play(
            root,
            work,
            kentongan_wheel=str(wheel),
            kentongan_pip_environment=proxies,
            nginx_server_name="pusat.example.go.id",
            kentongan_settings={"notify": {"base_url": "https://pusat.example.go.id"}},
            backup_keep=2,
        )
        books = ROOT / "ansible" / "playbooks"
        first, _ = play.run(books / "centre.yml")
        again, said = play.run(books / "centre.yml")
        assert again["changed"] == again["failed"] == 0, said

        it_runs_behind_its_door(root)
        backups_rotate(root)
        releases_change_and_come_back(play, wheel)
        return f"a centre: changed {first['changed']}, then 0; upgraded; a broken upgrade taken back"


def it_runs_behind_its_door(root: DebianRoot) -> None:
    pid = root.must(service(root))
    wait_until(lambda: fetched(root, "http://127.0.0.1:9275/readyz").endswith("200 "), 60, "Kentongan is ready")
    door = "https://127.0.0.1"
    assert "404 " in fetched(root, f"{door}/metrics")
    told = fetched(root, f"{door}/t/nobody")
    assert told == fetched(root, "http://127.0.0.1:9276/t/nobody")
    assert len(told) > 100, "the page is Kentongan's own"
    wait_until(lambda: '"health":"up"' in fetched(root, "http://127.0.0.1:9090/api/v1/targets"), 90, "it is scraped")
    root.must(f"kill -TERM {pid}")
    wait_until(lambda: root.ssh(f"kill -0 {pid}").returncode != 0, 60, "Kentongan has stopped")


def backups_rotate(root: DebianRoot) -> None:
    for _copy in range(3):
        assert root.must("/usr/local/sbin/kentongan-backup").startswith("/var/lib/kentongan/backups/kentongan-")
    assert root.must("ls /var/lib/kentongan/backups | wc -l") == "2"


def releases_change_and_come_back(play: Play, wheel: Path) -> None:
    root, work, books = play.root, play.work, ROOT / "ansible" / "playbooks"
    good = another(wheel, work / "good", "9.0.0", {})
    play.run(books / "upgrade.yml", kentongan_wheel=str(good))
    assert root.must("kentongan --version") == "kentongan 9.0.0"
    rows = "runuser -u kentongan -- psql -tAc 'SELECT count(*) FROM audit' kentongan"
    before = int(root.must(rows))

    head = max(path.name[:4] for path in (ROOT / "kentongan/migrations/versions").glob("[0-9]*.py"))
    bad = {
        "kentongan/migrations/versions/9999_new.py": MIGRATION.format(head=head),
        "kentongan/cli/devices.py": "raise RuntimeError('this release is broken')\n",
    }
    failed, said = play.run(books / "upgrade.yml", 2, kentongan_wheel=str(another(wheel, work / "bad", "9.1.0", bad)))
    assert (failed["failed"], failed["rescued"]) == (1, 1)
    assert "this release is broken" in said
    assert "9.0.0" in said.rpartition("Say that it did not work")[2]
    assert root.must("kentongan --version") == "kentongan 9.0.0"
    assert root.must("kentongan devices --json") == "[]"
    assert int(root.must(rows)) >= before
    assert root.ssh("ls /opt/kentongan/releases").stdout.count("9.1.0") == 0
