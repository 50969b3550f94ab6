"""The architecture, as far as a machine can see it."""

from __future__ import annotations

import ast
import pkgutil
import subprocess
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest

import amr_viewer

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "amr_viewer"
PROGRAM = [*PACKAGE.rglob("*.py"), ROOT / "dev.py"]
SOURCES = [*PROGRAM, *(ROOT / "tests").rglob("*.py")]
HEAVY = ("PySide6", "pyqtgraph", "mne", "neo", "scipy.signal", "matplotlib", "pandas")
PROJECT_TEXTS = (".py", ".md", ".toml", ".typ", ".html", ".css", ".json", ".txt", ".yml")
FOREIGN_FOLDERS = {".git", ".venv", "demo-output", "__pycache__", "dist", "build", ".hypothesis"}
FOREIGN_FOLDERS |= {".mypy_cache", ".ruff_cache", ".pytest_cache", ".import_linter_cache"}

MOST_LINES_OF_A_FILE = 500
MOST_LINES_OF_A_FUNCTION = 60


def modules() -> list[str]:
    """Names of all modules of the package, without the one that runs on import."""
    found = pkgutil.walk_packages(amr_viewer.__path__, "amr_viewer.")
    return sorted(m.name for m in found if not m.name.endswith("__main__"))


def project_texts() -> Iterator[Path]:
    """Text files that belong to the project."""
    for path in ROOT.rglob("*"):
        parts = set(path.relative_to(ROOT).parts)
        if path.suffix in PROJECT_TEXTS and not parts & FOREIGN_FOLDERS:
            yield path


def loaded_after(statement: str) -> set[str]:
    """Modules that a fresh interpreter holds after a statement."""
    code = f"import sys; {statement}; print(*sys.modules, sep='\\n')"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return set(run.stdout.split())


def test_import_contracts_hold() -> None:
    linter = [Path(sys.executable).with_name("lint-imports"), "--no-cache"]
    run = subprocess.run(linter, cwd=ROOT, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout


@pytest.mark.parametrize(
    "statement",
    [
        "import amr_viewer",
        "import amr_viewer.cli",
        "from amr_viewer import Protocol, Recording, read_recording",
    ],
)
def test_light_imports_load_nothing_heavy(statement: str) -> None:
    loaded = loaded_after(statement)
    assert not [name for name in HEAVY if name in loaded]


@pytest.mark.parametrize("name", modules())
def test_every_module_can_be_imported(name: str) -> None:
    module = import_module(name)
    assert module.__doc__, f"{name} has no docstring"


def test_headless_modules_load_no_window_toolkit() -> None:
    headless = [n for n in modules() if not n.startswith("amr_viewer.gui")]
    loaded = loaded_after(f"import {', '.join(headless)}")
    assert not loaded & {"PySide6", "pyqtgraph"}


def test_public_names_are_sorted_and_all_can_be_loaded() -> None:
    assert amr_viewer.__all__ == sorted(amr_viewer.__all__)
    assert set(amr_viewer.__all__) - {"__version__"} == set(amr_viewer._HOMES)
    for name in amr_viewer.__all__:
        assert getattr(amr_viewer, name) is not None
        assert name in dir(amr_viewer)


def test_an_unknown_public_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no attribute 'nonsense'"):
        _ = amr_viewer.nonsense


@pytest.mark.parametrize("path", sorted(SOURCES), ids=lambda p: p.relative_to(ROOT).as_posix())
def test_files_stay_small(path: Path) -> None:
    assert len(path.read_text("utf-8").splitlines()) <= MOST_LINES_OF_A_FILE


@pytest.mark.parametrize("path", sorted(PROGRAM), ids=lambda p: p.relative_to(ROOT).as_posix())
def test_functions_of_the_program_stay_small(path: Path) -> None:
    text = path.read_text("utf-8")
    functions = [
        node
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    ]
    long = [f.name for f in functions if _body_lines(f) > MOST_LINES_OF_A_FUNCTION]
    assert long == []


def _body_lines(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Lines of a function without its docstring."""
    first = function.body[0]
    is_text = isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant)
    docstring = (first.end_lineno or 0) - first.lineno + 1 if is_text else 0
    return (function.end_lineno or 0) - function.lineno + 1 - docstring


def test_no_file_names_a_place_on_some_machine() -> None:
    places = tuple("/" + folder + "/" for folder in ("work", "root", "home", "Users"))
    found = [
        (path.relative_to(ROOT).as_posix(), place)
        for path in project_texts()
        for place in places
        if place in path.read_text("utf-8")
    ]
    assert found == []


def test_no_text_claims_a_diagnosis() -> None:
    claim = "diagnostic of"
    shown = [path for path in project_texts() if "tests" not in path.relative_to(ROOT).parts]
    assert shown
    assert [p.name for p in shown if claim in p.read_text("utf-8").lower()] == []


def test_only_the_commands_print() -> None:
    printing = [
        path.relative_to(ROOT).as_posix()
        for path in PACKAGE.rglob("*.py")
        if "cli" not in path.relative_to(PACKAGE).parts
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == "print"
    ]
    assert printing == []


def test_only_io_imports_the_readers_of_foreign_formats() -> None:
    importing = [
        path.relative_to(ROOT).as_posix()
        for path in PACKAGE.rglob("*.py")
        if path.relative_to(PACKAGE).parts[0] != "io"
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        for name in _imported(node)
        if name.split(".")[0] in {"mne", "neo", "wfdb"}
    ]
    assert importing == []


def _imported(node: ast.AST) -> list[str]:
    """Names of the modules that a statement imports."""
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom):
        return [node.module or ""]
    return []
