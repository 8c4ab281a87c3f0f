"""Dashboards as code: one file each, one vocabulary for all, written to `json/` by `python -m exporters.dashboards`.

Only whoever changes a dashboard needs these modules and the package they are made with; the program reads the JSON.
Texts are in Indonesian first and in English behind: Grafana has no catalogue of ours.
"""
