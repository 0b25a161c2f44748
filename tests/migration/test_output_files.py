"""Output files appear when they are complete."""

from __future__ import annotations

import gzip
import os
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tcspec.files.lines import FileError
from tcspec.migration.output_files import (
    LazyFile,
    NullSink,
    PartialFile,
    StreamSink,
    finish_partial_file,
    is_stream,
    open_stream,
    partial_path,
)

chunks = st.lists(st.one_of(st.binary(max_size=50), st.just(None)), max_size=20)
"""What is written to a file; None is a call of `sync`."""


def write(file, steps):
    """Write to a file, and return every synced offset with the number of steps before it."""
    offsets = []
    for number, step in enumerate(steps, 1):
        if step is None:
            offsets.append((number, file.sync()))
        else:
            file.write(step)
    return offsets


@pytest.mark.parametrize("suffix", ["", ".gz"])
@given(steps=chunks, data=st.data())
def test_a_resumed_file_has_the_same_bytes(tmp_path_factory, suffix, steps, data):
    """A file that was resumed at a synced offset has the bytes of one that was written without a break."""
    folder = tmp_path_factory.mktemp("partial")
    once, twice = folder / f"once{suffix}", folder / f"twice{suffix}"
    file = PartialFile.create(str(once))
    offsets = write(file, steps)
    file.finish()
    done, offset = data.draw(st.sampled_from([(0, 0), *offsets]))
    interrupted = PartialFile.create(str(twice))
    write(interrupted, steps)
    interrupted.close()
    resumed = PartialFile.resume(str(twice), offset)
    write(resumed, steps[done:])
    resumed.finish()
    assert twice.read_bytes() == once.read_bytes()
    content = once.read_bytes()
    assert (gzip.decompress(content) if suffix else content) == b"".join(step for step in steps if step)


def test_a_file_appears_when_it_is_complete(tmp_path):
    """Until it is finished, a file has the content it had, and the partial file is beside it."""
    place = tmp_path / "a"
    place.write_bytes(b"old")
    file = PartialFile.create(str(place))
    file.write(b"new")
    file.sync()
    assert (place.read_bytes(), partial_path(place).read_bytes()) == (b"old", b"new")
    file.finish()
    assert place.read_bytes() == b"new"
    assert not partial_path(place).exists()


def test_a_link_stays_a_link(tmp_path):
    """The file behind a link is replaced, not the link."""
    (tmp_path / "real").write_bytes(b"old")
    (tmp_path / "link").symlink_to(tmp_path / "real")
    file = PartialFile.create(str(tmp_path / "link"))
    file.write(b"new")
    file.finish()
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "real").read_bytes() == b"new"


def test_discarding(tmp_path):
    """A discarded file leaves nothing, and discarding a finished file changes nothing."""
    file = PartialFile.create(str(tmp_path / "a"))
    file.write(b"x")
    file.discard()
    assert list(tmp_path.iterdir()) == []
    finished = PartialFile.create(str(tmp_path / "a"))
    finished.finish()
    finished.discard()
    assert (tmp_path / "a").read_bytes() == b""


def test_finishing_twice(tmp_path):
    """A partial file that was moved into its place before stays there."""
    place = tmp_path / "a"
    partial_path(place).write_bytes(b"x")
    finish_partial_file(place)
    finish_partial_file(place)
    assert place.read_bytes() == b"x"


def test_lazy_files(tmp_path):
    """A lazy file leaves no trace until something is written to it, and is then a file like any other."""
    place = tmp_path / "a"
    unused = LazyFile(str(place))
    assert unused.sync() == 0
    for end in (unused.finish, unused.close, unused.discard):
        end()
    assert list(tmp_path.iterdir()) == []
    lazy = LazyFile(str(place))
    lazy.write(b"xy")
    assert lazy.sync() == 2
    lazy.finish()
    assert place.read_bytes() == b"xy"
    interrupted = LazyFile(str(place))
    interrupted.write(b"z")
    interrupted.close()
    interrupted.discard()
    assert [path.name for path in tmp_path.iterdir()] == ["a"]


def test_streams(tmp_path):
    """Standard output and devices are streams; files, folders and paths without a file are not."""
    (tmp_path / "file").write_bytes(b"")
    assert is_stream("-")
    assert is_stream(os.devnull)
    assert not any(is_stream(str(path)) for path in (tmp_path / "file", tmp_path, tmp_path / "none"))
    device = open_stream(os.devnull)
    device.write(b"x")
    assert device.sync() == 0
    device.finish()
    device.close()
    assert device.stream.closed


def test_standard_output_stays_open(capfdbinary):
    """Standard output is flushed and stays open for whoever runs the program."""
    out = open_stream("-")
    assert out.stream is sys.stdout.buffer
    out.write(b"x")
    out.finish()
    out.close()
    assert not out.stream.closed
    assert capfdbinary.readouterr().out == b"x"


def test_null_sink():
    """A null sink drops everything."""
    sink = NullSink()
    sink.write(b"x")
    assert sink.sync() == 0
    for end in (sink.finish, sink.close, sink.discard):
        end()


class _FailingStream:
    """A stream that cannot be written."""

    def __init__(self, error):
        self._error = error

    def write(self, _):
        """Raise the error."""
        raise self._error


def test_streams_that_fail():
    """The error for a full disk names the file; a closed pipe is left to the caller."""
    with pytest.raises(FileError, match="x: No space left on device"):
        StreamSink("x", _FailingStream(OSError(28, os.strerror(28)))).write(b"")
    with pytest.raises(BrokenPipeError):
        StreamSink("x", _FailingStream(BrokenPipeError(32, "gone"))).write(b"")


def test_missing_folder(tmp_path):
    """The error for a file that cannot be created or resumed names it."""
    for open_file in (PartialFile.create, lambda path: PartialFile.resume(path, 0)):
        with pytest.raises(FileError, match="none/a: No such file or directory"):
            open_file(str(Path(tmp_path) / "none" / "a"))
