"""The target that pollers are measured against: an SNMP responder in C, compiled on the spot."""

from benchmarks.target.build import CompilerMissingError, Target, build, running

__all__ = ["CompilerMissingError", "Target", "build", "running"]
