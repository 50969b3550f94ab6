"""`amr-viewer validate`: accuracy on simulated truth."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def validate(
    out: Annotated[Path | None, typer.Option(metavar="DIR", help="Folder of the document.")] = None,
) -> None:
    """Measure detector and verdicts on simulated recordings; print one table."""
    raise NotImplementedError(out)
