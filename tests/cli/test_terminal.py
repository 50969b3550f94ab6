"""How a fault is said, and what it does to the exit status."""

from __future__ import annotations

from pathlib import Path

import pytest
import typer

from amr_viewer.cli.terminal import Failures, fault_of, printable, progress_bar, set_debug
from amr_viewer.core.progress import silent
from amr_viewer.errors import ReadError

PATH = Path("folder") / "x.edf"


def line_of(error: Exception, capsys: pytest.CaptureFixture[str]) -> str:
    failures = Failures()
    with failures.of(PATH) as caught:
        raise error
    assert caught == [error]
    assert failures.count == 1
    streams = capsys.readouterr()
    assert streams.out == ""
    return streams.err


def test_a_failure_is_one_line_with_file_fault_and_remedy(
    capsys: pytest.CaptureFixture[str],
) -> None:
    line = line_of(ReadError("x.edf: the header\nis cut; export it again"), capsys)
    assert line == f"amr-viewer: {PATH}: the header is cut; export it again\n"


def test_a_fault_of_the_system_gets_a_remedy(capsys: pytest.CaptureFixture[str]) -> None:
    line = line_of(PermissionError(13, "Permission denied"), capsys)
    assert line == (
        f"amr-viewer: {PATH}: Permission denied; check that the file is there and may be read\n"
    )
    assert "memory; close other programs" in fault_of(MemoryError())


def test_an_unexpected_fault_is_one_line_unless_debugging(
    capsys: pytest.CaptureFixture[str],
) -> None:
    line = line_of(ValueError("odd"), capsys)
    assert line.count("\n") == 1
    assert "unexpected fault (ValueError: odd); please report it" in line
    set_debug(True)
    try:
        assert "Traceback" in line_of(ValueError("odd"), capsys)
    finally:
        set_debug(False)


def test_the_status_is_1_after_a_failure_and_nothing_happens_without() -> None:
    failures = Failures()
    failures.close()
    with failures.of(PATH):
        raise ReadError("x.edf: bad; good")
    with pytest.raises(typer.Exit) as stop:
        failures.close()
    assert stop.value.exit_code == 1


@pytest.mark.parametrize("error", [KeyboardInterrupt(), typer.Exit(3), typer.BadParameter("x")])
def test_a_wish_to_stop_is_no_failure(error: BaseException) -> None:
    failures = Failures()
    with pytest.raises(type(error)), failures.of(PATH):
        raise error
    assert failures.count == 0


def test_texts_cannot_steer_the_terminal() -> None:
    assert printable("a\x1b[31mb\r\nc") == "a [31mb  c"
    assert printable("R OOc µV Лицо") == "R OOc µV Лицо"


def test_no_progress_is_drawn_into_a_file() -> None:
    with progress_bar("x.edf") as progress:
        assert progress is silent
