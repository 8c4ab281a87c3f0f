"""Settings: sources, provenance, unknown keys, secrets."""

from pathlib import Path

import pytest

from kentongan.errors import SettingsError
from kentongan.settings import load_settings
from kentongan.settings.loading import leaves, shown
from kentongan.settings.template import settings_file


def written(folder: Path, text: str) -> Path:
    file = folder / "kentongan.toml"
    file.write_text(text, encoding="utf-8")
    return file


def test_the_file_that_init_writes_changes_nothing(tmp_path: Path) -> None:
    fresh = load_settings(written(tmp_path, settings_file()), {})
    assert fresh.settings == load_settings(written(tmp_path, ""), {}).settings
    assert set(fresh.sources.values()) == {"default"}


def test_uncommented_template_is_valid_and_complete(tmp_path: Path) -> None:
    lines = [line[2:] if " = " in line and line.startswith("# ") else line for line in settings_file().splitlines()]
    text = "\n".join(line for line in lines if not line.startswith("Kentongan") and "KENTONGAN_" not in line)
    loaded = load_settings(written(tmp_path, text), {})
    assert "default" not in loaded.sources.values()


def test_environment_beats_file_and_both_are_named(tmp_path: Path) -> None:
    file = written(tmp_path, "[exporter]\nport = 9000\nhost = '::1'\n")
    loaded = load_settings(file, {"KENTONGAN_EXPORTER__PORT": "9001", "KENTONGAN_POLLING__FIBRE__SNMP_SECONDS": "10"})
    assert loaded.settings.exporter.port == 9001
    assert loaded.settings.polling.fibre.snmp_seconds == 10
    assert loaded.sources["exporter.port"] == "KENTONGAN_EXPORTER__PORT"
    assert loaded.sources["exporter.host"] == str(file)
    assert loaded.sources["log.level"] == "default"


def test_unknown_key_names_the_nearest(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"exporter\.prot.*exporter\.port"):
        load_settings(written(tmp_path, "[exporter]\nprot = 1\n"), {})
    with pytest.raises(SettingsError, match=r"KENTONGAN_LOG__LEVLE.*log\.level"):
        load_settings(written(tmp_path, ""), {"KENTONGAN_LOG__LEVLE": "debug"})


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("[exporter]\nport = 70000\n", "exporter.port"),
        ("[language]\ntimezone = 'Asia/Purwakarta'\n", "time zone"),
        ("[exporter\n", "kentongan.toml"),
        ("[polling.fibre]\nsnmp_seconds = 0\n", "polling.fibre.snmp_seconds"),
    ],
)
def test_bad_values_name_place_and_problem(tmp_path: Path, text: str, named: str) -> None:
    with pytest.raises(SettingsError) as caught:
        load_settings(written(tmp_path, text), {})
    assert named in str(caught.value)


def test_a_missing_file_says_how_to_write_one(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="kentongan init"):
        load_settings(tmp_path / "none.toml", {})


def test_secrets_are_masked_and_never_in_errors(tmp_path: Path) -> None:
    loaded = load_settings(written(tmp_path, ""), {"KENTONGAN_DATABASE__URL": "postgresql://u:geheim@h/d"})
    assert all("geheim" not in shown(value) for _, value in leaves(loaded.settings))
    assert "geheim" not in repr(loaded)
    assert "geheim" in loaded.database_url
    with pytest.raises(SettingsError) as caught:
        load_settings(written(tmp_path, "[secrets]\nkey = ['geheim']\n"), {})
    assert "geheim" not in str(caught.value)
