"""The catalogue of metrics. Pure."""
