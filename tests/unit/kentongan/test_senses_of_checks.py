"""What the checks of a site are given to ask with: communities of the factory, heartbeats that the service heard."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer

from domain.network import Device, Role
from kentongan.changing.check_inputs import HeardBeats, Pictures, factory_communities
from kentongan.settings import Settings
from tests import scripted_agents as agents

METRICS = b"""# HELP kentongan_heartbeat_age_seconds x
kentongan_heartbeat_age_seconds{device="rtr-desa"} 41.5
kentongan_heartbeat_age_seconds{device="rtr-desa-2"} 7.0
"""


class Metrics(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()
        self.wfile.write(METRICS)

    def log_message(self, *_words: object) -> None: ...


@contextmanager
def serving() -> Iterator[int]:
    with HTTPServer(("127.0.0.1", 0), Metrics) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        yield server.server_port
        server.shutdown()
        thread.join()


def settings(port: int) -> Settings:
    return Settings.model_validate({"exporter": {"host": "0.0.0.0", "port": port}})


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def test_the_service_says_when_it_heard_a_site() -> None:
    with serving() as port:
        heard = HeardBeats(settings(port))
        assert heard("rtr-desa") == (41.5, 60.0)
        assert heard("rtr") is None
        assert heard("rtr.desa") is None
    assert HeardBeats(settings(free_port()))("rtr-desa") is None


def test_a_camera_that_is_not_there_does_not_play() -> None:
    port = free_port()
    pictures = Pictures(Settings.model_validate({"services": {"rtsp_port": port}}), {}, {})
    assert pictures("cam-desa", "127.0.0.1") == "refused"
    known = {"cam-desa": Device("cam-desa", "desa", Role.CAMERA, platform="axis", address="127.0.0.1")}
    assert Pictures(pictures.settings, known, {})("cam-desa", "127.0.0.1") == "refused"


def test_only_communities_that_are_answered_count() -> None:
    agent = agents.ScriptedAgent("127.0.0.1", {"1.3.6.1.2.1.1.2.0": (6, agents.oid_octets("1.3.6.1.4.1.14988.1"))})
    stop = threading.Event()

    def answer() -> None:
        while not stop.wait(0.005):
            agent.serve()

    thread = threading.Thread(target=answer)
    thread.start()
    try:
        assert factory_communities("127.0.0.1", agent.port) == ("public",)
    finally:
        stop.set()
        thread.join()
        agent.close()
    assert [request.community for request in agent.heard] == [b"public"]  # once each
    assert factory_communities("127.0.0.1", free_port()) == ()
