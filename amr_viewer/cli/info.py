"""`amr-viewer info`: what is in a recording and how it was understood."""

from __future__ import annotations

from math import isfinite
from typing import Annotated, Any, NamedTuple

import typer
from typer.core import TyperCommand

from amr_viewer.cli.options import ProtocolFile, RecordingPath, chosen_protocol
from amr_viewer.cli.terminal import Failures


class SampleRequest(NamedTuple):
    """A channel (label, or ``#index``) and a time of which the value is asked."""

    channel: str
    time_s: float


def _sample_request(values: tuple[str, str] | SampleRequest) -> SampleRequest:
    """Read the two words that follow ``--sample``."""
    try:
        time_s = float(values[1])
    except ValueError:
        raise typer.BadParameter(f"{values[1]} is no time in seconds") from None
    if not isfinite(time_s):
        raise typer.BadParameter(f"{values[1]} is no time in seconds")
    return SampleRequest(values[0], time_s)


class InfoCommand(TyperCommand):
    """`info`, whose option `--sample` takes two values each time it is given."""

    def __init__(self, *args: Any, **settings: Any) -> None:
        super().__init__(*args, **settings)
        for parameter in self.params:
            if parameter.name == "sample":
                parameter.nargs = 2


def info(
    path: RecordingPath,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
    sample: Annotated[
        list[SampleRequest] | None,
        typer.Option(
            metavar="CHANNEL SECONDS",
            parser=_sample_request,
            help="Add the value of one channel (label or #index) at one time; repeatable.",
        ),
    ] = None,
    protocol: ProtocolFile = None,
) -> None:
    """Show what is in a recording and how it was understood."""
    from amr_viewer.analysis.stimuli import find_stimuli
    from amr_viewer.cli.info_values import info_values
    from amr_viewer.io import read_recording

    rules = chosen_protocol(protocol)
    failures = Failures()
    with failures.of(path):
        recording = read_recording(path, rules)
        values = info_values(recording, find_stimuli(recording, rules), sample or [])
        if as_json:
            import json

            typer.echo(json.dumps(values, allow_nan=False, indent=1))
        else:
            from amr_viewer.cli.info_view import show

            show(values)
    failures.close()
