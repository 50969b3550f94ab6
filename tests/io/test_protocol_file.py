"""Protocol files: what they may say, and what is said of those that are wrong."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from amr_viewer.core.anatomy import Branch, Muscle, Side
from amr_viewer.core.parameters import Parameters
from amr_viewer.core.protocol import ChannelRule, MarkerRule, Protocol
from amr_viewer.core.recording import ChannelKind
from amr_viewer.errors import ExportError, ParameterError
from amr_viewer.io.protocol_file import load_protocol, save_protocol
from amr_viewer.io.protocol_text import updated

EXAMPLE = """
name = "leg"
institution = "Клиника"
trigger = "TTL*"
site = "zygomatic"
side = "left"

[channels."EMG 1"]
muscle = "mentalis"
side = "none"
kind = "emg"
unit = "mV"
negative_up = false

[channels."*"]
muscle = "none"

[markers.Hreflex]
[markers."S  2"]
ignore = true
[markers."S  3"]
site = "mandibular"
intensity_ma = 6.5
width_ms = 0.2

[parameters.detection]
window_start_ms = 25
window_end_ms = 60.0
"""


def write(folder: Path, text: str, encoding: str = "utf-8") -> Path:
    path = folder / "lab.toml"
    path.write_bytes(text.encode(encoding))
    return path


def test_all_that_a_protocol_may_say(tmp_path: Path):
    protocol = load_protocol(write(tmp_path, EXAMPLE))
    assert (protocol.name, protocol.institution, protocol.trigger) == ("leg", "Клиника", "TTL*")
    assert (protocol.site, protocol.side) == (Branch.ZYGOMATIC, Side.LEFT)
    assert protocol.channel_rule("emg 1") == ChannelRule(
        muscle=Muscle.MENTALIS, side="none", kind=ChannelKind.EMG, unit="mV", negative_up=False
    )
    assert protocol.channel_rule("else") == ChannelRule(muscle="none")
    assert protocol.marker_rule("HREFLEX") == MarkerRule()
    assert protocol.marker_rule("S  2") == MarkerRule(ignore=True)
    third = MarkerRule(site=Branch.MANDIBULAR, intensity_ma=6.5, width_ms=0.2)
    assert protocol.marker_rule("s  3") == third
    assert protocol.marker_rule("S  4") is None
    assert protocol.parameters.detection.window_start_ms == 25.0


def test_an_empty_file_is_the_default(tmp_path: Path):
    assert load_protocol(write(tmp_path, "")) == Protocol()


def test_a_byte_order_mark_is_no_fault(tmp_path: Path):
    assert load_protocol(write(tmp_path, 'side = "left"', "utf-8-sig")).side is Side.LEFT


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("sde = 'left'", ["sde", "unknown name", "did you mean side?", "institution"]),
        ("site = 'zygomatc'", ["site", "did you mean zygomatic?", "'buccal'", "zygomatc"]),
        ("side = 'links'", ["side", "'left'", "'right'", "links"]),
        ("[channels.'L Men']\nmucle = 'x'", ['channels."L Men".mucle', "did you mean muscle?"]),
        ("[channels.a]\nmuscle = 'mentlis'", ["channels.a.muscle", "mean mentalis?", "'none'"]),
        ("[channels.a]\nunit = 'MV'", ["channels.a.unit", "'mV'", "'MV'"]),
        ("[channels.a]\nkind = 'ecg'", ["channels.a.kind", "'trigger'"]),
        ("[channels.a]\nnegative_up = 'maybe'", ["channels.a.negative_up", "maybe"]),
        ("[channels]\na = 'mentalis'", ["channels.a", "mentalis"]),
        ("channels = 3", ["channels", "3"]),
        ("[markers.a]\nintensity_ma = 500", ["markers.a.intensity_ma", "200", "500"]),
        ("[markers.a]\nsiet = 'buccal'", ["markers.a.siet", "did you mean site?"]),
        ("[parameters.detecton]\nx = 1", ["parameters.detecton", "did you mean detection?"]),
        ("[parameters.detection]\nwindow_end = 3", ["did you mean window_end_ms?"]),
        ("[parameters.detection]\nwindow_end_ms = 1e9", ["detection.window_end_ms", "1000"]),
        ("[parameters.detection]\nwindow_end_ms = 'x'", ["window_end_ms", "number", "'x'"]),
        ("[parameters.detection]\nwindow_end_ms = inf", ["window_end_ms", "finite"]),
        ("side = left", ["TOML", "line 1", "quotes"]),
        ("side = 'left'\nside = 'right'", ["TOML"]),
        ("[channels\n", ["TOML"]),
    ],
)
def test_faults_are_named_in_one_line(tmp_path: Path, text: str, words: list[str]):
    with pytest.raises(ParameterError) as caught:
        load_protocol(write(tmp_path, text))
    said = str(caught.value)
    assert said.startswith("lab.toml: ")
    assert "\n" not in said
    for word in words:
        assert word in said


def test_two_faults_are_both_named(tmp_path: Path):
    with pytest.raises(ParameterError, match=r"side.*; nam: "):
        load_protocol(write(tmp_path, "side = 'x'\nnam = 'y'"))


def test_files_that_cannot_be_read(tmp_path: Path):
    with pytest.raises(ParameterError, match=r"gone\.toml: .*cannot be read"):
        load_protocol(tmp_path / "gone.toml")
    with pytest.raises(ParameterError, match=r"lab\.toml: is not UTF-8"):
        load_protocol(write(tmp_path, "name = 'Клиника'", "cp1251"))


names = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
sides = st.sampled_from(list(Side))
sites = st.none() | st.sampled_from(list(Branch))
channel_rules = st.builds(
    ChannelRule,
    muscle=st.none() | st.just("none") | st.sampled_from(list(Muscle)),
    side=st.none() | st.just("none") | sides,
    kind=st.none() | st.sampled_from(list(ChannelKind)),
    unit=st.sampled_from([None, "V", "mV", "uV", "nV"]),
    negative_up=st.none() | st.booleans(),
)
marker_rules = st.builds(
    MarkerRule,
    site=sites,
    side=st.none() | sides,
    intensity_ma=st.none() | st.floats(0.0, 200.0),
    width_ms=st.none() | st.floats(0.001, 10.0),
    ignore=st.booleans(),
)
parameters = st.builds(
    lambda end, merge: Parameters().replaced(
        {"detection.window_end_ms": repr(end), "stimuli.merge_ms": repr(merge)}
    ),
    st.floats(20.0, 100.0),
    st.floats(0.0, 50.0),
)
protocols = st.builds(
    Protocol,
    name=names,
    institution=names,
    trigger=st.none() | names,
    site=sites,
    side=st.none() | sides,
    channels=st.dictionaries(names, channel_rules, max_size=3),
    markers=st.dictionaries(names, marker_rules, max_size=3),
    parameters=parameters,
)


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(protocol=protocols)
def test_what_is_saved_is_what_is_loaded(tmp_path: Path, protocol: Protocol):
    path = tmp_path / "lab.toml"
    save_protocol(protocol, path)
    loaded = load_protocol(path)
    assert loaded == protocol
    assert list(loaded.channels) == list(protocol.channels)
    assert list(loaded.markers) == list(protocol.markers)
    assert [p.name for p in tmp_path.iterdir()] == ["lab.toml"]


WRITTEN = """# Protocol of the ward
name = "ward"  # as on the door
# markers do not say
side = "left"

# electrodes since May
[channels."Fac 1"]
muscle = "mentalis"  # needle
side = "left"

[channels."Fac *"]
side = "left"

# the search
[parameters.detection]
window_end_ms = 25.0  # late ones
"""


def test_an_update_keeps_comments_and_order(tmp_path: Path):
    path = write(tmp_path, WRITTEN)
    protocol = load_protocol(path)
    new = ChannelRule(muscle=Muscle.NASALIS)
    channels = {
        "Fac 1": ChannelRule(muscle=Muscle.FRONTALIS, side=Side.LEFT),
        "Fac 2": new,
        "Fac *": ChannelRule(side=Side.RIGHT),
    }
    wanted = protocol.model_copy(update={"channels": channels, "site": Branch.BUCCAL})
    save_protocol(wanted, path)
    assert load_protocol(path) == wanted
    text = path.read_text("utf-8")
    assert text.startswith("# Protocol of the ward\n")
    assert 'name = "ward"  # as on the door\n# markers do not say\nside = "left"\n' in text
    assert '# electrodes since May\n[channels."Fac 1"]\nmuscle = "frontalis"  # needle\n' in text
    order = [text.index(h) for h in ("Fac 1", "Fac 2", "Fac *", "# the search", "window_end_ms")]
    assert order == sorted(order)
    assert "window_end_ms = 25.0  # late ones\n" in text


def test_saving_the_same_changes_no_byte(tmp_path: Path):
    path = write(tmp_path, WRITTEN)
    save_protocol(load_protocol(path), path)
    assert path.read_text("utf-8") == WRITTEN


def test_rules_that_are_gone_leave_the_file_and_order_follows(tmp_path: Path):
    path = write(tmp_path, WRITTEN)
    protocol = load_protocol(path)
    channels = {"Fac *": protocol.channels["Fac *"], "Fac 1": protocol.channels["Fac 1"]}
    save_protocol(protocol.model_copy(update={"channels": channels}), path)
    assert list(load_protocol(path).channels) == ["Fac *", "Fac 1"]
    assert "# electrodes since May\n" in path.read_text("utf-8")
    save_protocol(Protocol(), path)
    assert load_protocol(path) == Protocol()
    assert "# Protocol of the ward" in path.read_text("utf-8")


@settings(
    max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(former=protocols, protocol=protocols)
def test_an_updated_file_says_what_a_new_one_says(
    tmp_path: Path, former: Protocol, protocol: Protocol
):
    path = tmp_path / "lab.toml"
    path.unlink(missing_ok=True)
    save_protocol(former, path)
    text = path.read_text("utf-8")
    assert Protocol.model_validate(tomllib.loads(updated(text, protocol))) == protocol
    save_protocol(protocol, path)
    assert load_protocol(path) == protocol
    assert list(load_protocol(path).channels) == list(protocol.channels)


@pytest.mark.parametrize(
    "text",
    [
        'channels = {a = {muscle = "mentalis"}, "b*" = {side = "left"}}\n',
        '[channels]\na.muscle = "mentalis"\n"b*".side = "left"\n',
        '[channels.a]\nmuscle="mentalis"\n[markers.x]\n[channels."b*"]\nside = "left"',
    ],
)
def test_files_written_in_other_ways_are_updated(tmp_path: Path, text: str):
    path = write(tmp_path, text)
    protocol = load_protocol(path)
    channels = {"a1": ChannelRule(muscle="none"), **protocol.channels}
    wanted = protocol.model_copy(update={"channels": channels, "side": Side.RIGHT})
    save_protocol(wanted, path)
    assert load_protocol(path) == wanted
    assert list(load_protocol(path).channels) == ["a1", "a", "b*"]


@pytest.mark.parametrize("text", ["side = left", "sde = 'left'"])
def test_a_file_that_is_no_protocol_is_not_overwritten(tmp_path: Path, text: str):
    path = write(tmp_path, text)
    with pytest.raises(ExportError, match=r"lab\.toml: .*not overwritten"):
        save_protocol(Protocol(), path)
    assert path.read_text("utf-8") == text


def test_only_changes_are_written_each_with_unit_and_help(tmp_path: Path):
    path = tmp_path / "lab.toml"
    changed = Parameters().replaced({"window_end_ms": "25"})
    save_protocol(Protocol(parameters=changed, side=Side.LEFT), path)
    lines = path.read_text(encoding="utf-8").splitlines()
    assert "[parameters.detection]" in lines
    [line] = [x for x in lines if x.startswith("window_end_ms")]
    assert line.startswith("window_end_ms = 25.0 # ms; ")
    assert "Default: 20.0" in line
    assert not any("window_start_ms" in x for x in lines)


def test_a_protocol_is_written_whole_or_not_at_all(tmp_path: Path):
    taken = tmp_path / "lab.toml"
    taken.mkdir()
    with pytest.raises(ExportError, match=r"lab\.toml: .*cannot be written"):
        save_protocol(Protocol(), taken)
    assert [p.name for p in tmp_path.iterdir()] == ["lab.toml"]
    with pytest.raises(ExportError, match="cannot be written"):
        save_protocol(Protocol(), tmp_path / "gone" / "lab.toml")
