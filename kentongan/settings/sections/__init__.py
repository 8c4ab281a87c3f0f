"""The sections of `kentongan.toml`, by what they are about."""
