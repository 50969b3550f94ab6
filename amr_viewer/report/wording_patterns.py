"""The words of the section on free-running EMG, in English; Russian is in `wording_patterns_ru`.

Nothing here is stronger than "consistent with": a pattern names no disease.
"""

from __future__ import annotations

from amr_viewer.core.bursts import FLAG_WORDS
from amr_viewer.core.patterns import CONCLUSION_WORDS

HEADINGS = {
    "patterns": "Free-running EMG",
    "bursts_per_min": "Bursts/min (95 % CI)",
    "clonic": "Clonic",
    "tonic": "Tonic",
    "other_bursts": "Other",
    "burst_duration": "Duration, ms [IQR]",
    "burst_load": "Time, %",
    "burst_area": "µV·s/min",
    "set_aside": "Set aside",
    "raster": "Bursts",
    "synchrony": "Synchrony",
    "measures": "Measured",
    "supporting": "For [points]",
    "opposing": "Against [points]",
    "told": "Also noted",
    "pattern_limits": "Limits of this section",
}

PATTERNS = {
    **{f"is_{c.value}": w[0].upper() + w[1:] for c, w in CONCLUSION_WORDS.items()},
    **{f"flag_{flag.value}": words for flag, words in FLAG_WORDS.items()},
    "too_short": (
        "No pattern is stated: {seconds} s of free-running EMG, {least} s are the least and "
        "{asked} s are asked for. A short recording does not exclude intermittent spasm."
    ),
    "not_assessed": "No pattern is stated: {reason}.",
    "place_left": "left",
    "place_right": "right",
    "place_both": "both sides",
    "sure_high": "confidence: high",
    "sure_moderate": "confidence: moderate",
    "sure_low": "confidence: low",
    "sentence": "Free-running EMG of {minutes} min, {electrodes}: {counts}{timing}.",
    "none_counted": "no bursts",
    "counts": "{clonic}{clonic_ms} and {tonic}{tonic_ms} in the busiest muscle ({muscle})",
    "n_clonic": "{n} clonic bursts",
    "n_tonic": "{n} tonic bursts",
    "median_ms": " (median {ms} ms)",
    "timing": "synchrony index {si}, median lag {lag} ms",
    "surface": "surface electrodes",
    "needle": "needle electrodes",
    "mixed": "surface and needle electrodes",
    "about_hfs": (
        "Findings are consistent with the hemifacial-spasm EMG pattern. They do not exclude "
        "post-paralytic synkinesis or secondary hemifacial spasm; correlate clinically, MRI if "
        "indicated."
    ),
    "about_no_activity": (
        "No bursts of the hemifacial-spasm type in {minutes} min. A short recording does not "
        "exclude intermittent hemifacial spasm."
    ),
    "about_blepharospasm": (
        "Findings are consistent with bilateral, synchronous activity of the orbiculares oculi "
        "as can be seen in blepharospasm; correlate clinically."
    ),
    "about_myokymia": (
        "Findings are consistent with grouped discharges as can be seen in facial myokymia. The "
        "border between myokymia and hemifacial spasm is not agreed upon; correlate clinically."
    ),
    "about_synkinesis": (
        "Activity goes with blinks or movements asked for and is sparse at rest, as can be seen "
        "after facial palsy; correlate clinically."
    ),
    "about_cortical": (
        "Rhythmic short bursts, as can be seen in cortical jerks; EEG recommended, correlate "
        "clinically."
    ),
    "about_voluntary": (
        "Activity resembles voluntary contraction. EMG does not separate functional, tic and "
        "voluntary contraction; correlate clinically."
    ),
    "about_fasciculation": (
        "Single discharges at random, not together in several muscles, as can be seen in "
        "fasciculation; correlate clinically."
    ),
    "about_neuromyotonia": (
        "Long fast trains of falling amplitude, not together in several muscles, as can be seen "
        "in neuromyotonia; correlate clinically."
    ),
    "about_hemimasticatory": (
        "Bursts of the muscles of mastication of one side with silent facial muscles, as can be "
        "seen in hemimasticatory spasm; correlate clinically."
    ),
    "about_indeterminate": (
        "No pattern has points enough, or a clear lead. This does not exclude hemifacial spasm; "
        "correlate clinically."
    ),
    "about_insufficient": (
        "Too few bursts or too little time for a pattern. A short recording does not exclude "
        "intermittent hemifacial spasm."
    ),
    "about_operation": (
        "Recorded during an operation: patterns of rest are not judged. This does not exclude "
        "hemifacial spasm."
    ),
    "row_groups": "Groups",
    "groups": (
        "{salvos} salvos, {episodes} episodes, {rate} per min; {runs} times clonic running into "
        "tonic"
    ),
    "row_duration": "Duration",
    "duration": "clonic {clonic} ms, tonic {tonic} ms (median [IQR])",
    "row_load": "Load",
    "load": "{percent} % of the time in any muscle; {area} µV·s/min, mean of the muscles",
    "row_synchrony": "Synchrony",
    "synchrony_none": "not measurable: fewer than two active muscles of one side",
    "synchrony": "index {si} within {ms} ms, {n} onsets; lag {lag} ms (median [IQR])",
    "row_side": "Lateralization",
    "side": "{li} of bursts, {area} of their area (+1 only left, −1 only right)",
    "side_none": "not measurable: one side recorded, or no bursts",
    "row_rhythm": "Rhythm",
    "rhythm": "episodes {word}: CV {cv}, CV2 {cv2}; rhythm index {index}",
    "rhythm_none": "not measurable: too few episodes",
    "rhythm_index": "rhythm index {index}",
    "at_hz": " at {hz} Hz",
    "regular": "regular",
    "irregular": "irregular",
    "neither": "neither regular nor irregular",
    "row_babinski": "Other Babinski sign",
    "babinski": "{side}: {value}, n {n}, {word}",
    "babinski_none": "not measurable: takes frontalis, orbicularis oculi of one side, and bursts",
    "positive": "present",
    "negative": "absent",
    "equivocal": "equivocal",
    "few": "too few for a word",
    "row_rate": "Rate within bursts",
    "rate": "{rate} Hz (median [IQR]), n {n}; two methods agree in {reliable} of the bursts",
    "rate_surface": "not measurable with surface electrodes",
    "rate_none": "not measurable: too few discharges",
    "row_cues": "Cued movements",
    "cues": "another muscle of the side joins in {value}, n {n}",
    "row_blinks": "Blinks",
    "row_sleep": "Sleep",
    "sleep": "episodes per hour asleep {value} of those awake, n {n}",
    "row_amr": "AMR, same recording",
    "row_aside": "Set aside",
    "aside_1": "after a stimulus {n}",
    "aside_2": "blinks of both eyes {n}",
    "aside_3": "below the floor of the muscle {n}",
    "aside_4": "movement or heart {n}",
    "aside_5": "no burst, by hand {n}",
    "aside_6": "volume-conducted {n}",
    "row_manual": "By hand",
    "manual": "bursts made or changed by a person: {n}",
    "row_runner_up": "Next possibility",
    "no_runner_up": "none that its rules support",
    "row_missing": "Not tested",
    "row_quality": "Signal quality",
    "all_channels": "all channels",
    "row_crosstalk": "Crosstalk suspected",
    "row_conclusion": "Free-running EMG",
    "kind_1": "clonic",
    "kind_2": "tonic",
    "kind_0": "other",
    "kind_aside": "set aside",
    "min": "min",
    "s": "s",
    "raster_note": (
        "Above: the whole recording; below: the {s} s with most bursts (shaded above). Tall: "
        "clonic; thick: tonic; thin: single discharges and lengths between; gray ticks: set aside."
    ),
    "raster_note_one": (
        "Tall: clonic; thick: tonic; thin: single discharges and lengths between; gray ticks: set "
        "aside."
    ),
    "raster_alt": "Bursts of {n} channels over {minutes} min: {counts}",
    "matrix_note": (
        "Above the diagonal: synchrony index (0 as by chance, 1 always together); below: median "
        "lag, ms, of the row after the column. ×: crosstalk suspected; ·: too few bursts or "
        "pairs. "
        "Of interest are muscles of one side."
    ),
    "matrix_alt": "Synchrony of pairs of muscles; highest: {pair} {si}",
    "limit_defaults": (
        "Defaults of this program, in no published criterion and not validated on patients: burst "
        "from {on} to {off} SD above rest, floor {floor} of the usual peak; clonic up to {clonic} "
        "ms, tonic from {tonic} ms; salvo gap {salvo} ms, episode gap {episode} s; at least "
        "{n_clonic} clonic or {n_tonic} tonic bursts in {rest} s; together within {sync} ms, "
        "synchronous from {si}, asynchronous below {asi}; one side from {uni}, both up to {bil}; "
        "other Babinski sign within {obs_ms} ms, present from {obs}, absent up to {no_obs}; "
        "regular below CV {reg}, irregular from {irr}. The values stand under Parameters and "
        "can be changed."
    ),
    "limit_crosstalk": (
        "Volume conduction between neighbouring muscles can mimic synchrony and the other Babinski "
        "sign; the floor and the test for copies reduce this and do not rule it out."
    ),
    "limit_surface": (
        "Surface electrodes cannot resolve discharge rates of 250–400 Hz at any sampling rate; "
        "rates rest on needle or wire electrodes only."
    ),
    "limit_short": (
        "A short recording does not exclude intermittent spasm. Botulinum toxin, facial palsy, "
        "sedation and muscle relaxants reduce bursts."
    ),
    "limit_kinds": (
        "EMG does not separate functional spasm, tic and voluntary contraction. Persistence in "
        "sleep and an abnormal muscle response are not particular to hemifacial spasm."
    ),
    "limit_aid": (
        "Stated by rules of the program: an aid to the physician, not a diagnosis. Every burst can "
        "be seen and corrected in the program."
    ),
}  # fmt: skip

PHRASES: tuple[tuple[str, str], ...] = ((r"(?<![\w.])-(?=\d)", "−"),)
"""What is put right in the words of the analysis before they are printed: patterns, in order."""
