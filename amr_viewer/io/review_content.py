"""What stands in a review file: text to values and back; the files are left to `review_file`."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, get_args

from pydantic import BaseModel, ValidationError

from amr_viewer.core.decisions import (
    BurstDecision,
    Change,
    MarkDecision,
    MarkerName,
    SweepDecision,
)
from amr_viewer.core.old_logs import read_change
from amr_viewer.core.review import SCHEMA_VERSION, Review
from amr_viewer.errors import ReadError


class DamagedError(Exception):
    """The content of a file is no review."""


def parsed(data: bytes, name: str) -> Review:
    """Turn the content of a file into a review, an older one brought up to date.

    Raises
    ------
    ReadError
        It was written by a newer version of this program.
    DamagedError
        It is no review.
    """
    try:
        values = json.loads(data.decode("utf-8-sig"))
        if not isinstance(values, dict):
            raise DamagedError("no JSON object")
        version = values.get("schema_version", 0)
        if not isinstance(version, int) or isinstance(version, bool) or version < 0:
            raise DamagedError("schema_version is no number")
        if version > SCHEMA_VERSION:
            raise ReadError(
                f"{name}: the review was written by a newer version of this program (schema "
                f"{version}, known up to {SCHEMA_VERSION}); update the program"
            )
        return _review_of(migrated(values))
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise DamagedError(f"{where}: {first['msg']}") from error
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise DamagedError(str(error).splitlines()[0]) from error


def _review_of(values: dict[str, Any]) -> Review:
    """Turn the values of a file into a review.

    Entries are taken one by one: a single call for thousands would hold up every other thread.
    """
    lists: dict[str, type[BaseModel]] = {
        "sweeps": SweepDecision, "marks": MarkDecision, "bursts": BurstDecision, "log": Change,
    }  # fmt: skip
    read = {name: [kind.model_validate(v) for v in values[name]]
            for name, kind in lists.items() if name in values}  # fmt: skip
    return Review.model_validate(values | read)


def text_of(review: Review) -> bytes:
    """Turn a review into the content of a file, one entry of its lists in a line."""
    lists: dict[str, tuple[BaseModel, ...]] = {
        "sweeps": review.sweeps, "marks": review.marks, "bursts": review.bursts,
        "log": review.log,
    }  # fmt: skip
    rest = review.model_copy(update=dict.fromkeys(lists, ()))
    values = rest.model_dump(mode="json", by_alias=True, exclude_none=True)
    parts = []
    for name, value in values.items():
        text = json.dumps(value, ensure_ascii=False)
        if lists.get(name):
            lines = (e.model_dump_json(by_alias=True, exclude_none=True) for e in lists[name])
            text = "[\n  " + ",\n  ".join(lines) + "\n ]"
        parts.append(f" {json.dumps(name)}: {text}")
    return ("{\n" + ",\n".join(parts) + "\n}\n").encode()


def migrated(values: dict[str, Any]) -> dict[str, Any]:
    """Return the content of an older file as the present version writes it."""
    for version in range(int(values.get("schema_version", 0)), SCHEMA_VERSION):
        values = MIGRATIONS[version](values) | {"schema_version": version + 1}
    return values


def _from_0(values: dict[str, Any]) -> dict[str, Any]:
    """Version 0 held decisions on sweeps by another name, and no log."""
    out = {k: v for k, v in values.items() if k not in {"decisions", "sha256"}}
    out["recording"] = {"sha256": values.get("sha256", "")}
    renamed = {"time_s": "stimulus_s", "verdict": "state", "user": "author"}
    out["sweeps"] = [
        {renamed.get(k, k): v for k, v in decision.items()}
        for decision in values.get("decisions", ())
    ]
    out["log"] = [
        {
            "what": f"sweep at {d['stimulus_s']:.4f} s, {d['channel']}",
            "is": str(d.get("state") or "measured"),
            "author": d.get("author", ""),
            "at": d.get("at", ""),
        }
        for d in out["sweeps"]
    ]
    return out


def _from_1(values: dict[str, Any]) -> dict[str, Any]:
    """Version 1 kept its log in sentences, and did not say which markers a person had set.

    All that stand in a decision count as a person's; those that are the program's own do not when
    they are applied. It knew no decisions on bursts and on baselines.
    """
    sweeps = [
        {"by_hand": [m for m in get_args(MarkerName) if d.get(m) is not None]} | d
        for d in values.get("sweeps", ())
    ]
    log = [read_change(entry) for entry in values.get("log", ())]
    return values | {"sweeps": sweeps, "log": log}


MIGRATIONS: dict[int, Callable[[dict[str, Any]], dict[str, Any]]] = {0: _from_0, 1: _from_1}
"""How the content of each older version becomes that of the next."""
