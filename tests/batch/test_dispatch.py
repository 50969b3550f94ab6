"""Who does what next, with workers that are played: what dies, what hangs, what is not fit."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from amr_viewer import __version__
from amr_viewer.batch import dispatch as module
from amr_viewer.batch.dispatch import Dispatch, Proof
from amr_viewer.batch.faults import BatchError
from amr_viewer.batch.job import Job
from amr_viewer.batch.steering import Steering
from amr_viewer.batch.work import Ending, Introduction, Outcome, check, introduce

PROOF = Proof(Path("token"), Path("sample"), 1)
FIT = Introduction(1, __version__, sees_output=True, sees_recordings=True)


class Played:
    """A future of a played crew: done at once, or never."""

    def __init__(self, key: str, answer: Any, *, is_done: bool) -> None:
        self.key = key
        self.answer = answer
        self.is_done = is_done

    def add_done_callback(self, call: Callable[[Played], None]) -> None:
        if self.is_done:
            call(self)


class PlayedCrew:
    """Workers that do as they are told; a recording may kill or hang the worker that has it."""

    def __init__(self, *, n_workers: int = 1, is_local: bool = True) -> None:
        self.is_local = is_local
        self.introduction = FIT
        self.is_reachable = True
        self.deadly: set[str] = set()
        self.hanging: set[str] = set()
        self.current: set[str] = set()
        self.killed: list[int] = []
        self.cancelled: list[str] = []
        self.done: list[tuple[str, ...]] = []
        self._workers = {f"w{i}" for i in range(n_workers)}
        self._n_born = n_workers
        self._flying: dict[str, str] = {}
        self._n = 0

    def present(self) -> frozenset[str]:
        return frozenset(self._workers)

    def is_connected(self) -> bool:
        return self.is_reachable

    def submit(self, work: Any, *what: Any, to: str) -> Played:
        self._n += 1
        key = f"k{self._n}"
        if work is introduce:
            return Played(key, self.introduction, is_done=True)
        name = what[0].name
        self._flying[key] = name
        self.done.append(tuple(sorted({*self._flying.values()})))
        if name in self.deadly:
            self._workers.discard(to)
            self._workers.add(f"w{self._n_born}")
            self._n_born += 1
            return Played(key, None, is_done=False)
        ending = Ending.ANALYZED
        if work is check:
            ending = Ending.KEPT if name in self.current else Ending.DUE
        return Played(key, Outcome(ending, text=name), is_done=name not in self.hanging)

    def result(self, future: Played) -> Any:
        self._flying.pop(future.key, None)
        if isinstance(future.answer, Exception):
            raise future.answer
        return future.answer

    def cancel(self, futures: list[Played]) -> None:
        for future in futures:
            self._flying.pop(future.key, None)
            self.cancelled.append(future.key)

    def know(self, pid: int) -> None:
        pass

    def kill(self, pid: int) -> None:
        self.killed.append(pid)


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "WAKE_S", 0.001)
    monkeypatch.setattr(module, "LOOK_EVERY_S", 0.0)


def job(name: str) -> Job:
    return Job(name, Path(name), Path("out") / name, None, use_review=True, free_running=True)


def run(
    crew: PlayedCrew,
    names: str,
    *,
    to_check: str = "",
    steering: Steering | None = None,
    timeout_s: float | None = None,
) -> dict[str, Outcome]:
    sent = Dispatch(crew, steering or Steering(), PROOF, timeout_s)  # type: ignore[arg-type]
    finished = list(sent.outcomes(map(job, to_check), map(job, names)))
    assert len({j.name for j, _ in finished}) == len(finished)
    return {j.name: outcome for j, outcome in finished}


def test_every_recording_is_done_once_and_one_per_worker() -> None:
    crew = PlayedCrew(n_workers=3)
    assert list(run(crew, "abcdef")) == list("abcdef")
    assert max(map(len, crew.done)) <= 3


def test_kept_ones_come_first_and_those_due_are_analyzed() -> None:
    crew = PlayedCrew()
    crew.current = {"a", "c"}
    outcomes = run(crew, "x", to_check="abc")
    assert [(n, o.ending) for n, o in outcomes.items()] == [
        ("a", Ending.KEPT), ("c", Ending.KEPT), ("x", Ending.ANALYZED), ("b", Ending.ANALYZED),
    ]  # fmt: skip


@pytest.mark.parametrize("n_workers", [1, 3])
def test_only_the_recording_that_kills_is_blamed(n_workers: int) -> None:
    crew = PlayedCrew(n_workers=n_workers)
    crew.deadly = {"b", "e"}
    outcomes = run(crew, "abcdef")
    failed = {n for n, o in outcomes.items() if o.ending is Ending.FAILED}
    assert failed == {"b", "e"}
    assert "killed 2 times" in outcomes["b"].text
    assert crew.done[-2:] == [("b",), ("e",)]


def test_a_worker_killed_once_costs_nothing() -> None:
    crew = PlayedCrew(n_workers=2)
    crew.deadly = {"b"}
    sent = Dispatch(crew, Steering(), PROOF)  # type: ignore[arg-type]
    endings = {}
    for finished, outcome in sent.outcomes([], map(job, "abcd")):
        endings[finished.name] = outcome.ending
        if len(endings) == 3:
            crew.deadly = set()
    assert endings == dict.fromkeys("abcd", Ending.ANALYZED)


def test_what_takes_too_long_is_given_up() -> None:
    crew = PlayedCrew()
    crew.hanging = {"b"}
    outcomes = run(crew, "abc", timeout_s=0.01)
    assert [n for n, o in outcomes.items() if o.ending is Ending.FAILED] == ["b"]
    assert "--timeout" in outcomes["b"].text
    assert crew.killed == [1]


def test_a_foreign_worker_that_hangs_gets_nothing_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "NOBODY_S", 0.01)
    crew = PlayedCrew(is_local=False)
    crew.hanging = {"b"}
    with pytest.raises(BatchError, match="no workers"):
        run(crew, "abc", timeout_s=0.01)
    assert crew.killed == []


def test_nobody_there_is_no_endless_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "NOBODY_S", 0.01)
    with pytest.raises(BatchError, match="has no workers"):
        run(PlayedCrew(n_workers=0), "a")


@pytest.mark.parametrize(
    ("introduction", "fault"),
    [
        (Introduction(1, "0.0.0", sees_output=True, sees_recordings=True), "0.0.0"),
        (Introduction(1, __version__, sees_output=False, sees_recordings=True), "cannot see"),
        (Introduction(1, __version__, sees_output=True, sees_recordings=False), "cannot see"),
        (ModuleNotFoundError("No module named 'amr_viewer'"), "cannot run AMR Viewer"),
    ],
)
def test_workers_that_are_not_fit_get_no_recording(introduction: Any, fault: str) -> None:
    crew = PlayedCrew()
    crew.introduction = introduction
    with pytest.raises(BatchError, match=fault):
        run(crew, "a")
    assert crew.done == []


def test_a_scheduler_that_is_gone_ends_the_batch() -> None:
    crew = PlayedCrew()
    crew.is_reachable = False
    with pytest.raises(BatchError, match="no longer answers"):
        run(crew, "a")


def test_a_full_disk_ends_the_batch_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    crew = PlayedCrew()
    lost = Outcome(Ending.OUTPUT_LOST, text="a: cannot be written (No space left on device)")
    monkeypatch.setattr(crew, "result", lambda f: lost if f.key != "k1" else FIT)
    with pytest.raises(BatchError, match=r"No space left.*--resume"):
        run(crew, "ab")
    assert crew.done == [("a",)]


def test_stop_ends_at_once_and_lets_go_of_what_runs() -> None:
    crew, steering = PlayedCrew(n_workers=2), Steering()
    crew.hanging = {"b"}
    sent = Dispatch(crew, steering, PROOF)  # type: ignore[arg-type]
    names = []
    for finished, _ in sent.outcomes([], map(job, "abcd")):
        names.append(finished.name)
        if len(names) == 3:
            assert steering.running == ("b",)
            steering.stop()
    assert names == ["a", "c", "d"]
    assert len(crew.cancelled) == 1
    assert steering.running == ()


def test_nothing_is_begun_in_a_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    crew, steering = PlayedCrew(), Steering()
    looks = []

    def present() -> frozenset[str]:
        looks.append(len(crew.done))
        if len(looks) == 6:
            steering.go_on()
        return frozenset({"w0"})

    monkeypatch.setattr(crew, "present", present)
    steering.pause()
    assert list(run(crew, "ab", steering=steering)) == ["a", "b"]
    assert looks[:6] == [0] * 6
