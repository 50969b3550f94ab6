"""An analysis: the recording's facts, what was found, and what it rests on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from amr_viewer.core.bursts import Bursts, no_bursts
from amr_viewer.core.evidence import RunEvidence
from amr_viewer.core.findings import Finding
from amr_viewer.core.pattern_words import headline as pattern_headline
from amr_viewer.core.patterns import Conclusion, PatternFinding
from amr_viewer.core.protocol import Protocol
from amr_viewer.core.recording import Recording
from amr_viewer.core.responses import Responses
from amr_viewer.core.result_key import ResultKey
from amr_viewer.core.review import Review
from amr_viewer.core.stimuli import Stimuli
from amr_viewer.core.trend import Trend


@dataclass(frozen=True, slots=True, eq=False)
class Analysis:
    """Everything that the results files and the report are made of.

    Attributes
    ----------
    recording : Recording
        As understood under `protocol`; its samples stay in the file.
    protocol : Protocol
    stimuli : Stimuli
    responses : Responses
    findings : tuple of Finding
    amr : str
        ``present | absent | indeterminate | not_assessable | no_stimuli`` over the recording.
    headline : str
        The answer in one sentence.
    warnings : tuple of str
        Those of reading, of the stimuli and of the analysis, in this order, without repetition.
    versions : mapping of str to str
        Program and libraries.
    evidence : tuple of RunEvidence
        One per run and channel: what the sweeps' states and the verdicts rest on.
    review : Review or None
        What a person decided, where it is in the values above.
    trends : tuple of Trend
        One per finding that has stimuli: its course over the recording, in blocks.
    bursts : Bursts
        Of the free-running EMG; empty, with a reason, where there is none.
    patterns : tuple of PatternFinding
        Both sides together first, then each side; empty where no bursts were looked for.
    automatic : Analysis or None
        The analysis without the review; None where no review was applied.
    key : ResultKey or None
        What it was made from and how; None where a person may have decided anything since.
    command : str
        Makes the result of `key` again; empty where there is none.
    """

    recording: Recording
    protocol: Protocol
    stimuli: Stimuli
    responses: Responses
    findings: tuple[Finding, ...]
    amr: str
    headline: str
    warnings: tuple[str, ...] = ()
    versions: Mapping[str, str] = field(default_factory=dict)
    evidence: tuple[RunEvidence, ...] = ()
    review: Review | None = None
    trends: tuple[Trend, ...] = ()
    bursts: Bursts = field(default_factory=no_bursts)
    patterns: tuple[PatternFinding, ...] = ()
    automatic: Analysis | None = None
    key: ResultKey | None = None
    command: str = ""

    @property
    def answer(self) -> str:
        """The headline, with the pattern where free-running EMG says something of it."""
        if not self.patterns or self.patterns[0].conclusion is Conclusion.INSUFFICIENT:
            return self.headline
        pattern = f"{pattern_headline(self.patterns[0])}."
        order = (self.headline, pattern) if len(self.stimuli) else (pattern, self.headline)
        return " ".join(order)
