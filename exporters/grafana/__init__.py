"""Grafana at run time: the shipped dashboards, files for its provisioning, pushing to its API, asking whether every
panel has something to show. Nothing here is imported by the poller."""
