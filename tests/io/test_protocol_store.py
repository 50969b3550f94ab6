"""The laboratory's protocols: kept, found, replaced, deleted; broken ones are told of."""

from __future__ import annotations

from pathlib import Path

import pytest

from amr_viewer.core.anatomy import Branch, Side
from amr_viewer.core.protocol import Protocol
from amr_viewer.errors import ExportError, ParameterError
from amr_viewer.io.protocol_store import ProtocolStore, safe_file_name

LEFT = Protocol(site=Branch.ZYGOMATIC, side=Side.LEFT)


def test_the_folder_follows_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("AMR_VIEWER_CONFIG_DIR", str(tmp_path))
    assert ProtocolStore.of_person().protocols == tmp_path / "protocols"
    monkeypatch.delenv("AMR_VIEWER_CONFIG_DIR")
    assert ProtocolStore.of_person().folder.name == "amr-viewer"


def test_what_is_saved_is_listed_loaded_and_deleted(tmp_path: Path):
    store = ProtocolStore(tmp_path / "config")
    assert store.list() == ()
    stored = store.save(" Ward  3: left/right ", LEFT)
    assert stored.path == tmp_path / "config" / "protocols" / "Ward 3- left-right.toml"
    store.save("asleep", Protocol())
    assert [s.name for s in store.list()] == ["asleep", "Ward 3: left/right"]
    loaded = store.load("ward 3: LEFT/right")
    assert (loaded.name, loaded.site, loaded.side) == (
        "Ward 3: left/right", Branch.ZYGOMATIC, Side.LEFT,
    )  # fmt: skip
    store.delete("Ward 3: left/right")
    assert [s.name for s in store.list()] == ["asleep"]
    store.delete("Ward 3: left/right")
    with pytest.raises(ParameterError, match="no lab protocol of this name"):
        store.load("Ward 3: left/right")


def test_saving_again_updates_the_same_file_and_keeps_its_comments(tmp_path: Path):
    store = ProtocolStore(tmp_path)
    store.protocols.mkdir()
    path = store.protocols / "from a friend.toml"
    path.write_text('# ours\nname = "Theatre"\n', encoding="utf-8")
    stored = store.save("theatre", LEFT)
    assert stored.path == path
    assert path.read_text("utf-8").startswith("# ours\n")
    assert store.load("Theatre").site is Branch.ZYGOMATIC


def test_a_broken_file_is_told_of_and_not_overwritten(tmp_path: Path):
    store = ProtocolStore(tmp_path)
    store.save("good", LEFT)
    (store.protocols / "bad.toml").write_text("side = left", encoding="utf-8")
    bad, good = store.list()
    assert (good.name, good.fault) == ("good", "")
    assert (bad.name, bad.protocol) == ("bad", None)
    assert "bad.toml: is no valid TOML" in bad.fault
    with pytest.raises(ParameterError, match=r"bad\.toml"):
        store.load("bad")
    with pytest.raises(ExportError, match="not overwritten"):
        store.save("bad", LEFT)


def test_the_last_used_is_remembered_also_when_it_breaks(tmp_path: Path):
    store = ProtocolStore(tmp_path)
    assert store.last_used() is None
    stored = store.save("Ward", LEFT)
    store.remember(stored.path)
    last = store.last_used()
    assert last is not None
    assert (last.name, last.protocol and last.protocol.site) == ("Ward", Branch.ZYGOMATIC)
    stored.path.write_text("x = [", encoding="utf-8")
    broken = store.last_used()
    assert broken is not None
    assert broken.protocol is None
    assert "Ward.toml" in broken.fault
    store.remember(None)
    assert store.last_used() is None


def test_a_name_is_needed_and_a_folder_that_can_be_made(tmp_path: Path):
    with pytest.raises(ExportError, match="needs a name"):
        ProtocolStore(tmp_path).save("  ", LEFT)
    (tmp_path / "file").write_text("")
    with pytest.raises(ExportError, match="folder of the protocols"):
        ProtocolStore(tmp_path / "file").save("x", LEFT)


@pytest.mark.parametrize(
    ("name", "file"),
    [
        ("../../etc/passwd", "_-..-etc-passwd.toml"),
        (".hidden", "_hidden.toml"),
        ("com1", "_com1.toml"),
        ("Клиника №1", "Клиника №1.toml"),
        ("dots...", "dots.toml"),
        ("///", "-.toml"),
    ],
)
def test_names_are_safe_as_file_names(name: str, file: str):
    assert safe_file_name(name) == file


def test_long_names_stay_whole_letters():
    assert len(safe_file_name("ж" * 500).encode()) <= 125
    assert set(safe_file_name("ж" * 500).removesuffix(".toml")) == {"ж"}
