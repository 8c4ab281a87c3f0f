"""What pages show, made of the domain's records: words, numbers and shapes, in the order they are read. Pure."""
