"""Asks the network: SNMP in one sweep or one by one, ICMP, discovery by profiles. Decides nothing."""
