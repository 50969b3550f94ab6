"""Blocks and baseline that are looked at, where they differ from those of the protocol."""

from __future__ import annotations

from dataclasses import dataclass

from amr_viewer.core.parameters import Parameters, TrendParameters
from amr_viewer.core.protocol import Protocol


@dataclass(frozen=True, slots=True)
class Choice:
    """What a person chose; `baseline_block` -1: the first block with a response."""

    block_size: int
    baseline_block: int = -1

    def parameters(self, ground: Parameters) -> Parameters:
        """Return parameters with this choice in them."""
        values = {"block_size": self.block_size, "baseline_block": self.baseline_block}
        trend = TrendParameters.model_validate(ground.trend.model_dump() | values)
        return ground.model_copy(update={"trend": trend})

    def protocol(self, ground: Protocol) -> Protocol:
        """Return a protocol with this choice in it."""
        return ground.model_copy(update={"parameters": self.parameters(ground.parameters)})

    @property
    def sizes(self) -> str:
        """The size of the blocks in words."""
        return f"blocks of {self.block_size}"

    @property
    def words(self) -> str:
        """The choice in words."""
        return f"{self.sizes}, baseline {baseline_words(self.baseline_block)}"


def choice_of(parameters: TrendParameters) -> Choice:
    """Return what parameters say."""
    return Choice(parameters.block_size, parameters.baseline_block)


def baseline_words(block: int) -> str:
    """Return which block is the baseline, in words."""
    return "the first block with a response" if block < 0 else f"block {block + 1}"
