"""Which villages are connected, which are served, and which nobody can measure; what was promised and what comes next.

Import from the modules: this package brings nothing along.
"""
