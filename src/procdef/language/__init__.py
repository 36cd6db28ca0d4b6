"""The process language: reading, checking and building process definitions."""

from procdef.language.check import check, check_source, load, load_published, load_source
from procdef.language.yaml.reader import LARGEST

__all__ = ["LARGEST", "check", "check_source", "load", "load_published", "load_source"]
