"""A whole kabupaten, invented: real village names and codes, everything else made up from a seed. Pure."""

from lab.kabupaten.cameras import CAMERA_CREDENTIAL
from lab.kabupaten.generate import DEFAULT_CREDENTIAL, DEFAULT_PORT, DEFAULT_SEED, generate
from lab.kabupaten.ports import DEFAULT_RTSP_PORT, DEFAULT_WEB_PORT

__all__ = [
    "CAMERA_CREDENTIAL",
    "DEFAULT_CREDENTIAL",
    "DEFAULT_PORT",
    "DEFAULT_RTSP_PORT",
    "DEFAULT_SEED",
    "DEFAULT_WEB_PORT",
    "generate",
]
