"""Plans of sites wired: profiles, variables, addresses, backups and secrets joined into what a site would be."""
