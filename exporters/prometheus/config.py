"""A ready prometheus.yml. Pure text: nothing is written or started here."""

from pathlib import Path
from shlex import join

RULES_FILE = "kentongan.rules.yml"
JOB = "kentongan"
_LEAST_SECONDS = 5
_LONGEST_TIMEOUT_SECONDS = 30

_CONFIG = """\
# Prometheus for Kentongan, tried with 2.42. Samples carry the time of their poll, so it does not matter when a scrape
# happens; it happens twice per poll interval ({interval} s) so that none is missed. The same sample seen twice is kept
# once. How long samples are kept is a flag of the command, not a line here: --storage.tsdb.retention.time.
global:
  scrape_interval: {scrape}s
  scrape_timeout: {timeout}s
  evaluation_interval: {evaluation}s

rule_files:
  - {rules}

scrape_configs:
  - job_name: {job}
    # The poll's own timestamps: with the scrape's, rate() of a steady 1000/s reads 842 to 1053.
    honor_timestamps: true
    # kentongan_device_info has a zone of its own.
    honor_labels: true
{targets}"""

_HTTP_SD = """\
    http_sd_configs:
      # For a large fleet append ?by=zone: a target for each zone, to be spread over several Prometheus servers.
      - url: http://{address}/sd/prometheus
        refresh_interval: 60s
"""

_STATIC = """\
    static_configs:
      - targets: ["{address}"]
"""


def render_config(target: str, interval_seconds: float, *, discovery: bool = True, rules: str = RULES_FILE) -> str:
    """The text of a prometheus.yml.

    target: `host:port` or URL of Kentongan's exporter. interval_seconds: of the most frequent SNMP polls.
    discovery: ask /sd/prometheus for targets; else the one target stands in the file. rules: path of the rules file.
    """
    scrape = max(_LEAST_SECONDS, round(interval_seconds / 2))
    address = _address(target)
    return _CONFIG.format(
        interval=f"{interval_seconds:g}",
        scrape=scrape,
        timeout=min(scrape, _LONGEST_TIMEOUT_SECONDS),
        evaluation=max(scrape, 15),
        rules=rules,
        job=JOB,
        targets=(_HTTP_SD if discovery else _STATIC).format(address=address),
    )


def start_command(folder: Path, samples_days: int, listen: str = "127.0.0.1:9090") -> str:
    """The shell command that starts Prometheus on the files in `folder`, samples kept for so many days."""
    return join(
        (
            "prometheus",
            f"--config.file={folder / 'prometheus.yml'}",
            f"--storage.tsdb.path={folder / 'data'}",
            f"--storage.tsdb.retention.time={samples_days}d",
            f"--web.listen-address={listen}",
        )
    )


def _address(target: str) -> str:
    """`host:port` as a URL has it; where Kentongan listens on every address, this machine's own."""
    host, _, port = target.removeprefix("http://").rstrip("/").rpartition(":")
    host = host.strip("[]")
    host = {"0.0.0.0": "127.0.0.1", "::": "::1", "": "127.0.0.1"}.get(host, host)  # noqa: S104 - read, not bound
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
