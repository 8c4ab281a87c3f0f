"""Changes of sites wired: jobs bound to stores, shells, vault and backups; what checks may ask."""
