"""The text of a protocol file: each line with its help; comments and order survive an update.

Reading, errors and the file itself are left to `protocol_file`.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import tomlkit
from pydantic import BaseModel
from tomlkit.container import Container
from tomlkit.exceptions import TOMLKitError
from tomlkit.items import AbstractTable, Item, Table

from amr_viewer.core.protocol import Protocol

RULES = ("channels", "markers")
_HEADER = re.compile(r"\s*\[(?!\[)")
_LINE = re.compile(r"[^\n]*\n")


@dataclass(frozen=True, slots=True)
class _Block:
    """Lines of a file: comments, a header and what stands under it; no path: before any header."""

    path: tuple[str, ...]
    text: str

    @property
    def kind(self) -> str:
        """The table of rules that it belongs to, else its path."""
        is_rule = len(self.path) == 2 and self.path[0] in RULES
        return self.path[0] if is_rule else ".".join(self.path)


def updated(text: str, protocol: Protocol) -> str:
    """Return the text of a file with other values, its comments and order kept.

    Parameters
    ----------
    text : str
        A valid protocol.
    protocol : Protocol

    Returns
    -------
    str
        Empty where the file is written in a way that cannot be kept.
    """
    values = protocol.model_dump(mode="json", exclude_defaults=True)
    try:
        document = tomlkit.parse(_in_order(text, protocol, values))
        _update(document, protocol, values)
        made = tomlkit.dumps(document)
        loaded = Protocol.model_validate(tomllib.loads(made))
    except (TOMLKitError, ValueError, TypeError, AttributeError, KeyError):
        return ""
    same_order = all(list(getattr(loaded, r)) == list(getattr(protocol, r)) for r in RULES)
    return made if loaded == protocol and same_order else ""


def _in_order(text: str, protocol: Protocol, values: Mapping[str, Any]) -> str:
    """Return a file with a block for every rule, in the order in which rules count."""
    first, *blocks = _blocks(text if text.endswith("\n") else text + "\n")
    known = {b.path: b.text for b in blocks}
    made = dict.fromkeys(RULES, "")
    for kind in RULES:
        for name, rule in getattr(protocol, kind).items():
            is_new = (kind, name) not in known
            lines = _block(kind, name, rule) if is_new else known[kind, name]
            made[kind] = _apart(made[kind], is_new) + lines
    parts = {"": _head(first.text, protocol, values)}
    for block in blocks:
        parts[block.kind] = made.get(block.kind, parts.get(block.kind, "") + block.text)
    out = "".join(parts.values())
    for kind in RULES:
        if kind not in parts:
            out = _apart(out, bool(made[kind])) + made[kind]
    return out


def _apart(text: str, is_wanted: bool) -> str:
    """Return a text that ends with an empty line, if that is wanted."""
    return text + "\n" if is_wanted and text and not text.endswith("\n\n") else text


def _block(kind: str, name: str, rule: BaseModel) -> str:
    """Return the block of a rule that is new."""
    lines = tomlkit.document()
    write_model(lines, rule, rule.model_dump(mode="json", exclude_defaults=True))
    return f"[{kind}.{tomlkit.key(name).as_string()}]\n{tomlkit.dumps(lines)}\n"


def _head(text: str, protocol: Protocol, values: Mapping[str, Any]) -> str:
    """Return what stands before any header, with the values of the protocol itself."""
    lines = text.rstrip("\n")
    document = tomlkit.parse(lines + "\n" if lines else "")
    inner = {n for n in document if isinstance(document[n], dict)}
    _update(document, protocol, {n: v for n, v in values.items() if not isinstance(v, dict)}, inner)
    made = tomlkit.dumps(document)
    return made + (text[len(lines) + 1 :] if lines else "\n" if made else text)


def _blocks(text: str) -> Iterator[_Block]:
    """Cut a file at its headers; comments directly above a header belong to it."""
    path: tuple[str, ...] = ()
    lines: list[str] = []
    for line in _LINE.findall(text):
        if _HEADER.match(line):
            above = len(lines)
            while above and lines[above - 1].lstrip().startswith("#"):
                above -= 1
            yield _Block(path, "".join(lines[:above]))
            path, lines = tuple(_path(tomllib.loads(line))), lines[above:]
        lines.append(line)
    yield _Block(path, "".join(lines))


def _path(values: dict[str, Any]) -> Iterator[str]:
    """Yield the names of nested tables from the outermost."""
    while values:
        name, values = next(iter(values.items()))
        yield name


def _update(
    table: Any, model: BaseModel, values: dict[str, Any], kept: Collection[str] = ()
) -> None:
    """Bring a table up to date; what is the default again is removed, but for what is `kept`."""
    for name in [n for n in table if n not in values and n not in kept]:
        del table[name]
    missing = {}
    for name, value in values.items():
        inner = getattr(model, name)
        if name not in table:
            missing[name] = value
        elif isinstance(inner, BaseModel):
            _update(table[name], inner, value)
        elif isinstance(inner, dict):
            for pattern, rule in inner.items():
                _update(table[name][pattern], rule, value[pattern])
        elif table[name] != value:
            table[name] = _with_comment_of(table, name, value)
    write_model(table, model, missing)


def write_model(table: Any, model: BaseModel, values: dict[str, Any]) -> None:
    """Write the changed fields of a model: numbers and texts first, then the tables.

    Parameters
    ----------
    table : tomlkit container
        Takes them.
    model : BaseModel
    values : dict
        What differs from the defaults, as `model_dump` gives it.
    """
    for name in sorted(values, key=lambda n: isinstance(values[n], dict)):
        value = getattr(model, name)
        if isinstance(value, BaseModel):
            child = tomlkit.table(
                is_super_table=all(isinstance(v, dict) for v in values[name].values())
            )
            write_model(child, value, values[name])
            table.add(name, child)
        elif isinstance(value, dict):
            table.add(name, _rules(value, values[name]))
        else:
            item = tomlkit.item(values[name])
            item.comment(_help(model, name))
            table.add(name, item)


def _rules(rules: dict[str, BaseModel], values: dict[str, Any]) -> Table:
    """Write the rules for channels or markers in their order."""
    table = tomlkit.table(is_super_table=True)
    for pattern, rule in rules.items():
        child = tomlkit.table()
        write_model(child, rule, values[pattern])
        table.add(tomlkit.key(pattern), child)
    return table


def _help(model: BaseModel, name: str) -> str:
    """Return unit, help and default of a field in one line."""
    info = type(model).model_fields[name]
    extra = info.json_schema_extra if isinstance(info.json_schema_extra, dict) else {}
    unit = f"{extra['unit']}; " if extra.get("unit") else ""
    default = "" if info.default in (None, "") else f" Default: {info.default}."
    return " ".join(f"{unit}{info.description or ''}{default}".split())


def _with_comment_of(table: Any, name: str, value: Any) -> Item:
    """Return a value that bears the comment behind the one in whose place it is put."""
    container: Container = table.value if isinstance(table, AbstractTable) else table
    item: Item = tomlkit.item(value)
    former = container.item(name)
    if isinstance(former, Item):
        trivia = former.trivia
        item.trivia.comment_ws, item.trivia.comment = trivia.comment_ws, trivia.comment
    return item
