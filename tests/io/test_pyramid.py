"""The pyramid: it hides no spike, knows gaps, and comes back from disk as it was."""

from __future__ import annotations

import itertools
import os
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from amr_viewer.core.recording import Channel, Recording, Segment
from amr_viewer.errors import Cancelled
from amr_viewer.io import read_recording
from amr_viewer.io.envelope import read_envelope, read_lines
from amr_viewer.io.pyramid import BASE_SAMPLES, Pyramid, base_grid, build_pyramid, grids
from amr_viewer.io.pyramid_cache import cache_folder, cached_pyramid
from amr_viewer.io.timeline import column_edges
from tests.io.edf_builder import Edf, Signal, stamp

BLOCK = 1 << 20


@dataclass(frozen=True, eq=False)
class Arrays:
    """Channels in memory."""

    data: tuple[NDArray[np.float32], ...]

    def read(self, channel: int, start: int, stop: int) -> NDArray[np.float32]:
        assert 0 <= start <= stop <= len(self.data[channel])
        return self.data[channel][start:stop].copy()


def recording_of(
    data: Sequence[NDArray[np.floating]],
    rates_hz: Sequence[float],
    segments: Sequence[tuple[float, float]] | None = None,
) -> Recording:
    """A recording of arrays; `segments` are starts and durations in seconds."""
    arrays = tuple(np.asarray(d, np.float32) for d in data)
    parts = segments or [(0.0, len(arrays[0]) / rates_hz[0])]
    stored = np.cumsum([0.0, *(d for _, d in parts)])
    return Recording(
        name="made",
        path="",
        format="made",
        channels=tuple(
            Channel(f"c{i}", "uV", rate, len(a))
            for i, (a, rate) in enumerate(zip(arrays, rates_hz, strict=True))
        ),
        segments=tuple(
            Segment(a, d, float(s)) for (a, d), s in zip(parts, stored[:-1], strict=True)
        ),
        marks=(),
        source=Arrays(arrays),
    )


def noise(n: int, seed: int = 1) -> NDArray[np.float32]:
    return np.random.default_rng(seed).normal(size=n).astype(np.float32)


# ---------------------------------------------------------------------- what is built


@pytest.mark.parametrize("n", [1, 63, 128, 129, 5000, 1_500_000])
def test_every_bucket_of_every_level_is_exact(n: int) -> None:
    values = noise(n)
    pyramid = build_pyramid(recording_of([values], [1000.0]))
    for level in pyramid.channels[0]:
        pieces = [values[k : k + level.grid.size] for k in range(0, n, level.grid.size)]
        assert len(level.low) == len(pieces)
        assert level.low.tolist() == [p.min() for p in pieces]
        assert level.high.tolist() == [p.max() for p in pieces]


def test_levels_end_when_few_buckets_are_left() -> None:
    recording = recording_of([np.zeros(1 << 24, np.float32)], [1e4])
    sizes = [g.size for g in grids(base_grid(recording, 0))]
    assert sizes == [BASE_SAMPLES * 8**k for k in range(len(sizes))]
    assert (1 << 24) / sizes[-1] <= 4096 < (1 << 24) / sizes[-2]


def test_buckets_do_not_reach_across_gaps() -> None:
    values = np.concatenate([np.full(300, 1.0), np.full(200, 2.0), np.full(77, 3.0)])
    recording = recording_of([values], [100.0], [(0.0, 3.0), (50.0, 2.0), (90.0, 0.77)])
    level = build_pyramid(recording).channels[0][0]
    assert level.low.tolist() == [1.0, 1.0, 1.0, 2.0, 2.0, 3.0]
    assert level.high.tolist() == level.low.tolist()


def test_samples_missing_in_the_file_are_left_out_of_extremes() -> None:
    values = noise(1024)
    values[100:140] = np.nan
    values[256:384] = np.nan
    level = build_pyramid(recording_of([values], [1000.0])).channels[0][0]
    assert level.high[0] == np.nanmax(values[:128])
    assert np.isnan(level.low[2])
    assert np.isnan(level.high[2])


def test_channels_of_different_rates_have_their_own_grids() -> None:
    recording = recording_of([noise(10_000), noise(100)], [1000.0, 10.0])
    pyramid = build_pyramid(recording)
    assert [levels[0].grid.n_buckets for levels in pyramid.channels] == [79, 1]
    slow = read_envelope(recording, pyramid, 1, 0.0, 10.0, 10)
    assert slow.low.tolist() == recording.source.read(1, 0, 100).reshape(10, 10).min(1).tolist()


def test_building_can_be_cancelled() -> None:
    def progress(fraction: float, message: str) -> None:
        raise Cancelled(message)

    with pytest.raises(Cancelled):
        build_pyramid(recording_of([noise(3 * BLOCK)], [1000.0]), progress)


def test_progress_ends_at_one_and_never_falls() -> None:
    seen: list[float] = []
    build_pyramid(
        recording_of([noise(8 * BLOCK)], [1000.0]), lambda fraction, message: seen.append(fraction)
    )
    assert seen[-1] == 1.0
    assert seen == sorted(seen)


def test_a_growing_pyramid_is_shared_and_is_preliminary_until_the_end() -> None:
    recording = recording_of([noise(2 * BLOCK)], [1000.0])
    shared: list[Pyramid] = []
    whole = build_pyramid(recording, share=shared.append)
    assert [p.is_complete for p in (*shared, whole)] == [False, True]
    assert shared[0].channels[0][0].low.tolist() == whole.channels[0][0].low.tolist()
    assert read_envelope(recording, shared[0], 0, 0, 2000, 100).is_preliminary
    assert not read_envelope(recording, whole, 0, 0, 2000, 100).is_preliminary


# ---------------------------------------------------------------------- what is read


@settings(max_examples=60, deadline=None)
@given(
    n=st.integers(1, 60_000),
    spikes=st.lists(st.integers(0, 59_999), max_size=5),
    window=st.tuples(st.floats(-2, 60), st.floats(0.01, 70)),
    n_columns=st.integers(1, 300),
)
def test_no_spike_is_hidden(
    n: int, spikes: list[int], window: tuple[float, float], n_columns: int
) -> None:
    values = noise(n)
    values[[s for s in spikes if s < n]] = 1000.0
    recording = recording_of([values], [1000.0])
    pyramid = build_pyramid(recording)
    start_s, stop_s = window[0], window[0] + window[1]
    edges, _ = column_edges(recording, 1000.0, n, (start_s, stop_s), n_columns)
    for pyramid_or_none in (pyramid, None):
        envelope = read_envelope(recording, pyramid_or_none, 0, start_s, stop_s, n_columns)
        inside = values[edges[0] : edges[-1]]
        if len(inside):
            assert np.nanmax(envelope.high) >= inside.max()
            assert np.nanmin(envelope.low) <= inside.min()
        for column in range(n_columns):
            piece = values[edges[column] : edges[column + 1]]
            # A spike may be drawn in the neighbouring column, never farther away.
            near = slice(max(column - 1, 0), column + 2)
            if len(piece):
                assert np.nanmax(envelope.high[near]) >= piece.max()
                assert np.nanmin(envelope.low[near]) <= piece.min()


def test_columns_read_from_samples_are_exact() -> None:
    values = noise(1000)
    envelope = read_envelope(recording_of([values], [1000.0]), None, 0, 0.1, 0.6, 50)
    assert envelope.low.tolist() == values[100:600].reshape(50, 10).min(1).tolist()
    assert envelope.high.tolist() == values[100:600].reshape(50, 10).max(1).tolist()


def test_what_lies_beside_the_recording_is_empty() -> None:
    envelope = read_envelope(recording_of([noise(1000)], [1000.0]), None, 0, -1.0, 3.0, 4)
    assert np.isnan(envelope.low).tolist() == [True, False, True, True]


def test_a_gap_is_empty_and_nothing_is_joined_across_it() -> None:
    values = np.concatenate([np.full(1000, 1.0), np.full(1000, 2.0)])
    recording = recording_of([values], [100.0], [(0.0, 10.0), (20.0, 10.0)])
    for pyramid in (None, build_pyramid(recording)):
        envelope = read_envelope(recording, pyramid, 0, 0.0, 30.0, 3)
        assert envelope.low[[0, 2]].tolist() == [1.0, 2.0]
        assert np.isnan(envelope.high[1])
        assert envelope.is_cut[2]
    short = recording_of([values], [100.0], [(0.0, 10.0), (10.5, 10.0)])
    envelope = read_envelope(short, None, 0, 0.0, 21.0, 21)
    assert envelope.is_cut.tolist() == [k == 10 for k in range(21)]


def test_many_short_segments_keep_their_times() -> None:
    sweeps = 500
    values = np.repeat(np.arange(sweeps, dtype=np.float32), 150)
    segments = [(float(2 * k), 1.5) for k in range(sweeps)]
    recording = recording_of([values], [100.0], segments)
    envelope = read_envelope(recording, build_pyramid(recording), 0, 0.0, 1000.0, 500)
    assert envelope.low.tolist() == list(range(sweeps))
    assert envelope.high.tolist() == list(range(sweeps))


def test_lines_reach_beyond_the_window_and_break_at_gaps() -> None:
    recording = recording_of([np.arange(20.0)], [10.0], [(0.0, 1.0), (5.0, 1.0)])
    times, values = read_lines(recording, 0, 0.75, 5.25)
    assert times.tolist() == pytest.approx([0.7, 0.8, 0.9, 5.0, 5.0, 5.1, 5.2, 5.3])
    assert np.array_equal(values, [7, 8, 9, np.nan, 10, 11, 12, 13], equal_nan=True)


def test_a_long_stretch_without_a_pyramid_is_preliminary() -> None:
    recording = recording_of([noise(5_000_000)], [1000.0])
    envelope = read_envelope(recording, None, 0, 0.0, 5000.0, 1000)
    assert envelope.is_preliminary
    assert np.isfinite(envelope.low).all()
    assert envelope.high.max() <= recording.source.read(0, 0, 5_000_000).max()


# ---------------------------------------------------------------------- what is kept


def write_edf(path: Path, scale: int = 1, seconds: int = 60) -> Path:
    """A file of two channels at 20 kHz, large enough to be worth keeping."""
    rng = np.random.default_rng(3)
    data = [(rng.integers(-900, 900, (seconds, 20_000)) * scale).astype("<i2") for _ in "ab"]
    return Edf([Signal(d, label=f"EMG {i}") for i, d in enumerate(data)]).write(path)


@pytest.fixture
def cached(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Recording:
    """A recording that is worth keeping, whatever its size."""
    monkeypatch.setattr("amr_viewer.io.pyramid_cache.SMALL_BYTES", 0)
    return read_recording(write_edf(tmp_path / "secret name.edf", seconds=3))


def files(folder: Path) -> list[Path]:
    return sorted(folder.iterdir()) if folder.exists() else []


def same(a: Pyramid, b: Pyramid) -> bool:
    pairs = zip(
        (v for levels in a.channels for v in levels),
        (v for levels in b.channels for v in levels),
        strict=True,
    )
    return all(np.array_equal(x.low, y.low) and np.array_equal(x.high, y.high) for x, y in pairs)


def test_a_pyramid_is_kept_and_read_again(cached: Recording, tmp_path: Path) -> None:
    folder = tmp_path / "cache"
    built = cached_pyramid(cached, folder=folder)
    calls: list[float] = []
    again = cached_pyramid(cached, lambda f, _: calls.append(f), folder=folder)
    assert calls == []
    assert same(built, again)
    assert same(built, build_pyramid(cached))
    assert len(files(folder)) == 1


def test_its_name_tells_nothing_of_the_recording(cached: Recording, tmp_path: Path) -> None:
    cached_pyramid(cached, folder=tmp_path / "cache")
    (kept,) = files(tmp_path / "cache")
    assert "secret" not in kept.name
    assert b"secret" not in kept.read_bytes()
    assert {p.name for p in tmp_path.iterdir()} == {"secret name.edf", "cache"}


def test_a_changed_file_is_read_again(cached: Recording, tmp_path: Path) -> None:
    former = cached_pyramid(cached, folder=tmp_path / "cache")
    changed = read_recording(write_edf(Path(cached.path), scale=2, seconds=3))
    os.utime(cached.path, ns=(1, 1))
    now = cached_pyramid(changed, folder=tmp_path / "cache")
    assert now.channels[0][0].high.max() == pytest.approx(2 * former.channels[0][0].high.max())


def test_another_scale_under_a_protocol_is_read_again(cached: Recording, tmp_path: Path) -> None:
    first = cached_pyramid(cached, folder=tmp_path / "cache")
    turned = replace(
        cached, source=Arrays(tuple(-cached.source.read(c, 0, 60_000) for c in (0, 1)))
    )
    second = cached_pyramid(turned, folder=tmp_path / "cache")
    assert second.channels[0][0].high.max() == -first.channels[0][0].low.min()


@pytest.mark.parametrize("damage", ["cut", "rubbish", "empty", "head"])
def test_a_broken_file_is_built_again(cached: Recording, tmp_path: Path, damage: str) -> None:
    folder = tmp_path / "cache"
    whole = cached_pyramid(cached, folder=folder)
    (kept,) = files(folder)
    content = kept.read_bytes()
    broken = {
        "cut": content[:-100],
        "rubbish": os.urandom(len(content)),
        "empty": b"",
        "head": b"X" + content[1:],
    }
    kept.unlink()
    kept.write_bytes(broken[damage])
    assert same(cached_pyramid(cached, folder=folder), whole)
    assert kept.read_bytes() == content


def test_the_cache_is_bounded(cached: Recording, tmp_path: Path) -> None:
    folder = tmp_path / "cache"
    cached_pyramid(cached, folder=folder)
    (first,) = files(folder)
    os.utime(first, ns=(1, 1))
    size = first.stat().st_size
    other = read_recording(write_edf(tmp_path / "other.edf", seconds=3))
    cached_pyramid(other, folder=folder, most_bytes=2 * size - 1)
    assert first not in files(folder)
    assert len(files(folder)) == 1


def test_a_pyramid_larger_than_the_cache_is_not_kept(cached: Recording, tmp_path: Path) -> None:
    pyramid = cached_pyramid(cached, folder=tmp_path / "cache", most_bytes=100)
    assert same(pyramid, build_pyramid(cached))
    assert files(tmp_path / "cache") == []


def test_a_cache_that_cannot_be_written_is_no_fault(cached: Recording, tmp_path: Path) -> None:
    in_the_way = tmp_path / "cache"
    in_the_way.write_text("a file where the folder should be")
    assert same(cached_pyramid(cached, folder=in_the_way), build_pyramid(cached))


def test_cancelling_leaves_nothing(cached: Recording, tmp_path: Path) -> None:
    def progress(fraction: float, message: str) -> None:
        raise Cancelled(message)

    with pytest.raises(Cancelled):
        cached_pyramid(cached, progress, folder=tmp_path / "cache")
    assert files(tmp_path / "cache") == []


def test_the_folder_can_be_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("AMR_VIEWER_CACHE_DIR", str(tmp_path))
    assert cache_folder().parent == tmp_path
    monkeypatch.delenv("AMR_VIEWER_CACHE_DIR")
    assert "amr-viewer" in cache_folder().as_posix()


def test_gaps_of_a_file_survive_the_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("amr_viewer.io.pyramid_cache.SMALL_BYTES", 0)
    data = np.repeat([[100], [200]], 1000, axis=1).astype("<i2")
    path = Edf([Signal(data)], reserved="EDF+D", lists=[[stamp("+0"), stamp("+10")]]).write(
        tmp_path / "gap.edf"
    )
    recording = read_recording(path)
    for _ in range(2):
        pyramid = cached_pyramid(recording, folder=tmp_path / "cache")
        envelope = read_envelope(recording, pyramid, 0, 0.0, 11.0, 11)
        assert np.isnan(envelope.low).tolist() == [False, *[True] * 9, False]
        assert envelope.high[[0, 10]] == pytest.approx([10.0, 20.0], abs=0.1)


@pytest.mark.parametrize("physical", [(-3276.8, 3276.7), (3276.7, -3276.8)])
@pytest.mark.parametrize("is_bdf", [False, True])
def test_columns_found_on_stored_numbers_are_those_of_the_samples(
    is_bdf: bool, physical: tuple[float, float], tmp_path: Path
) -> None:
    """The quick way gives the very numbers of the plain one, also where the scale is turned."""
    rng = np.random.default_rng(5)
    data = rng.integers(-3000, 3000, (4, 500))
    signals = [Signal(data, physical=physical), Signal(data[:, ::-1], label="EMG 2")]
    path = Edf(signals, bdf=is_bdf).write(tmp_path / ("a.bdf" if is_bdf else "a.edf"))
    recording = read_recording(path)
    edges = np.unique(rng.integers(0, 2000, 60)).astype(np.int64)
    found = recording.source.column_extremes(0, edges)  # type: ignore[attr-defined]
    if is_bdf:
        assert found is None
        return
    samples = recording.source.read(0, 0, 2000)
    pieces = [samples[a:b] for a, b in itertools.pairwise(edges)]
    assert np.array_equal(found[0], [p.min() for p in pieces])
    assert np.array_equal(found[1], [p.max() for p in pieces])
