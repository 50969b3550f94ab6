"""Documents say what the code says, and point only to what a reader can look up."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from amr_viewer.core.anatomy import SUPPLY, Branch
from amr_viewer.core.parameters import ParameterDescription, Parameters

ROOT = Path(__file__).resolve().parents[1]
CRITERIA = (ROOT / "docs" / "criteria.md").read_text("utf-8")
DESCRIBED = {f"{d.group}.{d.name}": d for d in Parameters().describe()}

UNSEEN = re.compile(
    r"AMR spec|clinical spec|\bspecification \d"
    r"|\b(amr|patterns|pitfalls|house|contract|experience)\.md\b"
    r"|\bpitfalls\b|\bissues? #?\d|\bshared/(clinical|design|recordings)|\.\./shared",
    re.IGNORECASE,
)
"""Working papers and places that a reader of the project cannot see."""

TEXT = {".py", ".md", ".toml", ".html", ".typ", ".txt", ".cfg", ".yml", ".yaml", ".json", ""}


def row(name: str, told: ParameterDescription) -> str:
    """Return the line of the table in docs/criteria.md 10 that describes a parameter."""

    def shown(value: object) -> str:
        return f"{value:g}" if isinstance(value, float) else str(value)

    limits, unit = "auto, 50, 60, off (Hz)", ""
    if told.low is not None:
        limits, unit = f"{shown(told.low)} to {shown(told.high)}", told.unit
    default = f"{shown(told.default)} {unit}".strip()
    return f"| `{name}` | {default} | {limits} | {told.help} | {told.source} |"


def project_texts() -> list[Path]:
    """Return the text files of the project, as far as they are not ignored."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    try:
        listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
        paths = [ROOT / line for line in listed.stdout.splitlines()]
    except (OSError, subprocess.CalledProcessError):
        folders = ("amr_viewer", "tests", "docs", "sample_signals")
        paths = [*ROOT.glob("*"), *(p for f in folders for p in (ROOT / f).rglob("*"))]
    return [p for p in paths if p.suffix in TEXT and p.is_file()]


@pytest.mark.parametrize("name", DESCRIBED)
def test_the_criteria_list_every_parameter_as_it_is(name: str) -> None:
    assert row(name, DESCRIBED[name]) in CRITERIA.splitlines()


def test_the_criteria_list_no_other_parameter() -> None:
    assert set(re.findall(r"^\| `([a-z]+\.[a-z_]+)` \|", CRITERIA, re.MULTILINE)) == set(DESCRIBED)


@pytest.mark.parametrize("name", DESCRIBED)
def test_every_parameter_says_what_it_does_and_what_it_rests_on(name: str) -> None:
    told = DESCRIBED[name]
    assert told.help.endswith(".")
    assert re.search(r"default of this program|docs/criteria\.md \d|\b(19|20)\d\d\b", told.source)
    if told.name.endswith(("_ms", "_hz", "_uv")):
        assert told.unit == {"ms": "ms", "hz": "Hz", "uv": "uV"}[told.name.rsplit("_", 1)[1]]


def test_the_criteria_show_the_supply_of_every_muscle() -> None:
    table = CRITERIA.split("| supplied by |\n|---|---|\n")[1].split("\n\n")[0]
    supplied: dict[str, set[Branch]] = {}
    for line in table.splitlines():
        muscles, branches = line.strip("| ").split(" | ")
        named = {Branch(b) for b in branches.split(", ")} if "none" not in branches else set()
        supplied |= dict.fromkeys(muscles.split(", "), named)
    assert supplied == {m.title: set(branches) for m, branches in SUPPLY.items()}


def test_sections_that_sources_name_exist() -> None:
    sections = set(re.findall(r"^## (\d+)\.", CRITERIA, re.MULTILINE))
    named = {
        n for p in project_texts() for n in re.findall(r"criteria\.md (\d+)", p.read_text("utf-8"))
    }
    assert len(named) > 5
    assert named <= sections


def test_every_paper_that_is_cited_is_listed() -> None:
    body, literature = CRITERIA.split("## 13. Literature")
    listed = set(re.findall(r"\*\*\[(\w+)\]\*\*", literature))
    cited = {
        key for group in re.findall(r"\[([A-Z]\w*(?:, \w+)*)\]", body) for key in group.split(", ")
    }
    assert cited == listed


def test_nothing_points_to_what_a_reader_cannot_see() -> None:
    own = Path(__file__).resolve()
    found = [
        f"{path.relative_to(ROOT)}: {line.strip()}"
        for path in project_texts()
        if path != own and path.name != "conftest.py"
        for line in path.read_text("utf-8", errors="replace").splitlines()
        if UNSEEN.search(line) and "shared_recordings" not in line
    ]
    assert found == []
