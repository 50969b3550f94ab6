"""Protocols as TOML files: read with clear errors, written with what each number means."""

from __future__ import annotations

import difflib
import json
import tomllib
from pathlib import Path
from secrets import token_hex
from typing import Any

import tomlkit
from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from amr_viewer.core.protocol import ChannelRule, MarkerRule, Protocol
from amr_viewer.errors import ExportError, ParameterError
from amr_viewer.io.protocol_text import updated, write_model


def load_protocol(path: Path | str) -> Protocol:
    """Read a protocol.

    Raises
    ------
    ParameterError
        The file cannot be read, is no TOML, or holds a name or value that is not allowed. The
        message is one line: file, key, fault, and what is allowed.
    """
    path = Path(path)
    try:
        # Editors on Windows put a byte-order mark in front.
        values = tomllib.loads(path.read_bytes().decode("utf-8-sig"))
    except OSError as error:
        why = error.strerror or str(error)
        raise ParameterError(
            f"{path.name}: the protocol cannot be read ({why}); check the path"
        ) from error
    except UnicodeDecodeError as error:
        raise ParameterError(f"{path.name}: is not UTF-8; save the protocol as UTF-8") from error
    except tomllib.TOMLDecodeError as error:
        said = str(error).splitlines()[0]
        raise ParameterError(
            f"{path.name}: is no valid TOML: {said}; names and texts stand in quotes, "
            'like side = "left"'
        ) from error
    return _validated(values, path.name)


def parse_protocol(text: str) -> Protocol:
    """Return the protocol that stands in a text of JSON, as results name it in their command.

    Raises
    ------
    ParameterError
        The text is no JSON, or holds a name or value that is not allowed.
    """
    try:
        values = json.loads(text)
    except ValueError as error:
        raise ParameterError(f"the protocol is no valid JSON: {error}; name a file") from error
    return _validated(values, "protocol")


def _validated(values: object, name: str) -> Protocol:
    """Return a protocol; each fault is said in one line."""
    try:
        return Protocol.model_validate(values)
    except ValidationError as error:
        faults = "; ".join(_fault(e) for e in _without_alternatives(error.errors()))
        raise ParameterError(f"{name}: {faults}") from error


def save_protocol(protocol: Protocol, path: Path | str) -> None:
    """Write what a protocol changes, each line with unit and help; whole or not at all.

    A protocol file that stands there is brought up to date: its comments and its order stay as far
    as the rules, of which the first that matches counts, allow.

    Raises
    ------
    ExportError
        The file cannot be written, or one stands there that is no valid protocol.
    """
    path = Path(path)
    present = _present_text(path)
    text = (updated(present, protocol) if present else "") or fresh_text(protocol)
    temporary = path.with_name(f".{path.name}.{token_hex(4)}")
    try:
        temporary.write_text(text, encoding="utf-8", newline="\n")
        temporary.replace(path)
    except OSError as error:
        why = error.strerror or str(error)
        raise ExportError(
            f"{path.name}: the protocol cannot be written ({why}); choose another place"
        ) from error
    finally:
        temporary.unlink(missing_ok=True)


def _present_text(path: Path) -> str:
    """Return the protocol that stands at a place, empty if there is none."""
    if not path.is_file():
        return ""
    try:
        load_protocol(path)
        return path.read_bytes().decode("utf-8-sig").replace("\r\n", "\n")
    except (ParameterError, OSError) as error:
        raise ExportError(
            f"{error}. It is not overwritten: mend or delete it, or choose another name"
        ) from error


def fresh_text(protocol: Protocol) -> str:
    """Return a protocol as a new file holds it."""
    document = tomlkit.document()
    document.add(tomlkit.comment("Protocol of AMR Viewer: what is not stated here is the default."))
    write_model(document, protocol, protocol.model_dump(mode="json", exclude_defaults=True))
    return tomlkit.dumps(document)


def _without_alternatives(errors: list[ErrorDetails]) -> list[ErrorDetails]:
    """Join the errors that the alternatives of one field raise ("a muscle or 'none'")."""
    joined: dict[tuple[int | str, ...], ErrorDetails] = {}
    for error in errors:
        place = _place(error)
        allowed = [
            e for e in (_allowed(joined[place]) if place in joined else "", _allowed(error)) if e
        ]
        context = {**error.get("ctx", {}), "expected": " or ".join(allowed)}
        joined[place] = {**error, "loc": place, "ctx": context}
    return list(joined.values())


def _place(error: ErrorDetails) -> tuple[int | str, ...]:
    """Return where an error is, without the name that pydantic gives to an alternative."""
    *outer, last = error["loc"] or ("",)
    is_alternative = str(last).startswith(("literal[", "str-enum["))
    return tuple(outer) if is_alternative else error["loc"]


def _allowed(error: ErrorDetails) -> str:
    """Return the allowed values that an error states, empty if it states none."""
    return str(error.get("ctx", {}).get("expected", ""))


def _fault(error: ErrorDetails) -> str:
    """Say where the fault is, what it is and what is allowed."""
    place = error["loc"]
    key = ".".join(f'"{p}"' if " " in str(p) else str(p) for p in place)
    if error["type"] == "extra_forbidden":
        known = _names_at(place[:-1])
        near = difflib.get_close_matches(str(place[-1]), known, 1, 0.5)
        meant = f"did you mean {near[0]}? " if near else ""
        return f"{key}: unknown name; {meant}allowed are {', '.join(known)}"
    given = f"(given: {error['input']!r})"
    if allowed := _allowed(error):
        near = difflib.get_close_matches(str(error["input"]), allowed.replace("'", " ").split(), 1)
        meant = f"did you mean {near[0]}? " if near else ""
        return f"{key}: not allowed {given}; {meant}allowed is {allowed}"
    return f"{key}: {error['msg'][:1].lower()}{error['msg'][1:]} {given}"


def _names_at(place: tuple[Any, ...]) -> list[str]:
    """Return the names that a table of the protocol may hold."""
    model: type[BaseModel] = Protocol
    for part in place:
        if part in {"channels", "markers"}:
            return list((ChannelRule if part == "channels" else MarkerRule).model_fields)
        inner = model.model_fields[part].annotation
        if isinstance(inner, type) and issubclass(inner, BaseModel):
            model = inner
    return list(model.model_fields)
