"""The commands of ``procdef store``."""
