"""Witnesses of a fault: light, ports, boots, UPS, ONUs, heartbeats, neighbours; and the opinion made of them."""
