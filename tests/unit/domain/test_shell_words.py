"""Records of conversations: fingerprints as OpenSSH writes them, secrets that no text keeps."""

import subprocess
from pathlib import Path

from domain.secrets import Secret, SshLogin
from domain.shell import HostKey, Question, ShellTarget
from domain.shell.masking import masked, secrets_of
from domain.shell.records import Dialect


def test_a_fingerprint_is_the_one_that_openssh_shows(tmp_path: Path) -> None:
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", tmp_path / "key"], check=True)
    algorithm, blob, *_comment = (tmp_path / "key.pub").read_text().split()
    shown = subprocess.run(["ssh-keygen", "-lf", tmp_path / "key.pub"], capture_output=True, text=True, check=True)
    assert HostKey(algorithm, blob).fingerprint in shown.stdout


def test_secrets_are_masked_the_longest_first() -> None:
    text = masked("kunci-panjang dan kunci dan ab", [Secret("kunci"), Secret("kunci-panjang"), Secret("ab")])
    assert text == "*** dan *** dan ab"


def test_a_target_does_not_print_its_secrets() -> None:
    login = SshLogin("ssh", "noc", Secret("rahasia1"), Secret("kunci1"), Secret("enable1"))
    target = ShellTarget("r1", "10.0.0.1", login, Dialect(questions=(Question("x", Secret("jawab1")),)))
    assert not [word for word in ("rahasia1", "kunci1", "enable1", "jawab1") if word in repr(target)]
    assert [secret.reveal() for secret in secrets_of(login)] == ["rahasia1", "kunci1", "enable1"]
