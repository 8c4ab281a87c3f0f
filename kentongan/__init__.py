"""Kentongan: network and e-government management for a whole kabupaten.

This package wires the rooms together: settings, command line, pipeline, jobs, migrations.
"""

__version__ = "0.1.0"
