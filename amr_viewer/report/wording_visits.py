"""The words of a comparison of visits, in English; Russian is in `wording_visits_ru`.

It states what was measured and what reviews report of the course; it recommends nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class VisitsWording:
    """The words of one language.

    Attributes
    ----------
    headings : mapping
        As the templates ask for them by key.
    sentences : mapping
        Sentences and short words.
    doubts : mapping
        By `Doubt`: what limits or forbids a comparison; what differed is set behind.
    reasons : mapping
        By `Reason`: why a visit cannot say something.
    course, limits : tuple of str
        What reviews report of the course, with its sources; what limits the comparison.
    methods : tuple of (str, str)
        Name and text, with the program's own limits as ``{name}``.
    """

    headings: Mapping[str, str]
    sentences: Mapping[str, str]
    doubts: Mapping[str, str]
    reasons: Mapping[str, str]
    course: tuple[str, ...]
    methods: tuple[tuple[str, str], ...]
    limits: tuple[str, ...]


EN = VisitsWording(
    headings={
        "title": "Comparison of visits",
        "subtitle": "Lateral spread and free-running EMG of one patient over several recordings",
        "page": "page {page} of {pages}",
        "visits": "Visits",
        "visit": "Visit",
        "date": "Date",
        "recording": "Recording",
        "recorded": "What was recorded",
        "amr": "AMR",
        "pattern": "Free-running EMG",
        "figures": "Over the visits",
        "responses": "Abnormal muscle response",
        "direct": "Direct response (M)",
        "rest": "Bursts at rest",
        "muscle": "Muscle",
        "verdict": "Verdict",
        "persistence": "Persistence (95\u00a0%\u00a0CI)",
        "points": "Change, % points",
        "amplitude": "Amplitude, µV",
        "of_earlier": "Of the earlier, %",
        "amr_to_m": "AMR/M, %",
        "onset": "Onset, ms",
        "minutes": "Rest, min",
        "bursts": "Bursts/min (95\u00a0%\u00a0CI)",
        "time": "Time, %",
        "area": "µV·s/min",
        "cautions": "What limits these comparisons",
        "course": "The course after treatment, as reported",
        "methods": "How the visits were compared",
        "warnings": "Warnings of the recordings",
        "no_warnings": "None.",
        "provenance": "Versions and hashes",
        "limits": "Limits",
        "physician": "Physician",
        "signed": "Date",
        "aid": "an aid to the physician, not a diagnosis",
    },
    sentences={
        "language": "en",
        "patient": "Patient",
        "id": "ID",
        "born": "Born",
        "sex": "Sex",
        "n_visits": "Visits",
        "span": "From, to",
        "order": "Order",
        "by_date": "by date",
        "as_given": "as given",
        "botulinum": "Botulinum toxin",
        "differs": "differs between the files",
        "not_stated": "not stated",
        "unknown_date": "no date",
        "name": "name",
        "birthdate": "date of birth",
        "id_field": "ID",
        "sex_field": "sex",
        "visit_n": "visit {n}",
        "visits_n": "visits {list}",
        "and": " and ",
        "to": " to ",
        "identity_title": "The files do not name one patient",
        "identity_text": (
            "{fields}. Whether these are recordings of one patient has to be settled before "
            "anything below is read."
        ),
        "field_differs": "{field} of visits {a} and {b} differs",
        "silent_title": "Whose recordings these are cannot be checked",
        "silent_text": (
            "Name and number of the patient are not in every file ({list}). That they are of one "
            "patient is taken from whoever put them together."
        ),
        "silent_no_common": (
            "No name and no number is in all of the files. That they are of one patient is taken "
            "from whoever put them together."
        ),
        "order_title": "The visits stand in the order in which they were given",
        "order_no_date": "Not every file states its date.",
        "order_same_time": "Files state the same date and time.",
        "repeated_title": "One recording stands twice",
        "repeated_text": "Visits {a} and {b} are one and the same file.",
        "failed_title": "Left out",
        "failed_text": "{recording}: {fault}.",
        "amr_side": "AMR, {side} (pairs of branch and muscle)",
        "amr_sides": "AMR, side not known (pairs)",
        "state_present": "present",
        "state_absent": "absent",
        "state_cannot_say": "cannot say",
        "then_end": ", at its end {state}",
        "end_present": "present",
        "end_reduced": "reduced",
        "end_absent": "absent",
        "bursts_side": "Bursts at rest, {side}",
        "bursts_value": "{values} per min",
        "m_place": "M, {place}",
        "m_value": "{values} mV",
        "answer_caution": (
            "What was measured, without a judgment of treatment. Electrodes were replaced between "
            "visits; what a difference means is for the physician to say."
        ),
        "event_before": "before visit 1",
        "event_day": "on the day of visit {n}",
        "event_during": "during visit {n}, by a mark of the recording",
        "event_between": "between visits {a} and {b}",
        "event_after": "after visit {n}",
        "gap_days": "+{n} d",
        "gap_months": "+{n} months",
        "gap_years": "+{n} years",
        "at_ma": " at {ma} mA",
        "channels": "{n} muscles",
        "rest_min": "{n} min at rest",
        "no_rest": "no rest",
        "operation": "in an operation",
        "reviewed": "reviewed by a person",
        "no_amr": "not tested",
        "no_pattern": "not assessed",
        "visits_note": "AMR: ● present, ○ absent, ◐ cannot say, ⊘ not assessable or not tested.",
        "place": "{muscle}, stimulated: {site}",
        "all_muscles": "All muscles, {side}",
        "versus": "vs {n}: ",
        "below": "< {x}",
        "above": "> {x}",
        "not_compared": "not compared",
        "never": "No AMR at any visit where it was tested: {list}.",
        "by_hand": "{verdict}, by hand",
        "at_end": "{verdict}; at the end {state}",
        "cannot": "Visit {n}: {reason}.",
        "refused": "Visits {a} and {b} not compared: {reason}.",
        "between": "(visits {pairs})",
        "responses_note": (
            "Where no response was found the amplitude is the one that would have been seen. "
            "▼ ▲ mark changes whose interval leaves out no change, within the limits stated below."
        ),
        "direct_note": (
            "M ratio: M as part of M at the visit named. M falls with a weaker stimulus, displaced "
            "electrodes, neuromuscular block, botulinum toxin and facial paresis."
        ),
        "rest_note": (
            "Bursts that are set aside (blinks, stimuli, artefacts) and stretches of movement on "
            "command are left out. Bursts of one episode are not independent: the intervals are "
            "Poisson intervals of episodes and wider than those of single bursts."
        ),
        "panel_persistence": "AMR, persistence in %",
        "panel_amplitude": "AMR, amplitude in % of the first",
        "panel_m": "Direct response, M in % of the first",
        "panel_bursts": "Bursts at rest per minute, by side",
        "unit_percent": "%",
        "unit_per_min": "/min",
        "see_events": "see {list}",
        "panel_alt": "{title}: {series}",
        "series_alt": "{name} {values}",
        "panels_note": (
            "Bars: 95 % intervals within each recording. Filled: present or measured; hollow: no "
            "AMR found; ▽: no AMR found, upper limit of its size; ×: cannot say. Dashed vertical "
            "lines: events, by their letters. Not drawn: pairs without an AMR at any visit, and "
            "what cannot be compared."
        ),
        "more_series": "{n} more in the table",
        "letter": "{letter}  {when}  {text}",
        "program": "Program",
        "libraries": "Libraries",
        "file_of": "Visit {n}, SHA-256",
        "protocol_of": "Protocol",
        "protocol_some": "{name} (SHA-256 {sha}…), visits {list}",
        "printed": "Report made",
        "unknown_muscle": "muscle not known",
        "true": "operation",
        "false": "awake",
        "minus": "−",
    },
    doubts={
        "replaced_electrodes": (
            "amplitudes: electrodes were replaced between visits, which alone changes them"
        ),
        "electrode_type": "electrodes of another kind",
        "electrode_unknown": (
            "the files do not state whether needles or surface electrodes were used; they are "
            "taken as the same"
        ),
        "no_direct": "without a direct response at both visits a loss is not verified",
        "m_changed": "the direct response changed as well",
        "m_muscle": "the direct response of another muscle",
        "intensity": "stimulus current",
        "intensity_unknown": "the stimulus current is not known at both visits",
        "pulse_width": "width of the stimulus",
        "sampling": "sampling rate",
        "filters": "filters stated in the file",
        "parameters": "analyzed with different parameters",
        "changed_within": (
            "the response changed within a recording, whose number is taken over all of it"
        ),
        "during_operation": "one recorded in an operation, one not",
        "muscles": "other muscles",
        "short_rest": "less rest than is asked for",
        "sleep": "sleep is marked",
        "noise": "noise of the quiet signal",
        "quality": "signal quality",
        "label_only": "muscle not known: channels are matched by their labels alone",
    },
    reasons={
        "no_direct_response": "no direct response (M): whether the nerve was stimulated is open",
        "direct_not_recorded": "no muscle of the stimulated branch was recorded",
        "indeterminate": "the criteria of a response are neither met nor excluded",
        "not_assessable": "no valid sweeps",
        "little_rest": "too little rest",
        "during_operation": "recorded in an operation",
        "unusable_channel": "no signal in the channel",
    },
    course=(
        "Microvascular decompression is reported to cure 85–95 %. The cure is frequently delayed, "
        "by several months to even a few years [1]. Of 175 consecutive patients 62 were free of "
        "spasm within 7 days, 28 within a month, 38 in one to 3 months, 25 in 3 to 6, 17 in 6 to "
        "12, 5 later; median 30 days [2].",
        "An AMR one month after decompression differed from that at the end of the operation in "
        "27.9 % of 883 patients [3]. Spasm or an AMR soon after decompression, or their absence, "
        "is therefore not the final result.",
        "Recurrence after decompression is reported in up to 20 %, spontaneous regression of the "
        "disease in up to 10 %; facial paresis, often transient, in 3.5–4.8 %, which makes M "
        "smaller [4].",
        "Botulinum toxin, given every 3–4 months, is effective in 75 % and transient [4]; it "
        "lowers the amplitude of EMG and AMR [5]. Smaller responses or fewer bursts after an "
        "injection are not told apart from its effect; the date of every injection belongs beside "
        "the visits.",
        "[1] Neurochirurgie 2009;55:236, review. [2] J Neurol Surg B 2022;83:548. [3] Neurosurgery "
        "2022;91:159. [4] Clinical review, author not named. [5] Geller 1989. Abstracts only were "
        "read of 1, 2, 3 and 5. The figures describe groups of patients, not this one.",
    ),
    methods=(
        (
            "Matching",
            "by stimulated branch and side, muscle and side; compared only with the same kind of "
            "electrode; a loss only where the direct response is there at both visits",
        ),
        (
            "Reference",
            "the first visit with a number; where it is another one, also the visit before",
        ),
        (
            "Intervals",
            "95 %: Clopper-Pearson for persistence, bootstrap of the median for amplitude, onset "
            "and M, Poisson of episodes for bursts; differences and ratios by square-and-add (Zou "
            "and Donner 2008), ratios on logarithms; where a response is gone, the limit of what "
            "would have been seen",
        ),
        (
            "Noted",
            "currents that differ by more than {current} %, M below {m_low} or above {m_high} % of "
            "its former size, noise that differs by more than a factor of {noise}; any difference "
            "of sampling, filters, pulse width, parameters",
        ),
    ),
    limits=(
        "The intervals tell the spread within each recording. How far responses and bursts vary "
        "from day to day, and with the placing of electrodes, is not in them; no figures for it "
        "are known to this program.",
        "{n} changes are given; their intervals are not corrected for their number: of 20 "
        "without a change about one leaves it out by chance.",
        "An AMR that is not found means: if it is there, it comes in no more sweeps than the upper "
        "end of the interval says. Botulinum toxin, neuromuscular block, a weak stimulus or a "
        "displaced electrode can hide it.",
        "Short recordings may miss intermittent spasm; the rate of bursts depends on rest, sleep, "
        "stress and drugs.",
        "The program compares what was recorded; what it means for the patient is for the "
        "physician to say. It recommends no treatment.",
    ),
)
"""English."""
