"""Whole batches on real workers: what they write, and what survives kills."""

from __future__ import annotations

import csv
import os
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from pathlib import Path

import psutil
import pytest

from amr_viewer import analyze_folder, plan_folder
from amr_viewer.batch import BatchError, Steering
from amr_viewer.core.batch import Action, BatchItem, ItemState
from amr_viewer.core.protocol import Protocol
from amr_viewer.report.results import write_results, write_summary
from amr_viewer.workflow import analyze_file
from tests.batch.conftest import tree

Folder = Callable[..., Path]
PROGRAM = [sys.executable, "-m", "amr_viewer"]
MOMENT_S = 0.002
posix = pytest.mark.skipif(os.name != "posix", reason="signals as POSIX has them")


@pytest.fixture(autouse=True)
def own_temporary_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder for what is left about; must be empty after each batch that ended by itself."""
    place = tmp_path / "temporary"
    place.mkdir()
    monkeypatch.setenv("TMPDIR", str(place))
    monkeypatch.setattr("tempfile.tempdir", str(place))
    return place


def workers() -> list[psutil.Process]:
    found = []
    for process in psutil.Process().children(recursive=True):
        with suppress(psutil.Error):
            if "amr_viewer.batch.worker" in process.cmdline():
                found.append(process)
    return found


def kill_worker_of(name: str, n_times: int, steering: Steering, done: threading.Event) -> None:
    """Kill the only worker each time that it begins with a recording."""
    for _ in range(n_times):
        while steering.running != (name,) and not done.wait(MOMENT_S):
            pass
        for worker in workers():
            worker.kill()
        while steering.running == (name,) and not done.wait(MOMENT_S):
            pass


def rows(out: Path) -> dict[str, dict[str, str]]:
    with (out / "summary.csv").open(newline="", encoding="utf-8") as file:
        return {row["recording"]: row for row in csv.DictReader(file)}


def states(items: Iterator[BatchItem]) -> dict[str, ItemState]:
    return {item.name: item.state for item in items}


def test_a_batch_writes_what_analyze_writes_and_keeps_what_is_current(
    folder: Folder, tmp_path: Path, own_temporary_folder: Path
) -> None:
    place = folder("a.edf", "sub/a.edf", "sub/notes.txt")
    (place / "sub" / "notes.txt").write_text("nothing\n")
    (place / "bad.edf").write_bytes(bytes(300))
    out, by_hand = tmp_path / "out", tmp_path / "by_hand"
    items = list(analyze_folder(place, out, jobs=2))
    assert {i.name: i.state.value for i in items} == {
        "a.edf": "analyzed", "bad.edf": "failed", "sub/a.edf": "analyzed",
    }  # fmt: skip
    assert [(i.n_finished, i.n_total) for i in items] == [(1, 3), (2, 3), (3, 3)]
    assert not workers()
    assert tree(own_temporary_folder) == {}
    by_name = {i.name: i for i in items}
    assert by_name["bad.edf"].error.startswith("bad.edf: ")
    assert by_name["a.edf"].answer == analyze_file(place / "a.edf").answer
    for name in ("a.edf", "sub/a.edf"):
        write_results(analyze_file(place / name), by_hand / name)
    write_summary([by_name[name].row for name in sorted(by_name)], by_hand / "summary.csv")
    first = tree(out)
    assert first == tree(by_hand)

    (place / "bad.edf").unlink()
    shutil.copy(place / "a.edf", place / "new.edf")
    (place / "sub" / "a.edf").write_bytes((place / "a.edf").read_bytes() + b"\0")
    plan = plan_folder(place, out, resume=True)
    assert [(r.name, r.action, r.reason) for r in plan.recordings] == [
        ("a.edf", Action.KEEP, "the result is current"),
        ("new.edf", Action.ANALYZE, "no result yet"),
        ("sub/a.edf", Action.ANALYZE, "the recording has changed"),
    ]
    assert tree(out) == first
    resumed = list(analyze_folder(place, out, jobs=1, resume=True, parquet=True))
    assert [(i.name, i.state.value) for i in resumed] == [
        ("a.edf", "kept"), ("new.edf", "analyzed"), ("sub/a.edf", "analyzed"),
    ]  # fmt: skip
    assert resumed[0].row["command"] == by_name["a.edf"].row["command"]
    assert resumed[0].answer == by_name["a.edf"].answer
    fresh = tmp_path / "fresh"
    assert len(list(analyze_folder(place, fresh, jobs=1, parquet=True))) == 3
    assert tree(out) == tree(fresh)


def test_reasons_to_analyze_again(folder: Folder, tmp_path: Path) -> None:
    place, out = folder("a.edf", "gone.edf"), tmp_path / "out"
    for name in ("a.edf", "gone.edf"):
        write_results(analyze_file(place / name), out / name)
    (place / "gone.edf").unlink()
    before = tree(out)

    def reason(**how: bool) -> str:
        return plan_folder(place, out, **{"resume": True, **how}).recordings[0].reason

    assert reason() == "the result is current"
    assert reason(resume=False) == "its result will be replaced"
    assert "free-running" in reason(free_running=False)
    assert plan_folder(place, out, Protocol(), resume=True).recordings[0].action is Action.KEEP
    assert plan_folder(place, out).vanished == ("gone.edf",)
    assert tree(out) == before
    (out / "a.edf" / "findings.csv").write_text("changed")
    assert "not whole" in reason()


def test_a_killed_worker_costs_its_recording_one_more_try(
    folder: Folder, tmp_path: Path, long_edf: Path
) -> None:
    place = folder("a.edf", "c.edf")
    shutil.copy(long_edf, place / "b.edf")
    out = tmp_path / "out"
    for n_kills, state in ((1, ItemState.ANALYZED), (2, ItemState.FAILED)):
        steering, done = Steering(), threading.Event()
        what = "b.edf", n_kills, steering, done
        killer = threading.Thread(target=kill_worker_of, args=what)
        killer.start()
        items = states(analyze_folder(place, out, jobs=1, steering=steering))
        done.set()
        killer.join()
        analyzed = dict.fromkeys(("a.edf", "c.edf"), ItemState.ANALYZED)
        assert items == {**analyzed, "b.edf": state}
        assert list(items)[-1] == "b.edf"
    assert "killed 2 times" in rows(out)["b.edf"]["error"]
    assert not [name for name in tree(out) if name.startswith(".")]


def test_stopping_and_leaving_end_the_batch(folder: Folder, tmp_path: Path) -> None:
    place, out = folder(*(f"{i}.edf" for i in range(8))), tmp_path / "out"
    steering = Steering()
    items = []
    for item in analyze_folder(place, out, jobs=1, steering=steering):
        items.append(item)
        if len(items) == 2:
            steering.stop()
    assert len(items) == 2
    assert sorted(rows(out)) == ["0.edf", "1.edf"]
    with closing(analyze_folder(place, out, jobs=1, resume=True)) as batch:  # type: ignore[type-var]
        assert [next(batch).state for _ in range(3)] == ["kept", "kept", "analyzed"]
        with pytest.raises(BatchError, match="another batch"):
            next(analyze_folder(place, out))
    assert not workers()
    assert len(rows(out)) == 3
    assert not [name for name in tree(out) if name.startswith(".")]


def test_only_some_are_done_again_and_the_others_keep_their_rows(
    folder: Folder, tmp_path: Path
) -> None:
    place, out = folder("a.edf", "b.edf"), tmp_path / "out"
    good = (place / "b.edf").read_bytes()
    for name in ("b.edf", "c.edf"):
        (place / name).write_bytes(bytes(300))
    assert states(analyze_folder(place, out, jobs=1))["b.edf"] is ItemState.FAILED
    before = rows(out)
    (place / "b.edf").write_bytes(good)
    only = states(analyze_folder(place, out, jobs=1, only=["b.edf", "absent.edf"]))
    assert only == {"b.edf": ItemState.ANALYZED, "absent.edf": ItemState.FAILED}
    after = rows(out)
    assert {n: after[n] for n in ("a.edf", "c.edf")} == {n: before[n] for n in ("a.edf", "c.edf")}
    assert after["b.edf"]["error"] == ""


def test_folders_without_a_recording_are_refused(tmp_path: Path) -> None:
    (tmp_path / "recordings").mkdir()
    for folder in ("recordings", "absent"):
        with pytest.raises(BatchError, match=r"holds no recording|does not exist"):
            analyze_folder(tmp_path / folder, tmp_path / "out")
    assert not (tmp_path / "out").exists()


@posix
def test_a_batch_that_is_killed_ends_like_one_that_is_not(
    folder: Folder, tmp_path: Path, own_temporary_folder: Path
) -> None:
    place = folder(*(f"{i}.edf" for i in range(12)))
    (place / "bad.edf").write_bytes(bytes(300))
    out, whole = tmp_path / "out", tmp_path / "whole"
    for n_lines in (1, 4):
        words = ["batch", place, "--out", out, "--resume", "--jobs", "2"]
        run = subprocess.Popen(
            [*PROGRAM, *words], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
            start_new_session=True,
        )  # fmt: skip
        assert run.stdout is not None
        for _ in range(n_lines):
            assert run.stdout.readline()
        os.killpg(run.pid, signal.SIGKILL)
        run.stdout.close()
        run.wait()
    leftover = out / ".11.edf.partial-0123abcd"
    leftover.mkdir()
    resumed = states(analyze_folder(place, out, jobs=2, resume=True))
    assert {"analyzed", "kept", "failed"} == set(resumed.values())
    assert len(list(analyze_folder(place, whole, jobs=2))) == 13
    assert tree(out) == tree(whole)
    assert tree(own_temporary_folder) == {}


@posix
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_it_in_order(
    folder: Folder, tmp_path: Path, own_temporary_folder: Path, number: signal.Signals
) -> None:
    place, out = folder(*(f"{i:02d}.edf" for i in range(40))), tmp_path / "out"
    run = subprocess.Popen(
        [*PROGRAM, "batch", place, "--out", out, "--jobs", "2"],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True,
    )  # fmt: skip
    assert run.stdout is not None
    lines = [run.stdout.readline() for _ in range(2)]
    os.killpg(run.pid, number)
    assert run.stderr is not None
    with run.stdout, run.stderr:
        rest, errors = run.stdout.read(), run.stderr.read()
    run.wait()
    assert run.returncode == 130
    assert errors.count("\n") == 1
    assert "--resume" in errors
    assert len(rows(out)) == len(lines + rest.splitlines()) < 40
    assert not [name for name in tree(out) if name.startswith(".")]
    assert {name.split("/")[0] for name in tree(out)} >= set(rows(out))
    assert tree(own_temporary_folder) == {}
    with pytest.raises(ProcessLookupError):
        os.killpg(run.pid, 0)


def test_a_script_needs_no_guard_no_input_and_no_main_thread(
    folder: Folder, tmp_path: Path
) -> None:
    script = tmp_path / "script.py"
    script.write_text(
        "import sys, threading\n"
        "from amr_viewer import analyze_folder\n"
        "def work():\n"
        f"    for item in analyze_folder({str(folder('a.edf'))!r}, {str(tmp_path / 'o')!r}):\n"
        "        print(item.name, item.state)\n"
        "thread = threading.Thread(target=work); thread.start(); thread.join()\n"
    )
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    run = subprocess.run(
        [sys.executable, "-W", "error", script], env=environment, cwd=tmp_path, check=True,
        capture_output=True, text=True, close_fds=True, preexec_fn=lambda: os.close(0),
    )  # fmt: skip
    assert run.stdout == "a.edf analyzed\n"
    assert run.stderr == ""
    assert sorted(p.name for p in tmp_path.iterdir()) == ["o", "recordings", "script.py",
                                                          "temporary"]  # fmt: skip
