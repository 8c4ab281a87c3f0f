"""The network's vocabulary, its maths and its ports. Imports the standard library and numpy, nothing else."""
