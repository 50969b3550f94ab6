"""Which values of the user's reference mean disease; what is not plain is refused."""

from __future__ import annotations

from collections.abc import Sequence

from amr_viewer.core.patterns import HFS, Conclusion
from amr_viewer.errors import ReadError

MISSING = frozenset({
    "", "na", "n/a", "nan", "null", "?", "unknown", "unclear", "missing", "неизвестно",
    "неясно", "нет данных", "н/д",
})  # fmt: skip
POSITIVE = frozenset({
    "yes", "y", "true", "1", "1.0", "+", "positive", "pos", "present", "hfs", "hemifacial spasm",
    "hemifacial_spasm", "да", "д", "есть", "истина", "положительный", "положительно", "гфс",
    "гемифациальный спазм", "лицевой гемиспазм", *(c.value for c in HFS),
})  # fmt: skip
NEGATIVE = frozenset({
    "no", "n", "false", "0", "0.0", "-", "−", "negative", "neg", "absent", "control", "controls",
    "healthy", "normal", "нет", "н", "ложь", "отрицательный", "отрицательно", "норма", "контроль",
    "здоров", "здорова", "здоровый",
    *(c.value for c in set(Conclusion) - HFS - {Conclusion.INDETERMINATE, Conclusion.INSUFFICIENT}),
})  # fmt: skip
UNSURE = frozenset({Conclusion.INDETERMINATE.value, Conclusion.INSUFFICIENT.value})
SIDES = {
    "left": ("left", "l", "lt", "sin", "слева", "левая", "левый", "лев", "л"),
    "right": ("right", "r", "rt", "dex", "справа", "правая", "правый", "прав", "п"),
    "both": ("both", "bilateral", "b", "обе", "оба", "двусторонний", "с двух сторон"),
}
SHOWN = 12


def meanings(
    values: Sequence[str], column: str, positive: Sequence[str], file: str
) -> dict[str, bool | None]:
    """Return what every value of a reference means: disease, no disease, or nothing (None).

    Parameters
    ----------
    values : sequence of str
        The cells of the column.
    column, file : str
        Their names, for the message.
    positive : sequence of str
        Values that mean disease, whatever their case; all others then mean no disease. Without any,
        yes and no, 1 and 0, and names of patterns are understood.

    Raises
    ------
    ReadError
        A value cannot be understood, or a stated one does not occur.
    """
    found = {value: value.strip().casefold() for value in dict.fromkeys(values)}
    told = {value: plain for value, plain in found.items() if plain not in MISSING}
    stated = [p.strip().casefold() for p in positive]
    for text, plain in zip(positive, stated, strict=True):
        if plain not in told.values():
            raise ReadError(
                f"{file}: no cell of column {column} is {text}; the values are {_listed(told)}"
            )
    out: dict[str, bool | None] = dict.fromkeys(found)
    for value, plain in told.items():
        if stated:
            out[value] = plain in stated
        elif plain in POSITIVE:
            out[value] = True
        elif plain in NEGATIVE:
            out[value] = False
        elif plain not in UNSURE:
            raise ReadError(
                f"{file}: which values of column {column} mean disease is not plain; name them "
                f"with --positive. The values are {_listed(told)}"
            )
    return out


def side_of(value: str, column: str, file: str) -> str:
    """Return ``left``, ``right``, ``both`` or an empty text.

    Raises
    ------
    ReadError
        The value names no side.
    """
    plain = value.strip().casefold()
    if plain in MISSING or plain in {"no", "нет", "-"}:
        return ""
    side = next((s for s, words in SIDES.items() if plain in words), None)
    if side is None:
        raise ReadError(f"{file}: {value} in column {column} is no side; write left, right or both")
    return side


def _listed(values: dict[str, str]) -> str:
    """List the values of a column, at most some."""
    names = list(dict.fromkeys(v.strip() for v in values))
    more = len(names) - SHOWN
    return ", ".join(names[:SHOWN]) + (f" and {more} more" if more > 0 else "")
