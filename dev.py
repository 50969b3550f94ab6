"""Set-up, demonstration and tests of AMR Viewer; needs nothing but Python 3.11 or later.

Usage: python3 dev.py demo | test | bench | samples | pictures
"""

from __future__ import annotations

import ctypes
import hashlib
import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
BIN = VENV / ("Scripts" if os.name == "nt" else "bin")
PYTHON = BIN / ("python.exe" if os.name == "nt" else "python")
HAS_WINDOW = (ROOT / "amr_viewer" / "gui").is_dir()

# What Qt opens at run time and a bare Debian lacks: library -> package.
QT_LIBRARIES = {
    "libGL.so.1": "libgl1",
    "libEGL.so.1": "libegl1",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libfreetype.so.6": "libfreetype6",
    "libfontconfig.so.1": "libfontconfig1",
    "libdbus-1.so.3": "libdbus-1-3",
}
QT_SCREEN_LIBRARIES = {
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-shape.so.0": "libxcb-shape0",
}

# Name of the picture in docs/, sample, view, appearance, size.
PICTURES = (
    ("sweeps", "hfs_left_preop", "sweeps", "light", "1440x900"),
    ("traces", "hfs_left_preop", "traces", "dark", "1440x900"),
    ("trend", "operation", "trend", "light", "1440x900"),
    ("patterns", "hfs_clonic_tonic", "patterns", "light", "1440x900"),
    ("report_view", "hfs_left_preop", "report", "light", "1440x900"),
)

# Threads of linear algebra that wait for each other cost more than they bring.
TEST_ENVIRONMENT = {
    "QT_QPA_PLATFORM": "offscreen",
    "MPLBACKEND": "agg",
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
}

MAKE_SAMPLES = """
from pathlib import Path
from amr_viewer.io.writers import write_edf
from amr_viewer.simulate import write_samples
write_samples(Path("sample_signals"), write=write_edf)
"""


MAKE_KEYS = """
from pathlib import Path
from tempfile import mkdtemp
from amr_viewer.gui.screenshot import without_screen
without_screen()
from amr_viewer.gui.app import make_app, make_window
from amr_viewer.gui.key_table import key_table
from amr_viewer.gui.settings import Settings
app = make_app()
window = make_window(Settings(Path(mkdtemp())))
window.show()
window.furnish()
Path("docs/keyboard.md").write_text(key_table(window.commands), "utf-8")
window.close()
"""


class StepError(Exception):
    """A step failed; the message is the last line that the user reads."""

    def __init__(self, message: str, status: int = 1) -> None:
        super().__init__(message)
        self.status = status


def run(*command: str | Path, title: str = "", **environment: str) -> None:
    """Print a command and run it in the project folder; a failing one ends the program."""
    words = [str(word) for word in command]
    title = title or shlex.join(words)
    print(f"==> {title}", flush=True)
    result = subprocess.run(words, cwd=ROOT, env={**os.environ, **environment}, check=False)
    if result.returncode:
        raise StepError(f"dev.py: {title} failed", result.returncode)


def has_screen() -> bool:
    """Whether a window could be shown."""
    if sys.platform.startswith("linux"):
        return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
    return True


def install_packages(packages: Sequence[str]) -> bool:
    """Install Debian packages; return False where that is not possible."""
    if not shutil.which("apt-get"):
        return False
    prefix: list[str] = []
    if os.geteuid() != 0:
        if (
            not shutil.which("sudo")
            or subprocess.run(["sudo", "-n", "true"], check=False).returncode
        ):
            return False
        prefix = ["sudo", "-n"]
    apt = [*prefix, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get"]
    try:
        run(*apt, "update", "-q")
        run(*apt, "install", "-q", "-y", "--no-install-recommends", *packages)
    except StepError:
        return False
    return True


def loads(library: str) -> bool:
    """Whether the system has a shared library."""
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def ensure_qt_libraries() -> None:
    """Install the system libraries that Qt needs and Linux lacks; say so where that fails."""
    if not sys.platform.startswith("linux"):
        return
    wanted = QT_LIBRARIES | (QT_SCREEN_LIBRARIES if has_screen() else {})
    missing = [package for library, package in wanted.items() if not loads(library)]
    if missing and not install_packages(missing):
        print(f"dev.py: the window lacks system libraries; install: {' '.join(missing)}")


def make_venv() -> None:
    """Make .venv, anew where it is broken."""
    if PYTHON.exists():
        probe = subprocess.run([PYTHON, "-m", "pip", "--version"], capture_output=True, check=False)
        if probe.returncode == 0:
            return
    if find_spec("ensurepip") is None:
        version = f"python{sys.version_info.major}.{sys.version_info.minor}-venv"
        if not install_packages([version]) and not install_packages(["python3-venv"]):
            raise StepError(
                f"dev.py: this Python cannot make environments; install {version} first"
            )
    run(sys.executable, "-m", "venv", "--clear", VENV)


def stamp(purpose: str) -> tuple[Path, str]:
    """Return the file that remembers an installation, and what it must say to be current."""
    facts = [(ROOT / "pyproject.toml").read_text("utf-8"), str(ROOT), sys.version, str(HAS_WINDOW)]
    return VENV / f".installed-{purpose}", hashlib.sha256("\0".join(facts).encode()).hexdigest()


def ensure_installed(purpose: str) -> None:
    """Make .venv hold the program (`demo`), or also what its tests need (`test`)."""
    if HAS_WINDOW:
        ensure_qt_libraries()
    path, current = stamp(purpose)
    if PYTHON.exists() and path.exists() and path.read_text("utf-8") == current:
        return
    make_venv()
    extras = "[formats,gui,parquet]" if HAS_WINDOW else "[formats,parquet]"
    pip = [PYTHON, "-m", "pip", "--disable-pip-version-check", "--no-input"]
    run(*pip, "install", "-q", "--upgrade", "pip>=25.1", title="pip install pip")
    groups = ["--group", "dev"] if purpose == "test" else []
    run(*pip, "install", "-q", "-e", f".{extras}", *groups, title=f"pip install for {purpose}")
    path.write_text(current, "utf-8")


def demo(arguments: list[str]) -> None:
    """Analyze a sample, write its report, and open the window if there is one and a screen."""
    ensure_installed("demo")
    run(PYTHON, "-m", "amr_viewer", "demo", *arguments, title="amr-viewer demo")


def test(arguments: list[str]) -> None:
    """Run every check, then the tests; the first failing step ends it."""
    ensure_installed("test")
    run(PYTHON, "-m", "ruff", "check", ".", title="ruff check")
    run(PYTHON, "-m", "ruff", "format", "--check", ".", title="ruff format --check")
    run(PYTHON, "-m", "mypy", title="mypy")
    run(BIN / "lint-imports", title="lint-imports")
    options = ["-q", "-n", "2", "--dist", "loadfile", "--benchmark-disable", *arguments]
    run(PYTHON, "-m", "pytest", *options, title="pytest", **TEST_ENVIRONMENT)


def bench(arguments: list[str]) -> None:
    """Run the benchmarks; takes some minutes and 1.5 GB of disk."""
    ensure_installed("test")
    run(PYTHON, "-m", "pytest", "-s", "tests/benchmarks", *arguments, title="benchmarks")


def samples(arguments: list[str]) -> None:
    """Make the sample recordings again from their seeds."""
    ensure_installed("demo")
    run(PYTHON, "-c", MAKE_SAMPLES, *arguments, title="make sample_signals")


def pictures(arguments: list[str]) -> None:
    """Make the pictures of the documents again, the window's views, and the table of keys."""
    ensure_installed("demo")
    run(PYTHON, "-c", MAKE_KEYS, title="make docs/keyboard.md")
    for name, sample, view, theme, size in PICTURES:
        recording = f"sample_signals/{sample}.edf"
        options = ["--view", view, "--theme", theme, "--size", size, *arguments]
        target = f"docs/{name}.png"
        run(PYTHON, "-m", "amr_viewer", "view", recording, "--screenshot", target, *options)


COMMANDS = {"demo": demo, "test": test, "bench": bench, "samples": samples, "pictures": pictures}


def main(arguments: list[str]) -> int:
    """Run one command; return its exit status."""
    if sys.version_info < (3, 11):
        print("dev.py: needs Python 3.11 or later", file=sys.stderr)
        return 2
    if not arguments or arguments[0] not in COMMANDS:
        print(__doc__, file=sys.stderr)
        return 2
    try:
        COMMANDS[arguments[0]](arguments[1:])
    except StepError as failure:
        print(failure, file=sys.stderr)
        return failure.status
    except KeyboardInterrupt:
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
