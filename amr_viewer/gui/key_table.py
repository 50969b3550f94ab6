"""The keys of all actions as a table for documents."""

from __future__ import annotations

from amr_viewer.gui.commands import Commands, sequences
from amr_viewer.gui.shortcuts_dialog import WHERE

HEAD = """# Keyboard

Default keys; every one can be changed in the window (`?`). No key fires while a text box has the
focus. Made by `python3 dev.py pictures` from the program's own table of actions.

| keys | does | where |
|---|---|---|
"""


def key_table(commands: Commands) -> str:
    """Return the default keys in Markdown, those of the views first."""
    rows = []
    for spec in commands.specs.values():
        if spec.shortcut:
            keys = ", ".join(f"`{key.toString()}`" for key in sequences(spec.shortcut))
            rows.append((spec.scope == "", WHERE[spec.scope], spec.menu, keys, spec.tip))
    lines = [f"| {keys} | {tip} | {where} |" for _, where, _, keys, tip in sorted(rows)]
    return HEAD + "\n".join(lines).replace("`|`", "`\\|`") + "\n"
