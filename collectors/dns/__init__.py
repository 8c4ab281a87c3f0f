"""Asks a DNS server one name, and whether it answers what it should."""

from collectors.dns.check import check_dns

__all__ = ["check_dns"]
