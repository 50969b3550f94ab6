"""`amr-viewer formats`: what can be read and written."""

from __future__ import annotations

from rich.table import Table

from amr_viewer.cli.terminal import out

WRITTEN = (
    ("CSV and JSON", "results of an analysis"),
    ("PDF, HTML", "reports"),
    ("EDF+C, EDF+D", "simulated recordings"),
)


def formats() -> None:
    """List the formats that can be read and written."""
    from amr_viewer.io.readers import formats as readable

    table = Table("read", "names", "what it is", box=None, pad_edge=False)
    for reader in readable():
        names = ", ".join(f"*{suffix}" for suffix in reader.suffixes)
        missing = "" if reader.is_available else f" (needs: pip install {reader.needs})"
        table.add_row(reader.name, names, reader.description + missing)
    out.print(table)
    out.print()
    table = Table("written", "what it is", box=None, pad_edge=False)
    for row in WRITTEN:
        table.add_row(*row)
    out.print(table)
