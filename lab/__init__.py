"""Something to poll: a simulated kabupaten, and real daemons in network namespaces."""
