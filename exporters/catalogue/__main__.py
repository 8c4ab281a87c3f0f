"""`python -m exporters.catalogue` prints the reference page of the metrics."""

import sys

from exporters.catalogue.reference import render_reference

sys.stdout.write(render_reference())
