"""The command that makes a result again: exact, and harmless whatever a file is called."""

from __future__ import annotations

import json
import os
import shlex
import subprocess

import pytest

from amr_viewer.cli.options import chosen_protocol
from amr_viewer.core.parameters import Parameters
from amr_viewer.core.protocol import ChannelRule, MarkerRule, Protocol
from amr_viewer.core.result_command import command_for, protocol_words, quoted
from amr_viewer.core.result_key import ResultKey
from amr_viewer.errors import ParameterError

KEY = ResultKey("a1" * 32, "b2" * 32, "c3" * 32, "", True, "1.2.0-rc.1")
ON_POSIX = pytest.mark.skipif(os.name == "nt", reason="the command is for a POSIX shell")


def words(**options: object) -> list[str]:
    usual = {"protocol": None, "use_review": True, "free_running": True, "key": None}
    return shlex.split(command_for("/data/-x 'y\".edf", **(usual | options)))  # type: ignore[arg-type]


@ON_POSIX
def test_command_quotes_the_path_and_ends_with_it() -> None:
    assert words() == ["amr-viewer", "analyze", "--out", "again", "--", "/data/-x 'y\".edf"]


@ON_POSIX
def test_command_names_every_choice() -> None:
    stated = words(protocol=Protocol(), use_review=False, free_running=False, key=KEY)
    assert stated[2:8] == [
        "--protocol", "{}", "--ignore-review", "--no-free-running", "--expect", KEY.short,
    ]  # fmt: skip


def stated_again(protocol: Protocol) -> Protocol:
    """Return what the command line makes of a protocol that a command states."""
    given = protocol_words(protocol)
    pairs = list(zip(given[::2], given[1::2], strict=True))
    names = [v for option, v in pairs if option == "--protocol"]
    return chosen_protocol(names[0] if names else None, [v for o, v in pairs if o == "--set"])


RULES = {"[Ch] 'EMG*'\"$HOME": ChannelRule(unit="mV", negative_up=False), "EMG 1": ChannelRule()}


@pytest.mark.parametrize(
    "protocol",
    [
        Protocol(),
        Protocol(name="Лаборатория\n2", institution="=1+1", channels=RULES),
        Protocol(channels=dict(reversed(RULES.items()))),
        Protocol(markers={"St* 1": MarkerRule(intensity_ma=0.1 + 0.2, ignore=True)}),
        Protocol(
            trigger="TTL",
            parameters=Parameters().replaced(
                {"detection.window_end_ms": "23.100000000000001", "conditioning.mains_hz": "50"}
            ),
        ),
    ],
)
def test_command_states_the_protocol_exactly(protocol: Protocol) -> None:
    again = stated_again(protocol)
    assert again == protocol
    assert again.model_dump_json() == protocol.model_dump_json()


def test_every_parameter_survives_the_command() -> None:
    tried = 0
    for d in Parameters().describe():
        for value in (d.low, d.high, not d.value if isinstance(d.value, bool) else None):
            if value is None or value == d.default:
                continue
            try:
                changed = Parameters().replaced({f"{d.group}.{d.name}": str(value)})
            except ParameterError:  # limits of one depend on another
                continue
            tried += 1
            protocol = Protocol(parameters=changed)
            assert stated_again(protocol) == protocol
            assert protocol_words(protocol)[0] == "--set"
    assert tried > 50


def test_parameters_alone_need_no_text() -> None:
    protocol = Protocol(parameters=Parameters().replaced({"window_end_ms": "25"}))
    assert protocol_words(protocol) == ["--set", "detection.window_end_ms=25.0"]


def test_names_are_json_of_one_line() -> None:
    option, text = protocol_words(Protocol(name="Ж\n"))
    assert (option, json.loads(text)) == ("--protocol", {"name": "Ж\n"})
    assert text.isascii()
    assert text.isprintable()


NAMES = [
    b"plain.edf", b"it's a \"name\" $HOME `id` \\ !.edf", b"-v", b"two\nlines.edf", b"end\n\n",
    b"\xff\xfe 100%d \\n 'q'.edf", "Ж\u2028.edf".encode(), b"\t\r\x1b[31m", b"*?[a]~#&;|<>(){}",
    b"%s\xff\n",
]  # fmt: skip


@ON_POSIX
@pytest.mark.parametrize("name", NAMES)
def test_a_shell_takes_every_name(name: bytes) -> None:
    word = quoted(os.fsdecode(name))
    printed = ["sh", "-c", f'show() {{ printf %s. "$1"; }}; show {word}']
    assert subprocess.run(printed, capture_output=True, check=True).stdout == name + b"."
    word.encode()
    assert not word.startswith(("=", "+", "@"))


@ON_POSIX
def test_names_are_read_where_they_can_be() -> None:
    assert quoted("/data/Иванова 1.edf") == "'/data/Иванова 1.edf'"
