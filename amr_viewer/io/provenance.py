"""What a result of a recording rests on, known without analyzing it."""

from __future__ import annotations

import os
from pathlib import Path

from pydantic import ValidationError

from amr_viewer._version import __version__
from amr_viewer.core.protocol import Protocol
from amr_viewer.core.result_command import command_for
from amr_viewer.core.result_key import ResultKey, protocol_sha256, review_sha256
from amr_viewer.core.review import Review
from amr_viewer.errors import ReadError
from amr_viewer.io import fingerprint
from amr_viewer.io.review_file import FoundReview, find_review


def expected_key(
    path: Path | str,
    protocol: Protocol | None = None,
    *,
    use_review: bool = True,
    free_running: bool = True,
) -> ResultKey:
    """Return the key that `analyze_file` would give a result, without analyzing.

    Parameters
    ----------
    path : Path or str
        A recording; it is read to its end.
    protocol, use_review, free_running
        As for `analyze_file`.

    Returns
    -------
    ResultKey

    Raises
    ------
    ReadError
        The recording cannot be read to its end, or its review cannot be used.
    """
    found = find_review(path) if use_review else FoundReview(None, None)
    of_review = protocol_of(found.review, Path(path).name) if found.review else None
    return key_for(
        path,
        fingerprint.recording_sha256(fingerprint.main_file(path)),
        fingerprint.parts_sha256(path),
        protocol or of_review or Protocol(),
        found,
        free_running,
    )


def command_of(
    path: Path | str,
    protocol: Protocol | None = None,
    *,
    use_review: bool = True,
    free_running: bool = True,
    key: ResultKey | None = None,
) -> str:
    """Return the command that analyzes a recording as `analyze_file` does, from any folder.

    Parameters
    ----------
    path, protocol, use_review, free_running
        As for `analyze_file`.
    key : ResultKey, optional
        What the command must find again, else it refuses.
    """
    full = os.path.abspath(path)  # noqa: PTH100 - a link keeps its own name
    return command_for(full, protocol, use_review=use_review, free_running=free_running, key=key)


def protocol_of(review: Review, name: str) -> Protocol | None:
    """Return the protocol under which a recording was reviewed, None for the default one.

    Raises
    ------
    ReadError
        The review holds one that cannot be used; `name` is that of the recording.
    """
    if review.protocol is None:
        return None
    try:
        return Protocol.model_validate(review.protocol)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"]))
        raise ReadError(
            f"{name}: the protocol in its review cannot be used ({where}: {first['msg']}); name "
            "another one with --protocol, or leave the review aside with --ignore-review"
        ) from error


def key_for(
    path: Path | str,
    sha256: str,
    parts: str,
    protocol: Protocol,
    found: FoundReview,
    free_running: bool,
) -> ResultKey:
    """Return the key of a result of which the hashes of the files are known."""
    return ResultKey(
        recording_sha256=sha256,
        parts_sha256=parts,
        protocol_sha256=protocol_sha256(protocol),
        review_sha256=review_sha256(found.review, found.warnings),
        free_running=free_running,
        program_version=__version__,
        libraries=fingerprint.libraries(path),
    )
