"""The commands; the only place that prints. What they do stands in the rooms below."""

from amr_viewer.cli.app import app, main

__all__ = ["app", "main"]
