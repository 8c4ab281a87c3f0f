"""The steps from one schema of all rooms to the next, run by `kentongan/store/schema.py`."""
