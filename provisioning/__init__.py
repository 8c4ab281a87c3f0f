"""Changes devices: address plan, profiles of sites, templates, push and revert, verification, backups, drift."""
