"""File names of the Brain Imaging Data Structure: their entities, suffix and extension.

References
----------
.. [1] Gorgolewski KJ et al. Sci Data 2016;3:160044; version 1.11, common principles.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

SIGNAL_SUFFIXES = ("emg", "eeg", "ieeg", "meg")
"""Suffixes of recordings that may hold EMG; each is also the name of its folder."""

_ENTITY = re.compile(r"([a-zA-Z0-9]+)-([a-zA-Z0-9+]+)")
_NAME = re.compile(r"(?P<stem>(?:[a-zA-Z0-9]+-[a-zA-Z0-9+]+_)*)(?P<suffix>[a-zA-Z0-9]+)")


@dataclass(frozen=True, slots=True)
class BidsName:
    """A file name of a data set.

    Attributes
    ----------
    entities : tuple of (str, str)
        ``("sub", "01"), ("task", "talking")``, in their order.
    suffix : str
        ``"emg"``, ``"channels"``, ``"events"``...
    extension : str
        With its dot: ``".edf"``.
    """

    entities: tuple[tuple[str, str], ...]
    suffix: str
    extension: str

    @property
    def stem(self) -> str:
        """The entities as a file name begins: ``sub-01_task-talking``."""
        return "_".join(f"{key}-{label}" for key, label in self.entities)

    @property
    def is_recording(self) -> bool:
        """Whether this names a recording of one participant."""
        return self.suffix in SIGNAL_SUFFIXES and self.label("sub") is not None

    def label(self, key: str) -> str | None:
        """Return the label of an entity, None where the name has none."""
        return dict(self.entities).get(key)

    def without(self, *keys: str) -> BidsName:
        """Return the name without some entities."""
        kept = tuple(e for e in self.entities if e[0] not in keys)
        return BidsName(kept, self.suffix, self.extension)

    def applies_to(self, other: BidsName) -> bool:
        """Whether a file of this name may describe another: it says nothing that it does not."""
        return set(self.entities) <= set(other.entities)


def parse_bids_name(name: str) -> BidsName | None:
    """Read a file name; None: it is none of a data set.

    Examples
    --------
    >>> parse_bids_name("sub-01_task-talking_emg.edf").stem
    'sub-01_task-talking'
    >>> parse_bids_name("patient 7.edf") is None
    True
    """
    body, dot, extension = name.partition(".")
    match = _NAME.fullmatch(body)
    if match is None or not dot:
        return None
    entities = tuple(_ENTITY.findall(match["stem"]))
    keys = [key for key, _ in entities]
    if len(keys) != len(set(keys)):
        return None
    return BidsName(entities, match["suffix"], dot + extension)
