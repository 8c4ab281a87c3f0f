"""The console wired: what it reads, whom it gives orders to, who may enter, and its server."""
