"""The words that stand in result tables, and what each of them means: Levels of BIDS columns."""

from __future__ import annotations

from amr_viewer.core.patterns import CONCLUSION_WORDS

STIMULUS = "stimulus"
RESPONSE = "response"
NO_RESPONSE = "no_response"
REJECTED = "rejected_sweep"
BURST = "burst"
SET_ASIDE = "burst_set_aside"

TRIAL_TYPES = {
    STIMULUS: "An electrical stimulus, at the beginning of its artefact.",
    RESPONSE: "A response of a channel to a stimulus, from its onset to its end; at the stimulus "
    "and of unknown duration where no onset was measured.",
    NO_RESPONSE: "A channel without a response to a stimulus; at the stimulus.",
    REJECTED: "A channel whose sweep after a stimulus cannot be judged; at the stimulus.",
    BURST: "A burst of free-running EMG in a channel.",
    SET_ASIDE: "A burst that counts for nothing; the column set_aside says why.",
}

SITES = {
    "temporal": "Temporal branch of the facial nerve.",
    "zygomatic": "Zygomatic branch of the facial nerve.",
    "buccal": "Buccal branch of the facial nerve.",
    "mandibular": "Marginal mandibular branch of the facial nerve.",
    "cervical": "Cervical branch of the facial nerve.",
    "trunk": "Trunk of the facial nerve.",
    "supraorbital": "Supraorbital nerve.",
}

SIDES = {"left": "Left side of the patient.", "right": "Right side of the patient."}

ROLES = {
    "direct": "The muscle is supplied by the stimulated branch: an M response is expected.",
    "lateral": "The muscle is supplied by another branch on the stimulated side: a response there "
    "is an abnormal muscle response (lateral spread).",
    "contralateral": "The muscle lies on the other side of the face.",
    "other": "Anything else, also an unknown muscle or branch.",
}

STATES = {
    "present": "A response was found.",
    "absent": "No response was found.",
    "rejected": "The sweep cannot be judged.",
}

VERDICTS = {
    "present": "Responses recur, time-locked, above chance.",
    "absent": "No responses above chance, and they would have been seen.",
    "indeterminate": "Neither can be said.",
    "not_assessable": "The channel is not judged for this, or holds too few valid sweeps.",
}

SOURCES = {"auto": "Found by the program.", "manual": "Decided or corrected by a person."}

BOOLEANS = {"true": "Yes.", "false": "No."}

BURST_KINDS = {
    "clonic": "Short burst, as of a twitch.",
    "tonic": "Sustained burst.",
    "other": "Neither.",
}

CONFIDENCES = {
    "high": "Well supported.",
    "moderate": "Supported.",
    "low": "Weakly supported.",
}

BLOCK_STATES = {
    "present": "Responses as in the baseline block.",
    "reduced": "Responses, smaller than in the baseline block.",
    "absent": "No responses.",
    "cannot_say": "The block does not allow to tell.",
}

CONCLUSIONS = {c.value: f"{words[0].upper()}{words[1:]}." for c, words in CONCLUSION_WORDS.items()}

AMR = {
    "present": "An abnormal muscle response is present in a channel at least.",
    "absent": "None is present where it could be judged.",
    "indeterminate": "Neither can be said.",
    "not_assessable": "No channel could be judged.",
    "no_stimuli": "The recording holds no stimuli.",
}

LABELS = {
    "AMR": "Abnormal muscle response (lateral spread).",
    "M response": "Direct response of a muscle of the stimulated branch.",
    "late response": "Late response of a muscle of the stimulated branch.",
    "reflex": "Reflex response.",
}

CHANGES = {
    "vanished": "Responses were there and are no more.",
    "reduced": "Responses are smaller than they were.",
    "reappeared": "Responses are there again.",
}

PATTERN_SIDES = {**SIDES, "both": "Both sides together."}
