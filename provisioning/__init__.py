"""Changes devices: address plan, templates, push, verification. Nothing stands here yet but the place."""
