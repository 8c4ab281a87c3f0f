"""Months of history of a simulated kabupaten, made by the running service's own parts on a fast clock."""
