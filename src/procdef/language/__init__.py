"""The process language: reading, checking and building process definitions."""

from procdef.language.check import check, load, load_source

__all__ = ["check", "load", "load_source"]
