"""Files from which a Grafana provisions itself: data source, a provider for each folder, dashboards. Pure text."""

import json
from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import Final

from exporters.grafana.shipped import DATASOURCE, DEFAULT_CONSOLE, FOLDERS, Folder, shipped

_DATASOURCE: Final = """\
# Written by `kentongan grafana render`.
apiVersion: 1
datasources:
  - name: Kentongan
    uid: {uid}
    type: prometheus
    access: proxy
    url: {url}
    isDefault: true
    editable: false
    jsonData:
      httpMethod: POST
      timeInterval: {interval}s
"""
_PROVIDERS: Final = """\
# Written by `kentongan grafana render`. A dashboard that comes from a file cannot be changed in Grafana: save a copy.
apiVersion: 1
providers:
"""
_PROVIDER: Final = """\
  - name: {uid}
    folder: {title}
    folderUid: {uid}
    type: file
    disableDeletion: false
    allowUiUpdates: false
    updateIntervalSeconds: 30
    options:
      path: {path}
"""


def provisioning_files(
    dashboards: PurePosixPath, prometheus: str, interval_seconds: float, console: str = DEFAULT_CONSOLE
) -> Mapping[str, str]:
    """Path below the rendered folder → text. dashboards: where Grafana will find the folder `dashboards` of it.

    interval_seconds: between two scrapes, so that Grafana asks for no finer steps.
    """
    datasource = _DATASOURCE.format(uid=DATASOURCE, url=_quoted(prometheus), interval=f"{interval_seconds:g}")
    found = {
        "provisioning/datasources/kentongan.yaml": datasource,
        "provisioning/dashboards/kentongan.yaml": _PROVIDERS
        + "".join(_provider(folder, dashboards) for folder in FOLDERS),
    }
    for each in shipped(console):
        found[f"dashboards/{each.folder.uid}/{each.uid}.json"] = each.text
    return found


def _provider(folder: Folder, dashboards: PurePosixPath) -> str:
    path = _quoted(str(dashboards / folder.uid))
    return _PROVIDER.format(uid=folder.uid, title=_quoted(folder.title), path=path)


def _quoted(text: str) -> str:
    """A JSON string is a YAML string."""
    return json.dumps(text, ensure_ascii=False)
