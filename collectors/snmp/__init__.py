"""SNMP: whole fleets in one sweep (v2c, v3), single dialogues (v1, IPv6, discovery), and what a poll comes to."""
