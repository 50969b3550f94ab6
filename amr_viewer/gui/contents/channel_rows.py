"""What the list says of each channel, in the order of Traces; drawing it is left to `channels`."""

from __future__ import annotations

from dataclasses import dataclass, replace

from amr_viewer.core.anatomy import Muscle, Role
from amr_viewer.core.recording import Channel, ChannelKind, Recording
from amr_viewer.gui.document import Document, TraceLayout
from amr_viewer.report.wording import EN

ROLES = {
    Role.DIRECT: "direct",
    Role.LATERAL: "lateral",
    Role.CONTRALATERAL: "contra",
    Role.OTHER: "other",
}
ROLE_TIPS = {
    Role.DIRECT: "muscle of the stimulated branch: the direct response M is measured here",
    Role.LATERAL: "muscle of another branch on the stimulated side: an AMR is looked for here",
    Role.CONTRALATERAL: "muscle of the other side",
    Role.OTHER: "says nothing of lateral spread for this site",
}


@dataclass(frozen=True, slots=True)
class ChannelRow:
    """One channel.

    Attributes
    ----------
    channel : int
        Index into `Recording.channels`.
    response : int or None
        Index into `Responses.channels`; None where the channel was not analyzed.
    name, label : str
        Muscle and side as understood; as in the file.
    unit : str
    role : Role or None
        For the selected site.
    muscle : Muscle or None
    missing : tuple of str
        What is not known of an EMG channel: ``"muscle", "side", "unit"``.
    visible : bool
        Whether Traces shows it.
    """

    channel: int
    response: int | None
    name: str
    label: str
    unit: str
    role: Role | None
    muscle: Muscle | None
    missing: tuple[str, ...]
    visible: bool

    @property
    def tip(self) -> str:
        """What a person may want to know of the channel."""
        lines = [f"{self.name}: “{self.label}” in the file, {self.unit or 'unit not stated'}"]
        if self.role is not None:
            lines.append(f"{ROLES[self.role]}: {ROLE_TIPS[self.role]}")
        if self.missing:
            lines.append(f"{' and '.join(self.missing)} not known; assign…")
        lines.append("Shown in Traces" if self.visible else "Hidden in Traces")
        return "\n".join(lines)

    @property
    def spoken(self) -> str:
        """The row in words."""
        return self.tip.replace("\n", ", ")


def channel_rows(document: Document | None) -> tuple[ChannelRow, ...]:
    """Return the channels of a recording in the order of Traces."""
    if document is None or document.recording is None:
        return ()
    analysis, layout = document.analysis, document.layout
    recording = analysis.recording if analysis else document.recording
    places = response_places(recording) if analysis else {}
    roles = {f.channel_index: f.role for f in document.findings_of(document.selection.site)}
    rows = []
    for index in layout.order:
        channel, response = recording.channels[index], places.get(index)
        role = roles.get(response) if response is not None else None
        rows.append(_row(channel, index, response, role, visible=index not in layout.hidden))
    return tuple(rows)


def response_places(recording: Recording) -> dict[int, int]:
    """Return for each channel that was analyzed its place in `Responses.channels`."""
    from amr_viewer.analysis.examination import analyzed_channels

    return {channel: place for place, channel in enumerate(analyzed_channels(recording))}


def _row(
    channel: Channel, index: int, response: int | None, role: Role | None, *, visible: bool
) -> ChannelRow:
    """Return the row of a channel."""
    name = channel.label
    if channel.muscle is not None:
        side = EN.side_letters[channel.side or ""]
        name = f"{EN.muscle_short[channel.muscle]} {side}".strip()
    missing: tuple[str, ...] = ()
    if channel.kind is ChannelKind.EMG:
        known = {
            "muscle": channel.muscle is not None,
            "side": channel.side is not None,
            "unit": channel.unit is not None,
        }
        missing = tuple(word for word, is_known in known.items() if not is_known)
    unit = (channel.unit or "").replace("uV", "µV")
    return ChannelRow(
        index, response, name, channel.label, unit, role, channel.muscle, missing, visible
    )


def with_visible(layout: TraceLayout, channel: int, visible: bool) -> TraceLayout:
    """Return a layout that shows or hides a channel."""
    hidden = layout.hidden - {channel} if visible else layout.hidden | {channel}
    return replace(layout, hidden=hidden)


def moved(layout: TraceLayout, channel: int, place: int) -> TraceLayout:
    """Return a layout with a channel at another place.

    Parameters
    ----------
    layout : TraceLayout
    channel : int
    place : int
        Before which entry of the present order it shall stand; beyond the last: at the end.
    """
    at = layout.order.index(channel)
    rest = [c for c in layout.order if c != channel]
    rest.insert(min(max(place - (place > at), 0), len(rest)), channel)
    return replace(layout, order=tuple(rest))
