"""Drills: faults on a simulated network and a fake clock, told by the real desk and judged by an independent truth.

Nothing here opens a socket, reads a clock or a database. The engine is shown observations only.
"""
