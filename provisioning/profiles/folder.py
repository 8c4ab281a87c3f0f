"""The office's own files of provisioning: values of variables by layer, and its own site profiles.

`variables/kabupaten.yaml`, `variables/kecamatan/CODE.yaml`, `variables/sites/SLUG.yaml`, `variables/devices/NAME.yaml`,
`profiles/*.yaml`; all optional. A site's file may begin with `profile: NAME`, which is no variable.
"""

import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import yaml

from domain.language import _
from provisioning.errors import VariableError
from provisioning.profiles.layers import LayerValues
from provisioning.profiles.loader import read_text, yaml_mapping
from provisioning.profiles.variables import Layer

PROFILE_KEY: Final = "profile"
_FILE_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")


class ProvisioningFolder:
    """`provisioning/` in the state folder. Reading a file that is not there gives no values."""

    def __init__(self, root: Path) -> None:
        self._root = root

    @property
    def profiles(self) -> Path:
        return self._root / "profiles"

    def path_of(self, layer: Layer, name: str = "") -> Path:
        """Where the values of a layer stand. name: of the kecamatan (its code), site or device."""
        if layer in (Layer.KABUPATEN, Layer.PROFILE):
            return self._root / "variables" / "kabupaten.yaml"
        if not _FILE_NAME.fullmatch(name):
            raise VariableError(_("'{name}' cannot be the name of a file of variables.").format(name=name))
        folder = {Layer.KECAMATAN: "kecamatan", Layer.SITE: "sites", Layer.DEVICE: "devices"}[layer]
        return self._root / "variables" / folder / f"{name}.yaml"

    def read(self, layer: Layer, name: str = "") -> LayerValues:
        """Raises SiteProfileError for a file that is no YAML mapping."""
        path = self.path_of(layer, name)
        values = yaml_mapping(read_text(path), str(path)) if path.exists() else {}
        return LayerValues(layer, str(path), {str(key): value for key, value in values.items() if key != PROFILE_KEY})

    def profile_of(self, site: str) -> str:
        """The profile that the site's file names, or ''."""
        path = self.path_of(Layer.SITE, site)
        return str(yaml_mapping(read_text(path), str(path)).get(PROFILE_KEY, "")) if path.exists() else ""

    def write(self, layer: Layer, name: str, changes: Mapping[str, object]) -> Path:
        """Change some values of a file, which is replaced in one step; None takes a value away. The caller has checked
        them. Comments in the file are lost: its first line says so."""
        path = self.path_of(layer, name)
        held = yaml_mapping(read_text(path), str(path)) if path.exists() else {}
        merged = {key: value for key, value in {**held, **changes}.items() if value is not None}
        text = "# Written by kentongan site set; comments are not kept.\n"
        text += yaml.safe_dump(merged, allow_unicode=True, sort_keys=True) if merged else ""
        path.parent.mkdir(parents=True, exist_ok=True)
        waiting = path.with_suffix(".yaml.new")
        waiting.write_text(text, encoding="utf-8")
        os.replace(waiting, path)
        return path
