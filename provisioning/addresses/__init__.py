"""The address plan's decisions: which pool a request means, what it says when it refuses. Pure."""
