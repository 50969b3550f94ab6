"""What a result was made from and how; the command that makes it again is in `result_command`."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from typing import Any

from amr_viewer.core.protocol import Protocol
from amr_viewer.core.review import Review

_SHORT = 8
"""Hexadecimal digits of a hash that tell two versions of one file apart well enough."""

NO_KEY = "that is no key of a result"

_WORDS = {
    "recording_sha256": "the recording has changed",
    "parts_sha256": "a further file of the recording has changed",
    "protocol_sha256": "the protocol has changed",
    "review_sha256": "the review has changed",
    "free_running": "free-running EMG was treated otherwise",
    "libraries": "the libraries are other versions",
    "program_version": "the program is another version",
}


@dataclass(frozen=True, slots=True)
class ResultKey:
    """What a result rests on: results with the same key hold the same numbers and words.

    Python's own version is left out: it is told in the results, and changes no number.

    Attributes
    ----------
    recording_sha256 : str
        Of the content of the file.
    parts_sha256 : str
        Of the content of all other files that reading it depends on; empty where there are none.
    protocol_sha256 : str
        Of the protocol that was in force, every parameter and the names of the laboratory included:
        these stand in analysis.json. The one that the report prints.
    review_sha256 : str
        Of everything in the review that was found, its log included, and of what was wrong with its
        file; empty where there was none or it was left aside.
    free_running : bool
        Whether free-running EMG was searched.
    program_version : str
    libraries : str
        Names and versions of the libraries that read the recording and compute.
    """

    recording_sha256: str
    parts_sha256: str
    protocol_sha256: str
    review_sha256: str
    free_running: bool
    program_version: str
    libraries: str = ""

    @property
    def short(self) -> str:
        """The key in one word, for a command line; no two of its places can be mixed up.

        Examples
        --------
        >>> ResultKey("ab" * 32, "", "cd" * 32, "", True, "0.1.0").short
        'abababab-0-cdcdcdcd-0-1-0-0.1.0'
        """
        libraries = _hash(self.libraries) if self.libraries else ""
        hashes = (
            self.recording_sha256, self.parts_sha256, self.protocol_sha256, self.review_sha256,
            str(int(self.free_running)), libraries,
        )  # fmt: skip
        # A version may hold dashes itself, so that it stands last.
        return "-".join([*(h[:_SHORT] or "0" for h in hashes), self.program_version])

    def values(self) -> dict[str, Any]:
        """Return the key as JSON holds it."""
        return asdict(self)


def key_from(values: object) -> ResultKey | None:
    """Return the key that JSON holds, None where it is none."""
    if not isinstance(values, Mapping):
        return None
    try:
        key = ResultKey(**{f.name: values[f.name] for f in fields(ResultKey)})
    except KeyError:
        return None
    kinds = {name: bool if name == "free_running" else str for name in _WORDS}
    return key if all(isinstance(getattr(key, n), kind) for n, kind in kinds.items()) else None


def difference(short: str, key: ResultKey) -> str:
    """Say what differs between a short key and a key, empty if nothing does.

    Examples
    --------
    >>> key = ResultKey("ab" * 32, "", "cd" * 32, "", True, "0.1.0")
    >>> difference("abababab-0-cdcdcdcd-0-1-0-0.0.9", key)
    'the program is another version (then 0.0.9, now 0.1.0)'
    """
    stated, actual = (s.split("-", len(_WORDS) - 1) for s in (short, key.short))
    if len(stated) != len(actual):
        return NO_KEY
    pairs = zip(stated, actual, _WORDS.items(), strict=True)
    return ", ".join(
        words + _versions(name, was, key) for was, now, (name, words) in pairs if was != now
    )


def _versions(name: str, was: str, key: ResultKey) -> str:
    """Return the versions that differ, in brackets, as far as they are known."""
    if name == "program_version":
        return f" (then {was}, now {key.program_version})"
    return f" (now {key.libraries})" if name == "libraries" else ""


def differences(stored: ResultKey, expected: ResultKey) -> tuple[str, ...]:
    """Say in words what differs between two keys, each in a sentence; nothing if they are equal."""
    return tuple(w for n, w in _WORDS.items() if getattr(stored, n) != getattr(expected, n))


def protocol_sha256(protocol: Protocol) -> str:
    """Return the hash of everything that a protocol says, the order of its rules included."""
    return hashlib.sha256(protocol.model_dump_json().encode()).hexdigest()


def review_sha256(review: Review | None, warnings: Sequence[str] = ()) -> str:
    """Return the hash of everything that a review holds, empty for none.

    `warnings` are those of finding it: they stand in the results too.
    """
    if review is None:
        return ""
    return _hash([review.model_dump(mode="json", by_alias=True), *warnings])


def _hash(values: Any) -> str:
    """Return the hash of JSON values, whatever the order of their keys."""
    text = json.dumps(values, sort_keys=True, ensure_ascii=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
