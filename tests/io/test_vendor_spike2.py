"""Spike2: channels, rates, units, pauses, events and damage; files are made byte by byte."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from amr_viewer.core.recording import Recording
from amr_viewer.errors import ReadError, UnsupportedFormatError
from amr_viewer.io.spike2 import read_spike2, recognizes_spike2

pytest.importorskip("neo")

TICK_S = 1e-5
N_CHANNELS = 8
HEADER_BYTES = 512 + 140 * N_CHANNELS


@dataclass
class Blocks:
    """A channel: blocks of (tick of the first item, items as bytes, number of items)."""

    title: bytes
    kind: int
    blocks: list[tuple[int, bytes, int]]
    divide: int = 1
    unit: bytes = b"mV"
    scale: float = 1.0
    offset: float = 0.0
    extra: int = 0


def wave(title: bytes, starts: list[int], pieces: list[np.ndarray], **options: object) -> Blocks:
    """A waveform channel of 16 bits."""
    blocks = [(t, p.astype("<i2").tobytes(), len(p)) for t, p in zip(starts, pieces, strict=True)]
    return Blocks(title, 1, blocks, **options)  # type: ignore[arg-type]


def events(title: bytes, ticks: list[int], kind: int = 3) -> Blocks:
    """An event channel."""
    return Blocks(title, kind, [(ticks[0], struct.pack(f"<{len(ticks)}i", *ticks), len(ticks))])


def pascal(text: bytes, width: int) -> bytes:
    return (bytes([len(text)]) + text).ljust(width, b"\0")


def write(path: Path, channels: list[Blocks]) -> Path:
    """Write a file of the 32-bit format, version 3, ticks of 10 us."""
    head = bytearray(HEADER_BYTES)
    struct.pack_into("<h10s8shhhihhhhhid", head, 0, 3, b"(C) CED 87", b"TEST", 10, 1, 1,
                     HEADER_BYTES, N_CHANNELS, 0, 0, 0, 0, 10**6, 1e-6)  # fmt: skip
    struct.pack_into("<6BH", head, 52, 25, 5, 4, 3, 2, 1, 2020)
    body = b""
    for number, channel in enumerate(channels):
        positions = []
        for _, data, _ in channel.blocks:
            positions.append(HEADER_BYTES + len(body))
            body += bytes(20) + data
        at = 512 + 140 * number
        struct.pack_into("<hiiihh", head, at, 0, -1, positions[0], positions[-1],
                         len(positions), channel.extra)  # fmt: skip
        head[at + 26 : at + 28] = b"\0\0"
        struct.pack_into("<ii", head, at + 100, 0, 0)
        head[at + 110 : at + 120] = pascal(channel.title, 10)
        struct.pack_into("<fBb", head, at + 120, 0.0, channel.kind, 0)
        tail = struct.pack("<ff", channel.scale, channel.offset) + pascal(channel.unit, 6)
        head[at + 126 : at + 140] = tail
        struct.pack_into("<h", body_header := bytearray(2), 0, channel.divide)
        head[at + 138 + 2 : at + 142] = b""
        divides.append((at + 140, bytes(body_header)))
        ends = [*positions[1:], -1]
        for (tick, data, n), begin, after in zip(channel.blocks, positions, ends, strict=True):
            last = tick + (n - 1) * channel.divide if channel.kind == 1 else tick
            block = struct.pack("<iiiihh", -1, after, tick, last, number, n)
            offset = begin - HEADER_BYTES
            body = body[:offset] + block + body[offset + 20 :]
    path.write_bytes(bytes(head) + body)
    return path
