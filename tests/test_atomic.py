"""Files and folders that are whole or absent, whenever a process is killed."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
from pathlib import Path

import pytest

from amr_viewer.atomic import remove_leftovers, whole_file, whole_folder, write_durably
from amr_viewer.errors import ExportError

ON_POSIX = pytest.mark.skipif(os.name == "nt", reason="names and signals of POSIX")
NAMES = [b"a.edf", b"n" * 255, b"\xff\xfe" * 127, "Ж".encode() * 127, b"two\nlines", b".hidden"]


def content(folder: Path) -> dict[str, str]:
    files = (p for p in folder.rglob("*") if p.is_file())
    return {p.relative_to(folder).as_posix(): p.read_text() for p in files}


@ON_POSIX
@pytest.mark.parametrize("name", NAMES)
def test_every_name_can_be_written_and_replaced(tmp_path: Path, name: bytes) -> None:
    path = tmp_path / os.fsdecode(name)
    for word in ("old", "new"):
        with whole_folder(path) as folder:
            (folder / "x").write_text(word)
            assert len(os.fsencode(folder.name)) <= 255
    assert [(p.name, content(p)) for p in tmp_path.iterdir()] == [(path.name, {"x": "new"})]
    other = tmp_path / "files"
    other.mkdir()
    file = other / path.name
    with whole_file(file) as temporary:
        temporary.write_text("1")
    write_durably(file, b"2")
    assert [p.read_text() for p in other.iterdir()] == ["2"]


KILLED = """
import os, signal, sys
from pathlib import Path
from amr_viewer import atomic

at, path = int(sys.argv[1]), Path(os.fsdecode(bytes.fromhex(sys.argv[2])))
steps = iter(range(99))

def killed_at(verb):
    def step(*words, **options):
        if next(steps) == at:
            os.kill(os.getpid(), signal.SIGKILL)
        return verb(*words, **options)
    return step

Path.rename = killed_at(Path.rename)
Path.mkdir = killed_at(Path.mkdir)
os.unlink, os.rmdir = killed_at(os.unlink), killed_at(os.rmdir)
with atomic.whole_folder(path) as folder:
    for name in ("a", "b"):
        killed_at(lambda: (folder / name).write_text("new"))()
"""


@ON_POSIX
@pytest.mark.parametrize("name", [b"r.edf", b"n" * 240])
@pytest.mark.parametrize("is_new", [True, False])
def test_killed_at_any_step_it_is_whole_or_absent(
    tmp_path: Path, name: bytes, is_new: bool
) -> None:
    ends, seen = 0, set()
    for at in range(14):
        out = tmp_path / str(at)
        path = out / os.fsdecode(name)
        out.mkdir()
        if not is_new:
            with whole_folder(path) as folder:
                for part in ("a", "b"):
                    (folder / part).write_text("old")
        words = [sys.executable, "-c", KILLED, str(at), os.fsencode(path).hex()]
        ends += subprocess.run(words, check=False).returncode == 0
        left = [p for p in out.iterdir() if p != path]
        assert all(p.name.startswith(".") for p in left)
        assert remove_leftovers(out) == len(left)
        assert {p.name for p in out.iterdir()} <= {path.name}
        if path.exists():
            assert content(path) in ({"a": "old", "b": "old"}, {"a": "new", "b": "new"})
        seen.add(path.exists() and content(path)["a"])
        # An earlier result is lost only where its name was too long to be kept.
        assert is_new or path.exists() or len(name) > 220
        if ends:
            break
    assert ends == 1
    assert "new" in seen
    assert is_new or "old" in seen


def test_an_interruption_between_two_steps_keeps_the_old(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, rename = tmp_path / "r", Path.rename
    with whole_folder(path) as folder:
        (folder / "x").write_text("old")

    def interrupted(self: Path, target: Path) -> Path:
        if ".partial-" in self.name:
            raise KeyboardInterrupt
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", interrupted)
    with pytest.raises(KeyboardInterrupt), whole_folder(path) as folder:
        (folder / "x").write_text("new")
    assert content(tmp_path) == {"r/x": "old"}
    assert [p.name for p in tmp_path.iterdir()] == ["r"]


def test_only_what_is_surely_ours_is_removed(tmp_path: Path) -> None:
    foreign = [
        ".a.partial-123", ".partial-12345678", ".a.former-1234567g", "a.partial-12345678",
        ".git/.a.partial-12345678", "sub/.keep", "held/.a.partial-12345678",
    ]  # fmt: skip
    ours = [".a.partial-12345678", "sub/.b.former-0123abcd", "sub/deep/.c.partial-0123abcd"]
    for name in (*foreign, *ours):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("x")
    assert remove_leftovers(tmp_path, apart_from=tmp_path / "held") == len(ours)
    assert set(content(tmp_path)) == set(foreign)


@ON_POSIX
def test_links_are_not_followed(tmp_path: Path) -> None:
    other, out = tmp_path / "other", tmp_path / "out"
    for folder in (other, out):
        folder.mkdir()
    (other / ".a.partial-12345678").write_text("x")
    (out / "link").symlink_to(other)
    (out / ".b.partial-12345678").symlink_to(other)
    assert remove_leftovers(out) == 1
    assert [p.name for p in out.iterdir()] == ["link"]
    assert len(list(other.iterdir())) == 1


@pytest.mark.parametrize("verb", [whole_file, whole_folder])
def test_a_full_disk_names_the_remedy(tmp_path: Path, verb) -> None:
    said = r"r: cannot be written .*make room on the disk.*--out"
    with pytest.raises(ExportError, match=said), verb(tmp_path / "r"):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    assert list(tmp_path.iterdir()) == []
