"""Immutable values; nothing here opens a file, draws or logs."""
