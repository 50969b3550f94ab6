"""How a parameter is declared: default, unit, limits, help and source at one place."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict, Field


def number(
    default: Any,
    unit: str,
    help_text: str,
    source: str,
    *,
    ge: float | None = None,
    le: float | None = None,
) -> Any:
    """Declare a parameter: its default, unit, what it does, where the number comes from, limits."""
    return Field(
        default,
        ge=ge,
        le=le,
        description=help_text,
        json_schema_extra={"unit": unit, "source": source},
    )


class Group(BaseModel):
    """Parameters that belong together."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


OWN = "default of this program"
