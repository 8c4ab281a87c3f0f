"""A simulated OpenWrt: `uci` as its documentation describes it, for a shell that is busybox's own."""
