"""AMR Viewer: detects and shows the abnormal muscle response in facial EMG.

The names below are the public Python interface. They are loaded when they are first used, so that
importing the package costs next to nothing.

Examples
--------
>>> from amr_viewer import analyze, read_recording  # doctest: +SKIP
>>> analysis = analyze(read_recording("patient.edf"))  # doctest: +SKIP
>>> analysis.headline  # doctest: +SKIP
>>> analysis.responses.to_dataframe()  # doctest: +SKIP
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from amr_viewer._version import __version__

if TYPE_CHECKING:
    from amr_viewer.analysis.reviewing import reviewed
    from amr_viewer.batch import analyze_folder, plan_folder
    from amr_viewer.cohort import read_cohort, write_cohort_report
    from amr_viewer.core.analysis import Analysis
    from amr_viewer.core.parameters import Parameters
    from amr_viewer.core.protocol import Protocol
    from amr_viewer.core.recording import Recording
    from amr_viewer.core.review import Review
    from amr_viewer.errors import AmrViewerError
    from amr_viewer.io import read_recording
    from amr_viewer.io.protocol_file import load_protocol
    from amr_viewer.io.review_file import load_review, save_review
    from amr_viewer.report.bids import write_derivatives
    from amr_viewer.report.document import write_report
    from amr_viewer.report.results import write_results
    from amr_viewer.visits import compare_visits
    from amr_viewer.workflow import analyze, analyze_file, export_edf, report_sweeps, site_sweeps

__all__ = [
    "AmrViewerError",
    "Analysis",
    "Parameters",
    "Protocol",
    "Recording",
    "Review",
    "__version__",
    "analyze",
    "analyze_file",
    "analyze_folder",
    "compare_visits",
    "export_edf",
    "load_protocol",
    "load_review",
    "plan_folder",
    "read_cohort",
    "read_recording",
    "report_sweeps",
    "reviewed",
    "save_review",
    "site_sweeps",
    "write_cohort_report",
    "write_derivatives",
    "write_report",
    "write_results",
]

_HOMES = {
    "AmrViewerError": "errors",
    "Analysis": "core.analysis",
    "Parameters": "core.parameters",
    "Protocol": "core.protocol",
    "Recording": "core.recording",
    "Review": "core.review",
    "analyze": "workflow",
    "analyze_file": "workflow",
    "analyze_folder": "batch",
    "compare_visits": "visits",
    "export_edf": "workflow",
    "load_protocol": "io.protocol_file",
    "load_review": "io.review_file",
    "plan_folder": "batch",
    "read_cohort": "cohort",
    "read_recording": "io",
    "report_sweeps": "workflow",
    "reviewed": "analysis.reviewing",
    "save_review": "io.review_file",
    "site_sweeps": "workflow",
    "write_cohort_report": "cohort",
    "write_derivatives": "report.bids",
    "write_report": "report.document",
    "write_results": "report.results",
}


def __getattr__(name: str) -> Any:
    """Load a public name when it is first asked for."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    """List the public names, also those not loaded yet."""
    return sorted({*globals(), *__all__})
