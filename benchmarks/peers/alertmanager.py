"""Cuts as blackbox_exporter, Prometheus and Alertmanager tell them, all three real, in the collector's namespace.

Scraped every 15 s, `for: 1m`, as is usual. Alertmanager's group wait is 0 here, where it ships 30 s: what is measured
is how long it takes to find out.
"""

import contextlib
import json
import random
import shutil
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Sequence
from pathlib import Path

from benchmarks.cuts import Heard, Hook, StageError, child, wait
from lab.real import RealLab, inside

PROGRAMS = ("prometheus", "prometheus-alertmanager", "prometheus-blackbox-exporter")
SCRAPE_SECONDS, FOR_SECONDS = 15, 60
TOLD_WITHIN_SECONDS = FOR_SECONDS + 4 * SCRAPE_SECONDS
_BLACKBOX, _PROMETHEUS, _ALERTMANAGER = "127.0.0.1:9115", "127.0.0.1:9090", "127.0.0.1:9093"


def measure(lab: RealLab, told: Hook, links: Sequence[str], dice: random.Random) -> list[float]:
    """Seconds from the cut of each link, to a site of its own, to its webhook. They are cut one soon after the other:
    each is an alert of its own."""
    with _chain(lab, told):
        since, cut_at = len(told.heard), {}
        for link in links:
            time.sleep(dice.uniform(0, SCRAPE_SECONDS / len(links)))
            cut_at[lab.layout.links[link].z_host] = time.monotonic()
            lab.cut(link)
        try:
            return [_told_at(told, host, since) - at for host, at in cut_at.items()]
        finally:
            for link in links:
                lab.restore(link)


def _told_at(told: Hook, host: str, since: int) -> float:
    return told.until(lambda each: _names(each, host), since, TOLD_WITHIN_SECONDS).at


def _names(each: Heard, host: str) -> bool:
    alerts = each.body.get("alerts", ())
    return any(alert["status"] == "firing" and alert["labels"].get("device") == host for alert in alerts)


@contextlib.contextmanager
def _chain(lab: RealLab, told: Hook) -> Iterator[None]:
    """All three, from the moment when each host has been probed and found well. Raises StageError."""
    missing = [name for name in PROGRAMS if shutil.which(name) is None]
    if missing:
        raise StageError(f"not installed: {', '.join(missing)}")
    with tempfile.TemporaryDirectory(prefix="kentongan-peers-") as name, contextlib.ExitStack() as stack:
        folder = Path(name)
        _configure(folder, lab, told.url)
        prometheus, alertmanager, blackbox = PROGRAMS
        at = lab.collector
        stack.enter_context(child(at, folder, blackbox, "--config.file=b.yml", f"--web.listen-address={_BLACKBOX}"))
        alone = ("--cluster.listen-address=", f"--web.listen-address={_ALERTMANAGER}")
        stack.enter_context(child(at, folder, alertmanager, "--config.file=a.yml", "--storage.path=a", *alone))
        listen = f"--web.listen-address={_PROMETHEUS}"
        stack.enter_context(child(at, folder, prometheus, "--config.file=p.yml", "--storage.tsdb.path=p", listen))
        wait(lambda: _well(lab) == len(lab.addresses), 60, "Prometheus had found every host well")
        yield


def _well(lab: RealLab) -> int:
    """How many hosts Prometheus has found well."""
    query = f"http://{_PROMETHEUS}/api/v1/query?query=probe_success%3D%3D1"
    try:
        with inside(lab.collector), urllib.request.urlopen(query, timeout=5) as got:
            return len(json.load(got)["data"]["result"])
    except OSError:
        return 0


def _configure(folder: Path, lab: RealLab, hook_url: str) -> None:
    (folder / "b.yml").write_text("modules: {icmp: {prober: icmp, timeout: 5s, icmp: {preferred_ip_protocol: ip4}}}\n")
    (folder / "a.yml").write_text(
        "route: {receiver: hook, group_by: ['...'], group_wait: 0s}\n"
        f"receivers: [{{name: hook, webhook_configs: [{{url: '{hook_url}'}}]}}]\n"
    )
    (folder / "rules.yml").write_text(
        "groups: [{name: reach, rules: [{alert: HostDown, expr: probe_success == 0, "
        f"for: {FOR_SECONDS}s, labels: {{severity: page}}}}]}}]\n"
    )
    targets = ", ".join(
        f"{{targets: ['{address}'], labels: {{device: '{host}'}}}}" for host, address in lab.addresses.items()
    )
    (folder / "p.yml").write_text(
        f"global: {{scrape_interval: {SCRAPE_SECONDS}s, evaluation_interval: {SCRAPE_SECONDS}s}}\n"
        "rule_files: [rules.yml]\n"
        f"alerting: {{alertmanagers: [{{static_configs: [{{targets: ['{_ALERTMANAGER}']}}]}}]}}\n"
        "scrape_configs:\n"
        "- job_name: icmp\n"
        "  metrics_path: /probe\n"
        "  params: {module: [icmp]}\n"
        f"  static_configs: [{targets}]\n"
        "  relabel_configs:\n"
        "  - {source_labels: [__address__], target_label: __param_target}\n"
        f"  - {{target_label: __address__, replacement: '{_BLACKBOX}'}}\n"
    )
