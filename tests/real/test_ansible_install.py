"""The roles, run over SSH in a throw-away layer over this machine's root: twice, and the second time nothing changes.

The program's place, its units and its backup, as systemd reads them. The long form (`make soak`) installs whole hosts.
"""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import missing
from tests.real import debian_root, systemd_root
from tests.real.ansible_hosts import install_hosts
from tests.real.debian_root import DebianRoot
from tests.real.playbooks import Plays, work_folder
from tests.soaking import Soak

pytestmark = [pytest.mark.real, pytest.mark.soak, pytest.mark.timeout(240)]

# systemd-analyze security: 0 is sealed, 10 is open. Raw sockets and the network are what a poller is for.
MOST_EXPOSED = 2.0
UNITS = ("kentongan.service", "kentongan-console.service", "kentongan-backup.service")
PLACE = """
- hosts: all
  gather_facts: false
  tasks:
    - ansible.builtin.setup: {gather_subset: ["!all"]}
    - ansible.builtin.import_role: {name: kentongan, tasks_from: place}
    - ansible.builtin.template:
        src: "{{ kentongan_roles }}/kentongan/templates/kentongan-console.service.j2"
        dest: /etc/systemd/system/kentongan-console.service
        mode: "0644"
    - ansible.builtin.import_role: {name: backup}
"""


@pytest.fixture(scope="module")
def layer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[DebianRoot, Path]]:
    work = work_folder(tmp_path_factory, "systemd-analyze")
    (folder := work / "root").mkdir()
    with debian_root.layered(folder, "pusat", work) as root:
        yield root, work


def exposure(root: DebianRoot, unit: str) -> float:
    said = root.must(f"systemd-analyze security --offline=true --no-pager /etc/systemd/system/{unit}")
    return float(re.findall(r"Overall exposure level for \S+: ([\d.]+)", said)[0])


def test_what_is_installed_stays_as_it_is_the_second_time(
    layer: tuple[DebianRoot, Path], tmp_path_factory: pytest.TempPathFactory, soak: Soak, long_form: bool
) -> None:
    figure = place_and_units(*layer)
    if long_form:
        work = work_folder(tmp_path_factory, "debootstrap", "curl")
        if systemd_root.control_groups() is None:
            missing("control groups of version 2, for systemd")
        figure += "; " + install_hosts(work)
    soak.found(figure)


def place_and_units(root: DebianRoot, work: Path) -> str:
    """User, folders, settings, units and backup, twice; then the units as systemd reads them."""
    plays, book = Plays(work, kentongan_kabupaten="32.14"), work / "place.yml"
    plays.add("centre", "pusat", root)
    book.write_text(PLACE, encoding="utf-8")
    first = plays.run(book)
    again = plays.run(book)
    assert first.count("changed") > 5
    assert again.count("changed") == again.count("failed") == 0, again.said
    owners = root.must("stat -c '%a %U:%G' /var/lib/kentongan /etc/kentongan/kentongan.toml /opt/kentongan").split("\n")
    assert owners == ["750 kentongan:kentongan", "640 root:kentongan", "755 root:kentongan"]

    root.must("install -D -m 755 /bin/true /opt/kentongan/current/bin/kentongan")
    verified = root.ssh(f"cd /etc/systemd/system && systemd-analyze verify --man=no {' '.join(UNITS)} *backup.timer")
    assert not [line for line in (verified.stdout + verified.stderr).splitlines() if "kentongan" in line]
    figures = {unit: exposure(root, unit) for unit in UNITS}
    assert max(figures.values()) <= MOST_EXPOSED, figures
    return f"changed {first.count('changed')}, then 0; exposure {figures}"
