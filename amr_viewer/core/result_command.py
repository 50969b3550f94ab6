"""The command that makes a result again, for the shell of this system."""

from __future__ import annotations

import json
import os
import shlex
import subprocess

from amr_viewer.core.parameters import Parameters
from amr_viewer.core.protocol import Protocol
from amr_viewer.core.result_key import ResultKey
from amr_viewer.errors import ParameterError

FOLDER = "again"
"""Where the command writes, in the folder in which it is run."""


def command_for(
    path: str,
    protocol: Protocol | None,
    *,
    use_review: bool,
    free_running: bool,
    key: ResultKey | None = None,
) -> str:
    """Return the command that makes a result again, from any folder.

    Parameters
    ----------
    path : str
        Of the recording, absolute.
    protocol : Protocol or None
        The one that was asked for; None where that of the review, or the default one, was used.
    use_review, free_running : bool
        As for `workflow.analyze_file`.
    key : ResultKey or None
        What the command must find again, else it refuses; None for a recording that failed.

    Returns
    -------
    str
        For a POSIX shell, on Windows for its own.
    """
    words = ["amr-viewer", "analyze"]
    words += protocol_words(protocol) if protocol is not None else []
    words += [] if use_review else ["--ignore-review"]
    words += [] if free_running else ["--no-free-running"]
    words += ["--expect", key.short] if key is not None else []
    words += ["--out", FOLDER, "--", path]
    return subprocess.list2cmdline(words) if os.name == "nt" else " ".join(map(quoted, words))


def protocol_words(protocol: Protocol) -> list[str]:
    """Return the options that state a protocol exactly: parameters one by one, the rest as JSON.

    Examples
    --------
    >>> protocol_words(Protocol(parameters=Parameters().replaced({"window_end_ms": "25"})))
    ['--set', 'detection.window_end_ms=25.0']
    """
    changed = {
        f"{d.group}.{d.name}": str(d.value) for d in protocol.parameters.describe() if d.changed
    }
    if not _are_exact(changed, protocol.parameters):
        return ["--protocol", _text(protocol.model_dump(mode="json", exclude_defaults=True))]
    names = protocol.model_dump(mode="json", exclude_defaults=True, exclude={"parameters"})
    # An empty one is stated as well where nothing else is: a review might bring another.
    stated = ["--protocol", _text(names)] if names or not changed else []
    settings = (("--set", f"{name}={value}") for name, value in changed.items())
    return [*stated, *(word for pair in settings for word in pair)]


def _are_exact(settings: dict[str, str], parameters: Parameters) -> bool:
    """Whether parameters come out of their texts as they went in."""
    try:
        return Parameters().replaced(settings) == parameters
    except ParameterError:
        return False


def _text(values: dict[str, object]) -> str:
    """Return JSON of ASCII characters."""
    return json.dumps(values, ensure_ascii=True, separators=(",", ":"))


def quoted(word: str) -> str:
    r"""Return a word as a POSIX shell takes it, whatever bytes it holds.

    It is one line of UTF-8, unless the word ends with a line break.

    Examples
    --------
    >>> print(quoted("it's a.edf"), quoted("a\n.edf"))
    'it'"'"'s a.edf' "$(printf 'a\012.edf')"
    """
    if word.isprintable():
        return shlex.quote(word)
    # A shell drops line breaks at the end of what a command prints.
    rest = word.rstrip("\n")
    octal = "".join(map(_octal, os.fsencode(rest)))
    return f"\"$(printf '{octal}')\"" + (shlex.quote(word[len(rest) :]) if rest != word else "")


def _octal(byte: int) -> str:
    """Return a byte as the format of printf has it."""
    is_plain = 0x20 <= byte < 0x7F and byte not in b"'\\%"
    return chr(byte) if is_plain else f"\\{byte:03o}"
