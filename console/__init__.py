"""The web console: what people see of the network in a browser, and the orders they give there. Decides nothing."""
