"""Shows: metrics in Prometheus text, over HTTP, with the configuration and rules that go with them."""
