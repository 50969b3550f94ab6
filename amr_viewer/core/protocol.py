"""What a laboratory may lay down: the meaning of its names, and its parameters."""

from __future__ import annotations

import fnmatch
import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Literal, TypeVar

from pydantic import Field

from amr_viewer.core.anatomy import Branch, Muscle, Side
from amr_viewer.core.parameters import Group, Parameters
from amr_viewer.core.recording import ChannelKind


class ChannelRule(Group):
    """What a channel label means; None leaves the program's own reading in place."""

    muscle: Muscle | Literal["none"] | None = Field(
        None, description='Muscle recorded; "none": no muscle of the face.'
    )
    side: Side | Literal["none"] | None = Field(
        None, description='Side of the muscle; "none": no side.'
    )
    kind: ChannelKind | None = Field(None, description="What the channel carries.")
    unit: Literal["V", "mV", "uV", "nV"] | None = Field(
        None, description="Unit of the samples where the file does not say, or says it wrongly."
    )
    negative_up: bool | None = Field(
        None,
        description=(
            "False if the amplifier stored the signal with reversed polarity: every sample is "
            "multiplied by -1."
        ),
    )


class MarkerRule(Group):
    """What the text of a marker means: a stimulus, unless `ignore` is set."""

    site: Branch | None = Field(None, description="The branch stimulated.")
    side: Side | None = Field(None, description="The side stimulated.")
    intensity_ma: float | None = Field(
        None, ge=0.0, le=200.0, description="Current.", json_schema_extra={"unit": "mA"}
    )
    width_ms: float | None = Field(
        None, gt=0.0, le=10.0, description="Width of the pulse.", json_schema_extra={"unit": "ms"}
    )
    ignore: bool = Field(False, description="The marker is no stimulus.")


Rule = TypeVar("Rule", ChannelRule, MarkerRule)


class Protocol(Group):
    """A laboratory's protocol; the default one changes nothing.

    `channels` maps labels, `markers` the texts of markers; both compare without regard to case and
    with ``*`` and ``?`` as in file names (``[`` is itself). The first rule that matches counts.
    """

    name: str = Field("default", description="What the laboratory calls this protocol.")
    channels: dict[str, ChannelRule] = Field(
        default_factory=dict, description="Meaning of channel labels."
    )
    markers: dict[str, MarkerRule] = Field(
        default_factory=dict, description="Meaning of the texts of markers."
    )
    trigger: str | None = Field(None, description="Label of the channel that holds the triggers.")
    site: Branch | None = Field(
        None, description="The branch stimulated, where markers do not say."
    )
    side: Side | None = Field(None, description="The side stimulated, where markers do not say.")
    institution: str = Field("", description="Printed at the head of the report.")
    parameters: Parameters = Parameters()

    def channel_rule(self, label: str) -> ChannelRule | None:
        """Return the first rule that matches a channel's label."""
        return _first(self.channels, label)

    def marker_rule(self, text: str) -> MarkerRule | None:
        """Return the first rule that matches the text of a marker."""
        return _first(self.markers, text)


def matches(pattern: str, text: str) -> bool:
    """Whether a name matches a pattern with ``*`` and ``?``, without regard to case.

    Examples
    --------
    >>> matches("emg *", "EMG L Men"), matches("OOc [L]", "ooc [l] ")
    (True, True)
    """
    return _compiled(pattern.strip().casefold()).match(text.strip().casefold()) is not None


@lru_cache(maxsize=4096)
def _compiled(pattern: str) -> re.Pattern[str]:
    """Translate a pattern."""
    return re.compile(fnmatch.translate(pattern.replace("[", "[[]")))


def _first(rules: Mapping[str, Rule], text: str) -> Rule | None:
    """Return the first rule whose pattern matches."""
    return next((rule for pattern, rule in rules.items() if matches(pattern, text)), None)
