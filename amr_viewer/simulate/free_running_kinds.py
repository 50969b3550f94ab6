"""The kinds of free-running recordings: what each shows, and the right answer.

What the muscles do is in `free_running_spasm` (the two patterns of hemifacial spasm),
`free_running_others` and `free_running_cued`; making the recording is left to `free_running`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np

from amr_viewer.core.anatomy import Side
from amr_viewer.core.recording import Mark
from amr_viewer.simulate import free_running_cued as cued
from amr_viewer.simulate import free_running_others as others
from amr_viewer.simulate import free_running_spasm as spasm
from amr_viewer.simulate.free_running_scenario import Scene
from amr_viewer.simulate.free_running_volleys import Volley


@dataclass(frozen=True, slots=True)
class Played:
    """What the muscles do: volleys, what the examiner noted, lags (s) of channels that share."""

    volleys: list[Volley]
    marks: list[Mark] = field(default_factory=list)
    lag_s: Mapping[int, float] = field(default_factory=dict)


Play = Callable[[np.random.Generator, Scene, list[Volley]], Played]
"""Makes the pattern of a scene in which these blinks occur."""

Spasm = Callable[[np.random.Generator, Scene, spasm.Focus], list[Volley]]


@dataclass(frozen=True, slots=True)
class FreeKind:
    """A kind of free-running recording.

    Attributes
    ----------
    text : str
    conclusion : str
        The right answer.
    play : callable
    also : tuple of str
        Other answers that are not wrong.
    jaw, sleeps, short : bool
        Masseter recorded; the patient may sleep; short recordings only.
    """

    text: str
    conclusion: str
    play: Play
    also: tuple[str, ...] = ()
    jaw: bool = False
    sleeps: bool = False
    short: bool = False


def _nothing(rng: np.random.Generator, scene: Scene, blinked: list[Volley]) -> Played:
    """Play rest."""
    return Played([], [Mark(0.0, scene.settings.duration_s, "rest")] if scene.settings.cued else [])


def _spasm(of: Spasm, *, jaw: bool = False) -> Play:
    """Return what plays a spasm that one focus sends to its muscles."""

    def play(rng: np.random.Generator, scene: Scene, blinked: list[Volley]) -> Played:
        focus = spasm.draw_focus(rng, scene, scene.settings.side, jaw=jaw)
        lags = dict(zip(focus.channels, focus.lag_s.tolist(), strict=True))
        return Played(of(rng, scene, focus), lag_s=lags if len(lags) > 1 else {})

    return play


def _jaw_spasm(rng: np.random.Generator, scene: Scene, focus: spasm.Focus) -> list[Volley]:
    """Return either pattern, or both."""
    patterns = (spasm.hfs_clonic, spasm.hfs_tonic, spasm.hfs_clonic_tonic)
    return patterns[int(rng.integers(3))](rng, scene, focus)


def _few(rng: np.random.Generator, scene: Scene, focus: spasm.Focus) -> list[Volley]:
    """Return three to six short bursts in all."""
    times = np.sort(rng.uniform(1.0, scene.settings.duration_s - 1.0, int(rng.integers(3, 7))))
    rate = float(rng.uniform(150.0, 350.0))
    return [
        volley
        for time in times
        for volley in spasm.spread(
            rng, focus, "clonic", spasm.clonic_burst(rng, float(time), rate, 8.0)
        )
    ]


def _on_one_side(of: Callable[[np.random.Generator, Scene, Side], list[Volley]]) -> Play:
    """Return what plays independent activity of a side."""

    def play(rng: np.random.Generator, scene: Scene, blinked: list[Volley]) -> Played:
        return Played(of(rng, scene, scene.settings.side))

    return play


def _blepharospasm(rng: np.random.Generator, scene: Scene, blinked: list[Volley]) -> Played:
    """Play spasms of both eyes."""
    return Played(others.blepharospasm(rng, scene))


def _functional(rng: np.random.Generator, scene: Scene, blinked: list[Volley]) -> Played:
    """Play activity that looks voluntary and was not asked for."""
    return Played(others.functional(rng, scene))


def _voluntary(rng: np.random.Generator, scene: Scene, blinked: list[Volley]) -> Played:
    """Play movements."""
    movements = cued.draw_movements(rng, scene)
    marks = cued.cue_marks(movements) if scene.settings.cued else []
    return Played(cued.voluntary(rng, scene, movements), marks)


def _synkinesis(rng: np.random.Generator, scene: Scene, blinked: list[Volley]) -> Played:
    """Play movements and blinks that others follow on one side."""
    movements = cued.draw_movements(rng, scene)
    moved = cued.voluntary(rng, scene, movements)
    here = [c for c, (_, side) in enumerate(scene.channels) if side is scene.settings.side]
    lags = rng.uniform(0.0, 10e-3, len(scene.channels))
    copies = cued.synkinesis(
        rng,
        scene,
        movements,
        [v for v in moved if v.channel in here],
        [v for v in blinked if v.channel in here],
        lags,
    )
    return Played([*moved, *copies], cued.cue_marks(movements))


def _mixed(rng: np.random.Generator, scene: Scene, blinked: list[Volley]) -> Played:
    """Play a clonic spasm beside myokymia."""
    played = _spasm(spasm.hfs_clonic)(rng, scene, blinked)
    return Played([*played.volleys, *others.myokymia(rng, scene, scene.settings.side)])


FREE_RUNNING: dict[str, FreeKind] = {
    "no_activity": FreeKind("rest, maybe with blinks", "no_activity", _nothing),
    "hfs_clonic": FreeKind(
        "hemifacial spasm: short synchronous bursts, single and in salvos", "hfs_clonic",
        _spasm(spasm.hfs_clonic), sleeps=True,
    ),
    "hfs_tonic": FreeKind(
        "hemifacial spasm: prolonged, fluctuating", "hfs_tonic",
        _spasm(spasm.hfs_tonic), sleeps=True,
    ),
    "hfs_clonic_tonic": FreeKind(
        "hemifacial spasm: bursts that end in a prolonged spasm", "hfs_clonic_tonic",
        _spasm(spasm.hfs_clonic_tonic), sleeps=True,
    ),
    "blepharospasm": FreeKind(
        "runs of closures of both eyes at 2-6 Hz", "blepharospasm", _blepharospasm
    ),
    "myokymia": FreeKind(
        "grouped discharges at 25-50 Hz, nearly regular, each muscle on its own", "myokymia",
        _on_one_side(others.myokymia),
    ),
    "synkinesis": FreeKind(
        "movements and blinks that other muscles of one side follow", "synkinesis", _synkinesis
    ),
    "cortical": FreeKind(
        "rhythmic jerks under 75 ms at 1-9 Hz, lower face", "cortical",
        _on_one_side(others.cortical),
    ),
    "voluntary_movement": FreeKind(
        "movements of both sides, with or without marks", "voluntary", _voluntary
    ),
    "fasciculation": FreeKind(
        "single potentials at random", "fasciculation", _on_one_side(others.fasciculation)
    ),
    "neuromyotonia": FreeKind(
        "trains of one unit at 150-300 Hz that fall in size", "neuromyotonia",
        _on_one_side(others.neuromyotonia),
    ),
    "hemimasticatory": FreeKind(
        "spasm of masseter and temporalis", "hemimasticatory", _spasm(_jaw_spasm, jaw=True),
        jaw=True,
    ),
    "functional": FreeKind(
        "borderline: voluntary-like, tonic, the sides each on their own", "voluntary",
        _functional, also=("indeterminate",),
    ),
    "few_spasms": FreeKind(
        "borderline: three to six clonic bursts in all", "insufficient",
        _spasm(_few), also=("indeterminate",), short=True,
    ),
    "mixed": FreeKind(
        "borderline: clonic hemifacial spasm and myokymia on one side", "indeterminate",
        _mixed, also=("hfs_clonic", "myokymia"),
    ),
}  # fmt: skip
"""Kinds by name. Those with `also` are borderline and stand outside the classes to tell apart."""
