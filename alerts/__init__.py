"""Decides how things are: states with their reasons, changes of interfaces."""
