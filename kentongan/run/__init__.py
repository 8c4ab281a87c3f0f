"""The service: polls, decides, records and exports, in one process."""
