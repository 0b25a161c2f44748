"""A file of lines is read in blocks that have all its bytes, and the same blocks wherever reading begins."""

from __future__ import annotations

import hashlib
import io

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tcspec.files.lines import Source
from tcspec.migration import lines
from tcspec.migration.lines import LineSource


@pytest.fixture(autouse=True)
def _small_blocks(monkeypatch):
    monkeypatch.setattr(lines, "_BLOCK", 16)
    monkeypatch.setattr(lines, "_CHUNK", 8)


def read(data, longest, every, begin=(0, 0), end=None):
    """Return every block as its place, its lines with their rest, and whether it ends a part, and the source."""
    # As files are, and unlike BytesIO, it refuses to read less than nothing.
    stream = io.BufferedReader(io.BytesIO(data))
    stream.seek(begin[1])
    source = LineSource("s", Source("s", stream), longest, every, *begin, end=end)
    blocks = [
        (
            block.address(0)["line"],
            [(block.address(i)["offset"], b"".join(block.iter_raw(i))) for i in range(len(block.lines))],
            block.size,
            block.ends_part,
        )
        for block in source.iter_blocks()
    ]
    return blocks, source


texts = st.lists(st.sampled_from([b"", b"a", b"bc\r", b"x" * 11, b"y" * 12, b"z" * 30, b"z" * 47, b"z" * 100])).flatmap(
    lambda rows: st.sampled_from([b"\n".join(rows), b"".join(row + b"\n" for row in rows)])
)


@given(data=texts, every=st.integers(1, 5), start=st.integers(0, 4), longest=st.sampled_from([12, 64, 1000]))
@example(data=b"z" * 47 + b"\n" + b"z" * 47, every=5, start=0, longest=64)  # what is read with a line fills a block
def test_blocks(data, every, start, longest):
    """Blocks have every line once, in order, with its number and offset, and end where parts do, resumed or not."""
    blocks, source = read(data, longest, every)
    expected, offset = [], 0
    for row in io.BytesIO(data):
        expected.append((offset, row))
        offset += len(row)
    assert [line for _, block, _, _ in blocks for line in block] == expected
    assert (source.number, source.size) == (len(expected), len(data))
    assert source.digest.digest() == hashlib.sha256(data).digest()
    number = 0
    for first, block, size, ends_part in blocks:
        assert first == number + 1
        assert size == sum(len(line) for _, line in block)
        number += len(block)
        assert ends_part == (number % every == 0)
        assert number // every - (number - len(block)) // every <= 1
        assert len(block) == 1 or size <= 16
    skipped = min(start * every, len(expected) // every * every)
    begin = skipped, expected[skipped][0] if skipped < len(expected) else len(data)
    resumed, _ = read(data, longest, every, begin)
    assert resumed == [block for block in blocks if block[0] > skipped]
    part, _ = read(data, longest, every, begin, end=skipped + every)
    assert part == [block for block in resumed if block[0] <= skipped + every]
