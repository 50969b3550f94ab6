"""Options that several commands have, and what they mean."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from amr_viewer.errors import AmrViewerError

if TYPE_CHECKING:
    from amr_viewer.core.protocol import Protocol

RecordingPath = Annotated[Path, typer.Argument(metavar="PATH", help="A recording.")]
ProtocolFile = Annotated[
    str | None,
    typer.Option(
        "--protocol",
        metavar="FILE",
        help="Protocol of the laboratory (TOML), or its text as JSON, in braces.",
    ),
]
Settings = Annotated[
    list[str] | None,
    typer.Option(
        "--set", metavar="NAME=VALUE", help="Replace a parameter; may be given several times."
    ),
]


IgnoreReview = Annotated[
    bool,
    typer.Option("--ignore-review", help="Leave aside what a person decided about a recording."),
]

FreeRunning = Annotated[
    bool,
    typer.Option(
        help="Whether free-running EMG is searched for bursts and patterns (docs/criteria.md 17 "
        "and 18).",
    ),
]


def stated_protocol(stated: str | None, settings: list[str] | None = None) -> Protocol | None:
    """Return the protocol that the command line asks for, None where it does not ask for one.

    A recording that was reviewed is then analyzed under the protocol of its review.
    """
    return chosen_protocol(stated, settings) if stated is not None or settings else None


def chosen_protocol(stated: str | None, settings: list[str] | None = None) -> Protocol:
    """Return the protocol that the command line asks for; wrong usage where it does not hold."""
    from amr_viewer.core.protocol import Protocol

    try:
        protocol = Protocol()
        if stated is not None:
            from amr_viewer.io.protocol_file import load_protocol, parse_protocol

            is_text = stated.lstrip().startswith("{") and not Path(stated).exists()
            protocol = parse_protocol(stated) if is_text else load_protocol(stated)
        if not settings:
            return protocol
        parameters = protocol.parameters.replaced(_pairs(settings))
    except (AmrViewerError, OSError) as error:
        raise typer.BadParameter(str(error)) from error
    return protocol.model_copy(update={"parameters": parameters})


def _pairs(settings: list[str]) -> dict[str, str]:
    """Split ``NAME=VALUE``."""
    pairs = {}
    for setting in settings:
        name, sign, value = setting.partition("=")
        if not (name.strip() and sign):
            raise typer.BadParameter(f"--set {setting}: write NAME=VALUE")
        pairs[name.strip()] = value.strip()
    return pairs
