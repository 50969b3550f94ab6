"""What a laboratory may lay down: the meaning of its names, and its parameters."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from amr_viewer.core.anatomy import Branch, Muscle, Side
from amr_viewer.core.parameters import Group, Parameters
from amr_viewer.core.recording import ChannelKind


class ChannelRule(Group):
    """What a channel label means; None leaves the program's own reading in place."""

    muscle: Muscle | Literal["none"] | None = None
    side: Side | Literal["none"] | None = None
    kind: ChannelKind | None = None
    unit: Literal["V", "mV", "uV", "nV"] | None = Field(
        None, description="Unit of the samples where the file does not say, or says it wrongly."
    )
    negative_up: bool | None = Field(
        None, description="False if the amplifier stored the signal with reversed polarity."
    )


class MarkerRule(Group):
    """What the text of a marker means."""

    site: Branch | None = None
    side: Side | None = None
    intensity_ma: float | None = Field(None, ge=0.0, le=200.0)
    width_ms: float | None = Field(None, gt=0.0, le=10.0)
    ignore: bool = Field(False, description="The marker is no stimulus.")


class Protocol(Group):
    """A laboratory's protocol; the default one changes nothing.

    `channels` maps labels, `markers` the texts of markers; both compare without regard to case and
    with ``*`` and ``?`` as in file names. The first rule that matches counts.
    """

    name: str = "default"
    channels: dict[str, ChannelRule] = Field(default_factory=dict)
    markers: dict[str, MarkerRule] = Field(default_factory=dict)
    trigger: str | None = Field(None, description="Label of the channel that holds the triggers.")
    site: Branch | None = Field(
        None, description="The branch stimulated, where markers do not say."
    )
    side: Side | None = Field(None, description="The side stimulated, if no marker says it.")
    institution: str = ""
    parameters: Parameters = Parameters()
