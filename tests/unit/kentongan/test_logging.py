"""Nothing secret reaches the log, whatever it is wrapped in."""

import json

import pytest
import structlog

from domain.secrets import Secret
from kentongan.logging import configure_logging


@pytest.mark.parametrize(
    "event",
    [
        {"credential": Secret("geheim")},
        {"community": "geheim"},
        {"auth_password": "geheim"},
        {"detail": {"priv_password": "geheim", "list": [{"token": "geheim"}]}},
        {"url": "postgresql://noc:geheim@127.0.0.1/db"},
        {"text": "login failed: password=geheim host=x"},
        {"items": [Secret("geheim")]},
    ],
)
def test_secrets_do_not_reach_the_log(event: dict[str, object], capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging("info", "json")
    structlog.get_logger("test").info("something_happened", **event)
    written = capsys.readouterr().err
    assert "geheim" not in written
    assert json.loads(written)["event"] == "something_happened"


def test_a_secret_in_a_traceback_stays_hidden(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging("info", "json")
    secret = Secret("geheim")
    try:
        raise ValueError(f"cannot use {secret} {secret!r} {secret:>5}")
    except ValueError:
        structlog.get_logger("test").exception("failed")
    assert "geheim" not in capsys.readouterr().err


def test_a_secret_is_not_pickled() -> None:
    import pickle

    with pytest.raises(TypeError, match="vault"):
        pickle.dumps(Secret("geheim"))
