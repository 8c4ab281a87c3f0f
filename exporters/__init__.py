"""Shows: metrics for Prometheus with its configuration and rules, dashboards for Grafana, reports as PDF and XLSX."""
