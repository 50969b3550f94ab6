"""`amr-viewer cohort` as a user types it: files, lines, exit status."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from amr_viewer.cli.app import app
from tests.cohort.builders import STUDY, TABLE, write_csv, write_tree


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """Return results of every kind."""
    return write_tree(tmp_path / "res", STUDY)


def run(*words: object) -> tuple[int, str, str]:
    """Run the command; return exit status and both streams."""
    result = CliRunner().invoke(app, ["cohort", *map(str, words)])
    return result.exit_code, result.stdout, result.stderr


def test_a_document_and_two_tables(tree: Path, tmp_path: Path) -> None:
    table = write_csv(tmp_path / "patients.csv", [*TABLE, ("ghost", "Ivan")], ";", "utf-16")
    code, out, err = run(
        tree, "--out", tmp_path / "o" / "c.html", "--table", table, "--reference", "dx",
        "--positive", "hfs_clonic", "--positive", "HFS_TONIC", "--group", "group", "--side",
        "side", "--key", "file", "--patient", "patient", "--language", "ru",
    )  # fmt: skip
    assert code == 0, err
    assert {p.name for p in (tmp_path / "o").iterdir()} == {
        "c.html", "cohort.csv", "agreement.csv",
    }  # fmt: skip
    assert "res: 9 recordings" in out
    assert "warning: Rows without a recording" in err
    assert "Ivan" not in out + err


def test_without_a_table(tree: Path, tmp_path: Path) -> None:
    code, out, _ = run(tree, "--out", tmp_path / "c.html")
    assert code == 0
    assert "present in 2/6" in out


@pytest.mark.parametrize(
    ("words", "code", "message"),
    [
        (("--out", "c.docx"), 2, "must end in .pdf or .html"),
        (("--out", "c.pdf", "--group", "x"), 2, "columns were stated without a table"),
        (("--out", "c.pdf", "--table", "nothing.csv"), 1, "cannot be read"),
    ],
)
def test_wrong_usage_and_failures(
    tree: Path, words: tuple[str, ...], code: int, message: str
) -> None:
    status, _, err = run(tree, *words)
    assert status == code
    assert message in " ".join(err.replace("│", " ").split())


def test_values_that_are_not_plain(tree: Path, tmp_path: Path) -> None:
    table = write_csv(tmp_path / "t.csv", TABLE)
    code, _, err = run(
        tree, "--out", tmp_path / "c.pdf", "--table", table, "--reference", "patient"
    )
    assert code == 1
    assert err.count("\n") == 1
    assert "--positive" in err
    assert not (tmp_path / "c.pdf").exists()


def test_an_empty_folder(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    code, _, err = run(tmp_path / "empty", "--out", tmp_path / "c.pdf")
    assert code == 1
    assert "holds no results" in err
