"""The TCP ports on which the simulated applications and cameras listen."""

DEFAULT_WEB_PORT = 20_000  # and one more for each application
DEFAULT_RTSP_PORT = 10_554
