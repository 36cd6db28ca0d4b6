"""The commands of ``procdef audit``."""
