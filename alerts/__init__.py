"""Decides and tells: states with their reasons, root cause, verdict, incidents, and who hears of them, where."""
