"""Who may import whom. import-linter holds the contracts; here stands that nobody slips past them."""

import ast
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from tests.project.tracked_files import PACKAGES, ROOT, package_files

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
DOMAIN_MAY_IMPORT = {*sys.stdlib_module_names, "numpy", "domain"}
ROOMS = ("inventory", "collectors", "alerts", "exporters", "provisioning", "console", "lab")


@cache
def imported_modules(path: Path) -> tuple[str, ...]:
    """The dotted names a file imports, wherever in it."""
    return tuple(_imported(path))


def _imported(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"), str(path))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative imports hide from the contracts"
            yield node.module or ""


@pytest.mark.timeout(120)
def test_the_contracts_hold() -> None:
    linter = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run([linter, "--no-logo", "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_every_package_is_under_contract_and_in_the_wheel() -> None:
    # benchmarks is not shipped and may import everything; that nothing imports it is seen below
    found = {path.parent.name for path in ROOT.glob("*/__init__.py")} - {"tests", "benchmarks"}
    assert found == set(PACKAGES)
    assert found == set(PROJECT["tool"]["importlinter"]["root_packages"])
    assert found == set(PROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"])
    layers = PROJECT["tool"]["importlinter"]["contracts"][0]["layers"]
    assert found == {name.strip() for layer in layers for name in layer.split("|")}
    assert all((ROOT / package / "py.typed").exists() for package in PACKAGES)


def test_the_domain_needs_only_the_standard_library_and_numpy() -> None:
    files = [path for path in package_files() if path.is_relative_to(ROOT / "domain")]
    strangers = {
        f"{path.relative_to(ROOT)} imports {module}"
        for path in files
        for module in imported_modules(path)
        if module.split(".")[0] not in DOMAIN_MAY_IMPORT
    }
    assert files
    assert not strangers


@pytest.mark.parametrize("room", ROOMS)
def test_rooms_do_not_know_each_other_even_inside_functions(room: str) -> None:
    others = {*PACKAGES, "tests", "benchmarks", "scripts"} - {room, "domain"}
    strangers = {
        f"{path.relative_to(ROOT)} imports {module}"
        for path in package_files()
        if path.is_relative_to(ROOT / room)
        for module in imported_modules(path)
        if module.split(".")[0] in others
    }
    assert not strangers


def test_modules_import_nothing_by_name_at_run_time() -> None:
    """`import_module("a.b")` would slip past every contract, unless its text says that it stays in its own package."""
    calls = {
        f"{path.relative_to(ROOT)}:{call.lineno}"
        for path in package_files()
        for call in _calls(path, {"import_module", "__import__", "resolve_name", "run_module"})
        if not _named(call).startswith(".".join(path.relative_to(ROOT).parts[:-1]) + ".")
    }
    assert not calls


def _calls(path: Path, names: set[str]) -> Iterator[ast.Call]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call):
            called = node.func
            if getattr(called, "id", getattr(called, "attr", "")) in names:
                yield node


def _named(call: ast.Call) -> str:
    """What its first argument begins with; empty if that is not written there."""
    text = call.args[0] if call.args else None
    if isinstance(text, ast.JoinedStr) and text.values:
        text = text.values[0]
    return text.value if isinstance(text, ast.Constant) and isinstance(text.value, str) else ""
