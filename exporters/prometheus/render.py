"""The rules as the YAML that Prometheus reads. `python -m exporters.prometheus` prints it."""

import json
from collections.abc import Iterator

from exporters.prometheus.rules import RULES
from exporters.prometheus.shapes import Alert, Group, Recording

_HEAD = """\
# Rules of Kentongan, written by `python -m exporters.prometheus > exporters/prometheus/rules.yml` from the catalogue of
# metrics: change them there. What to do about each alert stands in docs/runbooks/.
groups:
"""


def rules_text() -> str:
    return _HEAD + "".join(line + "\n" for group in RULES.groups for line in _group(group))


def _group(group: Group) -> Iterator[str]:
    yield f"  - name: {group.name}"
    if group.interval:
        yield f"    interval: {group.interval}"
    yield "    rules:"
    for rule in group.rules:
        yield from _recording(rule) if isinstance(rule, Recording) else _alert(rule)


def _recording(rule: Recording) -> Iterator[str]:
    yield f"      - record: {rule.record}"
    yield f"        expr: {_quoted(rule.expr)}"


def _alert(rule: Alert) -> Iterator[str]:
    yield f"      - alert: {rule.name}"
    yield f"        expr: {_quoted(rule.expr)}"
    yield f"        for: {rule.hold}"
    yield f"        labels: {{severity: {rule.severity}}}"
    yield "        annotations:"
    yield f"          summary: {_quoted(rule.summary)}"
    yield f"          description: {_quoted(rule.description)}"
    yield f"          runbook: docs/runbooks/{rule.name.lower()}.md"


def _quoted(text: str) -> str:
    """A JSON string is a YAML string."""
    return json.dumps(text, ensure_ascii=False)
