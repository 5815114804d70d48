"""The version of Sotto."""

VERSION = "0.1.0"
"""The build reads it from here; `importlib.metadata` would take 5 MB to tell it."""
