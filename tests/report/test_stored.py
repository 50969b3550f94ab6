"""Results read back: whole ones give the row they were written with, others are refused."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from amr_viewer import workflow
from amr_viewer.errors import ReadError
from amr_viewer.report.results import sealed, summary_row, write_results, write_summary
from amr_viewer.report.stored import find_stored, read_stored

SAMPLES = Path(__file__).parents[2] / "sample_signals"


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, object]]:
    folder = tmp_path_factory.mktemp("out") / "sub" / "intermittent_weak.edf"
    analysis = workflow.analyze_file(SAMPLES / "intermittent_weak.edf")
    write_results(analysis, folder)
    return folder, summary_row(analysis, "sub/intermittent_weak.edf")


@pytest.fixture
def copied(written: tuple[Path, dict[str, object]], tmp_path: Path) -> Path:
    folder = tmp_path / "intermittent_weak.edf"
    folder.mkdir()
    for file in written[0].iterdir():
        (folder / file.name).write_bytes(file.read_bytes())
    return folder


def test_row_read_back_gives_the_same_bytes(
    written: tuple[Path, dict[str, object]], tmp_path: Path
) -> None:
    folder, fresh = written
    stored = read_stored(folder)
    row = {**stored.row, "recording": fresh["recording"], "command": fresh["command"]}
    write_summary([fresh], tmp_path / "fresh.csv")
    write_summary([row], tmp_path / "stored.csv")
    assert (tmp_path / "fresh.csv").read_bytes() == (tmp_path / "stored.csv").read_bytes()


def test_key_is_that_of_the_recording(written: tuple[Path, dict[str, object]]) -> None:
    expected = workflow.expected_key(SAMPLES / "intermittent_weak.edf")
    assert read_stored(written[0]).key == expected
    evoked = workflow.expected_key(SAMPLES / "intermittent_weak.edf", free_running=False)
    assert evoked != expected


def test_results_hold_no_place(written: tuple[Path, dict[str, object]]) -> None:
    text = (written[0] / "analysis.json").read_text("utf-8")
    assert str(SAMPLES.parent) not in text
    assert str(SAMPLES) in str(written[1]["command"])


@pytest.mark.parametrize("name", ["responses.csv", "findings.csv", "changes.csv", "bursts.csv"])
def test_a_table_that_is_gone(copied: Path, name: str) -> None:
    (copied / name).unlink()
    with pytest.raises(ReadError, match=rf"{name} cannot be read .* analyze the recording again"):
        read_stored(copied)


def test_a_table_that_was_cut(copied: Path) -> None:
    table = copied / "responses.csv"
    table.write_bytes(table.read_bytes()[:-10])
    with pytest.raises(ReadError, match=r"responses\.csv was changed"):
        read_stored(copied)


@pytest.mark.parametrize("keep", [0, 100, -5])
def test_truncated_analysis(copied: Path, keep: int) -> None:
    path = copied / "analysis.json"
    path.write_bytes(path.read_bytes()[:keep])
    with pytest.raises(ReadError, match=r"analysis\.json is damaged"):
        read_stored(copied)


def test_no_analysis(tmp_path: Path) -> None:
    with pytest.raises(ReadError, match=r"analysis\.json cannot be read"):
        read_stored(tmp_path)


@pytest.mark.parametrize("version", [99, None, "1"])
def test_newer_or_foreign_schema(copied: Path, version: object) -> None:
    path = copied / "analysis.json"
    values = json.loads(path.read_text("utf-8")) | {"schema_version": version}
    path.write_text(json.dumps(values), "utf-8")
    with pytest.raises(ReadError, match="newer version"):
        read_stored(copied)


@pytest.mark.parametrize("cell", [[1], {"a": 1}, 10**400, 1e300])
def test_impossible_cell(copied: Path, cell: object) -> None:
    path = copied / "analysis.json"
    values = json.loads(path.read_text("utf-8"))
    values["summary"]["n_stimuli"] = cell
    del values["content_sha256"]
    path.write_bytes(sealed(values))
    with pytest.raises(ReadError, match="holds no possible n_stimuli"):
        read_stored(copied)


@pytest.mark.parametrize(
    ("was", "now"), [(b'"present"', b'"absent"'), (b'"amr"', b'"amz"'), (b"0", b"1")]
)
def test_changed_analysis(copied: Path, was: bytes, now: bytes) -> None:
    path = copied / "analysis.json"
    changed = path.read_bytes().replace(was, now, 1)
    assert changed != path.read_bytes()
    path.write_bytes(changed)
    with pytest.raises(ReadError, match=r"analysis\.json was changed; analyze the recording again"):
        read_stored(copied)


@pytest.mark.parametrize("text", ["[" * 100_000, "[]", "null", "\udcff".encode("utf-8", "replace")])
def test_foreign_json(copied: Path, text: str | bytes) -> None:
    data = text if isinstance(text, bytes) else text.encode()
    (copied / "analysis.json").write_bytes(data)
    with pytest.raises(ReadError, match=r"analysis\.json is damaged"):
        read_stored(copied)


@pytest.mark.parametrize("name", ["", "a\0b", "../../x", "analysis.json"])
def test_impossible_names_of_tables(copied: Path, name: str) -> None:
    path = copied / "analysis.json"
    values = json.loads(path.read_text("utf-8"))
    values["files"] = {name: "00"}
    path.write_text(json.dumps(values), "utf-8")
    with pytest.raises(ReadError, match="analyze the recording again"):
        read_stored(copied)


def test_older_result_has_no_key(copied: Path) -> None:
    path = copied / "analysis.json"
    values = json.loads(path.read_text("utf-8"))
    for name in ("key", "summary", "files"):
        del values[name]
    path.write_text(json.dumps(values), "utf-8")
    stored = read_stored(copied)
    assert stored.key is None
    assert stored.row["amr"] is None


def test_results_in_a_tree(tmp_path: Path) -> None:
    for name in ("b/x.edf", "a.edf", ".a.edf.partial-12345678", "c"):
        (tmp_path / name).mkdir(parents=True)
        if name != "c":
            (tmp_path / name / "analysis.json").write_text("{}")
    found = [p.relative_to(tmp_path).as_posix() for p in find_stored(tmp_path)]
    assert found == ["a.edf", "b/x.edf"]
