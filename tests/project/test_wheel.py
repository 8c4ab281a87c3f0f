"""The built wheel, alone in a clean environment, holds everything `init` needs."""

import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest

from kentongan import __version__
from tests.project.tracked_files import PACKAGES, ROOT

PIP = ("-m", "pip", "--disable-pip-version-check", "--no-input")


def run(*argv: str | Path, cwd: Path) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(argv, cwd=cwd, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{argv}\n{done.stdout}\n{done.stderr}"
    return done


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    run(sys.executable, *PIP, "wheel", "--no-deps", "--no-build-isolation", "--wheel-dir", folder, ROOT, cwd=folder)
    return next(folder.glob("*.whl"))


@pytest.mark.timeout(120)
def test_the_wheel_holds_data_beside_code_and_nothing_else(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    info = f"kentongan-{__version__}.dist-info"
    assert {name.split("/")[0] for name in names} == {*PACKAGES, info}
    assert {f"{info}/licenses/LICENSE", f"{info}/licenses/NOTICE"} <= set(names)
    for suffix, package in (
        (".mo", "kentongan/locale/id"),
        (".yaml", "collectors/profiles"),
        (".yaml", "provisioning/profiles"),
        (".typ", "exporters/documents/templates"),
        (".j2", "provisioning/templates/mikrotik-routeros"),
        (".py", "kentongan/migrations"),
    ):
        assert [name for name in names if name.startswith(package) and name.endswith(suffix)], package
    assert [name for name in names if name.startswith("inventory/regions/") and not name.endswith(".py")]


@pytest.mark.timeout(400)
def test_init_runs_from_the_wheel_in_a_clean_environment(wheel: Path, tmp_path: Path) -> None:
    clean, work = tmp_path / "clean", tmp_path / "work"
    work.mkdir()
    venv.create(clean, with_pip=False)
    pip = (sys.executable, *PIP, "--python", clean / "bin" / "python")
    requirements = ROOT / "requirements" / "run.txt"
    install = (*pip, "install", "--quiet", "--no-compile")  # what is run is compiled then; most of it never is
    run(*install, "--require-hashes", "--requirement", requirements, cwd=work)
    run(*install, "--no-deps", wheel, cwd=work)
    kentongan = clean / "bin" / "kentongan"
    assert run(kentongan, "--version", cwd=work).stdout.strip() == f"kentongan {__version__}"
    said = run("env", "LANG=C", "LANGUAGE=en", kentongan, "init", "--kabupaten", "32.14", cwd=work).stdout
    assert "Purwakarta" in said
    assert "183 desa, 9 kelurahan" in said
    assert (work / "kentongan.toml").exists()
    assert "concentrator" in run("env", "LANGUAGE=en", kentongan, "site", "profiles", "desa-vsat", cwd=work).stdout
    run(*pip, "check", cwd=work)
