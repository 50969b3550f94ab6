"""What limits a report over a batch, and how it was counted, in English."""

from __future__ import annotations

REMARKS = {
    "no_summary": (
        "No summary.csv",
        "The folder holds results, but no list of what was analyzed. Recordings that failed "
        "are not known.",
    ),
    "no_folder": (
        "Results are missing",
        "In summary.csv, but without a result folder, counted as failed: {list}.",
    ),
    "not_in_summary": (
        "Results from another run",
        "Result folders that summary.csv does not name; they are counted: {list}.",
    ),
    "differs": (
        "summary.csv is not current",
        "It says something else than the result folders, which are used: {list}.",
    ),
    "failed_with_folder": (
        "Results of an earlier run",
        "They failed, and are counted so, though older result folders are there: {list}.",
    ),
    "conflict": (
        "One patient, two references",
        "Recordings of one patient ({n} patients) differ in their reference; check the table: "
        "{list}.",
    ),
    "versions": (
        "Several versions of the program",
        "Results of {list} are counted together; analyze all of them again to compare them.",
    ),
    "protocols": (
        "Several protocols",
        "Results of {n} protocols ({list}) are counted together; names, parameters or both differ.",
    ),
    "same_signal": (
        "Recordings count more than once",
        "The same files stand under several names ({n} too many): {list}.",
    ),
    "reviewed": (
        "Reviewed",
        "Decisions of a person are in these results ({n}): {list}.",
    ),
    "free_running": (
        "Free-running EMG was not searched in all",
        "Analyzed without ({n}): {list}.",
    ),
    "rows_left": (
        "Rows without a recording",
        "Rows of the table that match no recording are left out ({n}): {list}.",
    ),
    "no_row": (
        "Recordings without a row",
        "Not in the table ({n}): {list}.",
    ),
    "group_empty": ("No group", "The cell for the group is empty ({n}): {list}."),
    "reference_empty": (
        "No reference",
        "The cell is empty or says neither; in no comparison ({n}): {list}.",
    ),
    "patient_unknown": (
        "Patients are not known",
        "Every recording is taken for a patient of its own. If patients have several, all "
        "intervals are too narrow: give a table with a column named patient.",
    ),
    "patient_empty": (
        "No patient",
        "These name no patient and are taken for patients of their own ({n}): {list}.",
    ),
    "repeated": (
        "Patients with several recordings",
        "Of {b} patients named, {n} have more than one recording, {a} in all. Proportions count "
        "recordings, with intervals widened for the resemblance within a patient; "
        "distributions by group show one value per patient and group.",
    ),
    "one_class": (
        "Only one kind of reference",
        "All {n} recordings with a reference are of one kind; sensitivity or specificity "
        "cannot be said.",
    ),
    "same_parameters": (
        "Too good on known recordings",
        "If these recordings, or others of the same patients, were used to choose the protocol "
        "or its parameters, agreement with the reference is overstated. Confirm it on others.",
    ),
}

METHODS = (
    (
        "Results",
        "Nothing was analyzed again: verdicts, patterns and numbers are those of the result "
        "folders. summary.csv tells which recordings failed.",
    ),
    (
        "Table",
        "Rows and recordings belong together by path, file name, or name without its ending, "
        "one to one; anything else was refused. Cells were used as they stand.",
    ),
    (
        "Proportions",
        "95 % interval of Wilson. Where patients have several recordings, their number is "
        "divided by the design effect of Rao and Scott (at least 1); where all agree it cannot "
        "be estimated, and the number of patients is taken.",
    ),
    (
        "Inconclusive results",
        "Cannot say, not assessable, too little to say, indeterminate and failed are neither "
        "positive nor negative. They are shown left out, counted as negative, and in the worst "
        "case: as wrong, whatever the reference.",
    ),
    (
        "Likelihood ratios",
        "Interval of the logarithm; with an empty cell, half a recording is added to each cell.",
    ),
    (
        "Differences",
        "Median of all differences of pairs (Hodges-Lehmann), distribution-free interval "
        "(Moses), exact up to 50 values in a group. It takes both groups to have one shape.",
    ),
)

LIMITS = (
    "A verdict says what can be seen in a recording; it names no disease. The reference is "
    "what the table says, and was not checked.",
    "Absent means that no response was found under the conditions of the recording. Branches, "
    "muscles and sides that were not stimulated or recorded were not tested.",
    "How the recordings were chosen is not known. Sensitivity and specificity depend on it too: "
    "severe cases against healthy controls make both look better than in practice.",
    "Recordings of different laboratories, electrodes, anesthesia and currents may lie side by "
    "side here; amplitudes and burst rates compare only as far as these agree.",
    "Intervals tell chance alone, not how recordings were chosen or a wrong reference. With "
    "fewer than about ten patients those that are widened for patients are rough.",
)
