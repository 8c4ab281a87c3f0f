"""SNMPv3 over IPv4 for whole fleets: seals what the sweep sends, opens what comes back. See decision 0006."""
