"""Asks cameras for their stream by RTSP: whether they let us in, send a picture, and whether its time goes on."""

from collectors.rtsp.auth import Login
from collectors.rtsp.check import RtspChecker

__all__ = ["Login", "RtspChecker"]
