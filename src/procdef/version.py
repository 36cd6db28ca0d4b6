"""The version of procdef, here alone: the build reads it, and it is known also where nothing is installed."""

__version__ = "0.1.0"
