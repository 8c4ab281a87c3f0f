"""`python -m exporters.prometheus` prints the rules file."""

import sys

from exporters.prometheus.render import rules_text

sys.stdout.write(rules_text())
