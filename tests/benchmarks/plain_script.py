"""The plain script that `analyze` is measured against: what a laboratory writes in an afternoon.

Usage: python plain_script.py RECORDING.edf RESULTS.csv
"""

from __future__ import annotations

import csv
import sys
from pathlib import Path

import mne
import numpy as np


def main(recording: str, results: str) -> None:
    """Preload, filter, loop over stimuli and channels, write one row for each."""
    raw = mne.io.read_raw_edf(recording, preload=True, verbose="error")
    raw.filter(20.0, 3000.0, method="iir", verbose="error")
    events, _ = mne.events_from_annotations(raw, verbose="error")
    rate = raw.info["sfreq"]
    data = raw.get_data()
    before, first, last = (round(ms * 1e-3 * rate) for ms in (20.0, 6.5, 20.0))
    with Path(results).open("w", newline="", encoding="utf-8") as stream:
        writer = csv.writer(stream)
        writer.writerow(["stimulus", "channel", "onset_ms", "amplitude_uv"])
        for number, sample in enumerate(events[:, 0] - raw.first_samp):
            for channel, label in enumerate(raw.ch_names):
                baseline = data[channel, max(sample - before, 0) : sample]
                window = data[channel, sample + first : sample + last]
                if not len(baseline) or not len(window):
                    continue
                level = np.mean(baseline)
                over = np.flatnonzero(np.abs(window - level) > 3 * np.std(baseline))
                onset_ms = 1e3 * (over[0] + first) / rate if len(over) else ""
                writer.writerow([number, label, onset_ms, 1e6 * np.ptp(window)])


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
