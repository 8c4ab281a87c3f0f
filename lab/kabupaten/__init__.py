"""A whole kabupaten, invented: real village names and codes, everything else made up from a seed. Pure."""

from lab.kabupaten.generate import DEFAULT_CREDENTIAL, DEFAULT_PORT, DEFAULT_SEED, generate

__all__ = ["DEFAULT_CREDENTIAL", "DEFAULT_PORT", "DEFAULT_SEED", "generate"]
