"""Recordings with known truth.

`make` builds one in memory; `kinds` lists what there is. The settings are in `scenario`, the
physiology in `potentials`, `evoked` and `background`, the named scenarios in `kinds`, the samples
that come with the program in `samples`. Writing files is left to a writer that the caller hands in.
"""

from amr_viewer.simulate.export import write_simulations
from amr_viewer.simulate.kinds import kinds
from amr_viewer.simulate.recordings import make, simulate
from amr_viewer.simulate.samples import write_samples
from amr_viewer.simulate.scenario import Scenario
from amr_viewer.simulate.truth import Simulation, Truth

__all__ = [
    "Scenario", "Simulation", "Truth", "kinds", "make", "simulate", "write_samples",
    "write_simulations",
]  # fmt: skip
