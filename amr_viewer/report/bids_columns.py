"""What each column of the derivatives means: the JSON files beside their tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from amr_viewer.report import bids_words as words

UNITS = (
    ("_uv_s_min", "uV s/min"), ("_uv_ms", "uV ms"), ("_uv_s", "uV s"), ("_per_min", "1/min"),
    ("_percent", "%"), ("_ms", "ms"), ("_uv", "uV"), ("_ma", "mA"), ("_db", "dB"), ("_hz", "Hz"),
    ("_s", "s"),
)  # fmt: skip
"""Endings of names and the units that they stand for."""

PARTS = (
    ("_low", "Lower bound of the 95 % confidence interval of {}."),
    ("_high", "Upper bound of the 95 % confidence interval of {}."),
    ("_q25", "Lower quartile of {}."),
    ("_q75", "Upper quartile of {}."),
    ("_n", "Number of observations that {} rests on."),
)
"""Parts of names and what they make of the column that they belong to."""

SHARED = {
    "site": "Nerve or branch of it that was stimulated.",
    "side": "Side that was stimulated.",
    "channel": "Label of the channel, as in the recording.",
    "muscle": "Muscle that the channel records.",
    "muscle_side": "Side of the muscle.",
    "role": "What the channel means for the stimulated branch.",
    "source": "Who decided: the program, or a person.",
    "onset_ms": "Latency of the onset after the stimulus.",
    "peak_ms": "Latency of the largest negative peak after the stimulus.",
    "positive_peak_ms": "Latency of the largest positive peak after the stimulus.",
    "end_ms": "Latency of the end after the stimulus.",
    "amplitude_uv": "Amplitude, peak to peak.",
    "area_uv_ms": "Rectified area from onset to end.",
    "phases": "Number of phases.",
    "noise_uv": "Noise before the stimulus, RMS.",
    "m_amplitude_uv": "Amplitude of the direct response (M) of the stimulated branch.",
    "m_onset_ms": "Latency of the onset of the direct response (M).",
    "amr_to_m": "Amplitude as a fraction of that of the direct response (M).",
    "n_valid": "Number of sweeps that could be judged.",
    "persistence": "Fraction of the valid sweeps with a response.",
    "rate_reliable": "Whether the rate of discharges can be relied on.",
    "n_discharges": "Number of discharges of a motor unit in a burst.",
    "rate_hz": "Rate of discharges in bursts; of a table of patterns the median.",
    "duration_ms": "Duration; of bursts in a table of patterns the median.",
    "stimulus": "Number of the stimulus in the recording, from 0.",
    "state": "What was found in the sweep.",
}  # fmt: skip

EVENTS = {
    "onset": "Time from the first sample of the recording.",
    "duration": "Duration; 0 for stimuli, n/a where unknown.",
    "trial_type": "What the row is about.",
    "intensity_ma": "Current of the stimulus.",
    "probability": "Probability that the sweep carries a response, by the program.",
    "snr_db": "Amplitude against noise: 20 log10(amplitude / (2 x noise)).",
    "afterdischarge": "Whether activity goes on after the end of the response.",
    "peak_uv": "Highest value of the 10 ms RMS envelope of the burst.",
    "kind": "Shape of the burst.",
    "salvo": "Running number of the salvo that the burst belongs to.",
    "episode": "Running number of the episode that the burst belongs to.",
    "area_uv_s": "Integral of the envelope of the burst above its baseline.",
    "set_aside": "Why the burst counts for nothing.",
}  # fmt: skip

FINDINGS = {
    "n_stimuli": "Number of stimuli of the site and side.",
    "n_present": "Number of sweeps with a response.",
    "p_value": "Of the persistence against the rate of calls in sham windows, corrected (Holm).",
    "verdict": "The answer for the site, side and channel.",
    "reason": "Why, in words.",
    "jitter_ms": "Spread of the onset: 1.4826 times the median absolute deviation.",
    "label": "What the verdict is about.",
    "sham_rate": "Fraction of sham windows that the same rule calls.",
    "n_sham": "Number of sham windows.",
    "detectable_uv": "Amplitude that would have been seen.",
    "afterdischarge_fraction": "Fraction of the responses with an afterdischarge.",
    "automatic_verdict": "What the program found, where a person decided.",
}  # fmt: skip

PATTERNS = {
    "side": "Side of the face, or both together.",
    "assessed_s": "Time that was searched for bursts.",
    "n_bursts": "Number of bursts.",
    "n_clonic": "Number of clonic bursts.",
    "n_tonic": "Number of tonic bursts.",
    "n_other": "Number of bursts that are neither clonic nor tonic.",
    "n_salvos": "Number of salvos.",
    "n_episodes": "Number of episodes.",
    "n_clonic_tonic": "Number of clonic runs that end in a tonic burst.",
    "n_set_aside": "Number of bursts that count for nothing.",
    "bursts_per_min": "Rate of bursts.",
    "clonic_per_min": "Rate of clonic bursts.",
    "tonic_per_min": "Rate of tonic bursts.",
    "episodes_per_min": "Rate of episodes.",
    "clonic_duration_ms": "Median duration of clonic bursts.",
    "tonic_duration_ms": "Median duration of tonic bursts.",
    "lag_ms": "Median lag between muscles that burst together.",
    "load_percent": "Part of the time in bursts.",
    "load_uv_s_min": "Integral of the envelope above its baseline, per minute.",
    "synchrony_index": "How far muscles burst together, above chance: 0 as by chance, 1 always.",
    "lateralization": "(left - right) / (left + right) of the number of bursts.",
    "lateralization_area": "(left - right) / (left + right) of the area of the bursts.",
    "other_babinski": "Fraction of bursts of the orbicularis oculi with the frontalis of that "
    "side alone.",
    "cue_contingency": "Fraction of cues that another muscle of the side answers.",
    "blink_contingency": "Fraction of blinks that another muscle of the side answers.",
    "sleep_persistence": "Episodes per hour asleep as a fraction of those awake.",
    "rhythm_cv": "Coefficient of variation of the intervals between episodes.",
    "rhythm_cv2": "Coefficient of variation of intervals between episodes, from one to the next.",
    "rhythm_salvo_cv": "Coefficient of variation of the intervals between bursts of a salvo.",
    "rhythm_index": "Highest peak of the autocorrelation of onsets above shuffled intervals.",
    "rhythm_peak_hz": "Rate at which that peak lies.",
    "rate_reliable": "Whether, or of which fraction of the bursts, the rate can be relied on.",
    "conclusion": "The pattern.",
    "confidence": "How well the conclusion is supported.",
    "runner_up": "The pattern that is supported next.",
    "pattern_side": "Side of the pattern.",
    "missing": "Tests that would tell more.",
    "flags": "What limits the conclusion.",
}  # fmt: skip

TREND = {
    "block": "Number of the block of stimuli, from 0.",
    "start_s": "Start of the block, from the first sample of the recording.",
    "end_s": "End of the block, from the first sample of the recording.",
    "amplitude_percent": "Amplitude relative to the baseline block.",
    "onset_shift_ms": "Onset against that of the baseline block.",
    "state": "What was found in the block.",
}  # fmt: skip

CHANGES = {
    "change": "What changed.",
    "time_s": "Time of the change, from the first sample of the recording.",
    "lag_s": "Time from the nearest mark to the change.",
}  # fmt: skip

SUMMARY = {
    "filename": "Table of events of the recording.",
    "duration_s": "Duration of the recording.",
    "n_channels": "Number of channels.",
    "n_stimuli": "Number of stimuli.",
    "amr": "Whether there is an abnormal muscle response.",
    "amr_where": "Where, the most persistent first; the numbers are those of the first.",
    "amr_persistence": "Fraction of the valid sweeps with the response.",
    "amr_onset_ms": "Latency of its onset, median.",
    "amr_amplitude_uv": "Its amplitude, peak to peak, median.",
    "pattern": "Pattern of the free-running EMG; n/a where it was not looked for.",
    "pattern_side": "Side of the pattern.",
    "pattern_confidence": "How well the pattern is supported.",
    "pattern_runner_up": "The pattern that is supported next.",
    "warnings": "What was guessed, repaired or left out.",
}  # fmt: skip

LEVELS: Mapping[str, Mapping[str, str]] = {
    "trial_type": words.TRIAL_TYPES, "site": words.SITES, "side": words.SIDES,
    "muscle_side": words.SIDES, "role": words.ROLES, "state": words.STATES,
    "verdict": words.VERDICTS, "automatic_verdict": words.VERDICTS, "source": words.SOURCES,
    "afterdischarge": words.BOOLEANS, "kind": words.BURST_KINDS, "label": words.LABELS,
    "conclusion": words.CONCLUSIONS, "runner_up": words.CONCLUSIONS, "pattern": words.CONCLUSIONS,
    "pattern_runner_up": words.CONCLUSIONS, "confidence": words.CONFIDENCES,
    "pattern_confidence": words.CONFIDENCES, "pattern_side": words.PATTERN_SIDES,
    "amr": words.AMR, "change": words.CHANGES,
}  # fmt: skip

TABLES: Mapping[str, Mapping[str, str]] = {
    "events": EVENTS, "findings": FINDINGS, "patterns": PATTERNS, "trend": TREND,
    "changes": CHANGES, "scans": SUMMARY,
}  # fmt: skip

OWN_LEVELS: Mapping[tuple[str, str], Mapping[str, str]] = {
    ("patterns", "side"): words.PATTERN_SIDES,
    ("trend", "state"): words.BLOCK_STATES,
}


def describe_columns(table: str, columns: Sequence[str]) -> dict[str, dict[str, Any]]:
    """Return what a JSON file says of the columns of a table.

    Parameters
    ----------
    table : str
        ``"events"``, ``"findings"``, ``"patterns"``, ``"trend"``, ``"changes"`` or ``"scans"``.
    columns : sequence of str

    Returns
    -------
    dict
        Of each column its Description, and Units or Levels where it has any.

    Examples
    --------
    >>> describe_columns("findings", ["onset_low_ms"])["onset_low_ms"]["Units"]
    'ms'
    """
    return {name: _described(table, name) for name in columns}


def _described(table: str, name: str) -> dict[str, Any]:
    """Return what is said of one column."""
    about: dict[str, Any] = {"Description": _description(table, name)}
    levels = OWN_LEVELS.get((table, name), LEVELS.get(name))
    if levels is not None:
        about["Levels"] = dict(levels)
    unit = "s" if name in {"onset", "duration"} else _unit(name)
    if unit:
        about["Units"] = unit
    return about


def _description(table: str, name: str) -> str:
    """Say what a column holds."""
    own = TABLES[table]
    known = own.get(name) or SHARED.get(name)
    if known:
        return known
    for part, sentence in PARTS:
        whole = _whole(name, part)
        if whole is not None and (whole in own or whole in SHARED):
            return sentence.format(whole)
    return f"As in the table {table} of the program that wrote it."


def _whole(name: str, part: str) -> str | None:
    """Return the column that another is a part of: ``onset_ms`` for ``onset_low_ms``."""
    if name.endswith(part):
        return name.removesuffix(part)
    stem, _, rest = name.partition(f"{part}_")
    return f"{stem}_{rest}" if rest else None


def _unit(name: str) -> str:
    """Return the unit of a column by its name, empty for a number without one and for words."""
    if name.endswith("_n"):
        return ""
    for part, _ in PARTS:
        name = _whole(name, part) or name
    return next((unit for ending, unit in UNITS if name.endswith(ending)), "")
