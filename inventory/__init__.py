"""What there is: regions, villages, sites, devices, links, people; how it comes in, goes out and is kept."""
