"""Reviews as files: ``<recording>.amr.json`` beside the recording; applying them is left to others.

A file is written whole or not at all, with one backup. What stands there is never lost to another
writer: the log of a review only grows, so that a file whose log is no beginning of the one that
takes its place was written by somebody else, and is kept.
"""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path

from amr_viewer._version import __version__
from amr_viewer.atomic import write_durably
from amr_viewer.core.review import SCHEMA_VERSION, Review
from amr_viewer.errors import ExportError, ReadError
from amr_viewer.io.review_content import DamagedError, parsed, text_of

SUFFIX = ".amr.json"
BACKUP = ".bak"
LONGEST_NAME = 120


@dataclass(frozen=True, slots=True)
class FoundReview:
    """What was found for a recording.

    Attributes
    ----------
    review : Review or None
    path : Path or None
        The file that it was read from.
    warnings : tuple of str
        What of it was damaged, or stands twice.
    """

    review: Review | None
    path: Path | None
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class StoredReview:
    """Where a review was written, and what a person must know of it."""

    path: Path
    warnings: tuple[str, ...] = ()


def review_path(recording_path: Path | str) -> Path:
    """Return the path of the review beside a recording.

    Examples
    --------
    >>> review_path("patients/a.edf").as_posix()
    'patients/a.edf.amr.json'
    """
    path = Path(recording_path)
    return path.with_name(path.name + SUFFIX)


def data_folder() -> Path:
    """Return the folder of what the program keeps for a user; AMR_VIEWER_DATA_DIR overrides it."""
    chosen = os.environ.get("AMR_VIEWER_DATA_DIR")
    if chosen:
        return Path(chosen)
    from platformdirs import user_data_path

    return user_data_path("amr-viewer", appauthor=False)


def fallback_path(recording_path: Path | str) -> Path:
    """Return where the review is kept if the recording's folder cannot be written."""
    full = os.path.abspath(recording_path)  # noqa: PTH100 - a link keeps its own name
    digest = hashlib.sha256(os.fsencode(full)).hexdigest()[:16]
    name = Path(full).name[-LONGEST_NAME:]
    return data_folder() / "reviews" / f"{digest}-{name}{SUFFIX}"


def load_review(recording_path: Path | str) -> Review | None:
    """Read the review of a recording, None if there is none.

    `find_review` also tells what was wrong with it; whether it belongs to the very file is said by
    `Review.belongs_to`.

    Raises
    ------
    ReadError
        It was written by a newer version of this program, or it and its backup are damaged.
    """
    return find_review(recording_path).review


def find_review(recording_path: Path | str) -> FoundReview:
    """Look for the review of a recording, beside it and in the user's own folder.

    Raises
    ------
    ReadError
        It was written by a newer version of this program, or it and its backup are damaged.
    """
    places = (review_path(recording_path), fallback_path(recording_path))
    found = [_read_with_backup(place) for place in places if _exists(place)]
    if not found:
        return FoundReview(None, None)
    if len(found) == 1:
        return found[0]
    beside, apart = found
    assert beside.review is not None
    assert apart.review is not None
    chosen = apart if len(apart.review.log) > len(beside.review.log) else beside
    warnings = beside.warnings + apart.warnings
    if beside.review != apart.review:
        where = "the user's own folder" if chosen is apart else "the recording's folder"
        warnings += (f"two reviews of this recording; the longer one, in {where}, is used",)
    return FoundReview(chosen.review, chosen.path, warnings)


def _exists(path: Path) -> bool:
    """Whether there is a file; what may not be looked at is not there."""
    try:
        return path.is_file()
    except OSError:
        return False


def _read_with_backup(path: Path) -> FoundReview:
    """Read a review, from its backup if it is damaged."""
    try:
        return FoundReview(_read(path), path)
    except DamagedError as fault:
        backup = path.with_name(path.name + BACKUP)
        try:
            review = _read(backup)
        except (DamagedError, ReadError):
            raise ReadError(
                f"{path.name}: the review is damaged ({fault}) and has no backup; move it away to "
                "begin anew"
            ) from fault
        warning = f"the review {path.name} is damaged ({fault}); its backup was used"
        return FoundReview(review, backup, (warning,))


def _read(path: Path) -> Review:
    """Read one file."""
    try:
        data = path.read_bytes()
    except OSError as error:
        why = error.strerror or str(error)
        raise ReadError(f"{path.name}: the review cannot be read ({why}); check it") from error
    return parsed(data, path.name)


def save_review(review: Review, recording_path: Path | str) -> Path:
    """Write the review of a recording and return where it stands; see `store_review`.

    Raises
    ------
    ExportError
        It can be written nowhere, or what stands there was written by a newer version.
    """
    return store_review(review, recording_path).path


def store_review(review: Review, recording_path: Path | str) -> StoredReview:
    """Write the review of a recording: beside it or, failing that, in the user's own folder.

    The file that stood there becomes the backup. If another program has changed it since this
    review was read from it, it is kept under a name of its own as well.

    Raises
    ------
    ExportError
        It can be written nowhere, or what stands there was written by a newer version.
    """
    current = review.model_copy(
        update={"schema_version": SCHEMA_VERSION, "program_version": __version__}
    )
    data = text_of(current)
    beside, apart = review_path(recording_path), fallback_path(recording_path)
    try:
        return _write(current, data, beside)
    except OSError:
        # A folder that cannot be written, a disk that is full: nothing decided may be lost.
        pass
    try:
        apart.parent.mkdir(parents=True, exist_ok=True)
        return _write(current, data, apart)
    except OSError as error:
        why = error.strerror or str(error)
        raise ExportError(
            f"{beside.name}: the review can be written neither beside the recording nor in the "
            f"user's own folder ({why}); make room, or set AMR_VIEWER_DATA_DIR"
        ) from error


def _write(review: Review, data: bytes, path: Path) -> StoredReview:
    """Write one file, what stands there kept as far as it is worth it."""
    try:
        standing = path.read_bytes()
    except FileNotFoundError:
        standing = b""
    if standing == data:
        return StoredReview(path)
    warnings: tuple[str, ...] = ()
    if standing and _is_own(standing, path, review):
        write_durably(path.with_name(path.name + BACKUP), standing)
    elif standing:
        try:
            former = parsed(standing, path.name)
        except DamagedError:
            former = None
        except ReadError as error:
            raise ExportError(f"{error}; nothing was written") from error
        if former is None or former.log != review.log[: len(former.log)]:
            kept = path.with_name(
                f"{path.name}.conflict-{hashlib.sha256(standing).hexdigest()[:8]}"
            )
            write_durably(kept, standing)
            fault = "was damaged" if former is None else "was changed by another program meanwhile"
            warnings = (f"{path.name} {fault}; what stood there is kept as {kept.name}",)
        if former is not None:
            write_durably(path.with_name(path.name + BACKUP), standing)
    write_durably(path, data)
    _written[path] = (hashlib.sha256(data).digest(), len(review.log))
    return StoredReview(path, warnings)


_written: dict[Path, tuple[bytes, int]] = {}
"""What this process wrote last, and how long its log was: such a file need not be read again."""


def _is_own(standing: bytes, path: Path, review: Review) -> bool:
    """Whether this process wrote what stands there, and the review goes on from it."""
    digest, length = _written.get(path, (b"", 0))
    return digest == hashlib.sha256(standing).digest() and len(review.log) >= length
