"""Outputs that are no files."""

from __future__ import annotations

import os
import sys

import pytest

from tcspec.files.lines import FileError
from tcspec.migration.streams import NullOutput, StreamOutput, open_stream


def test_streams(tmp_path):
    """A device is written to and closed."""
    device = open_stream(os.devnull)
    device.write(b"x")
    device.sync()
    device.close()
    assert device.stream.closed
    with pytest.raises(FileError, match="none/a: No such file or directory"):
        open_stream(str(tmp_path / "none" / "a"))


def test_standard_output_stays_open(capfdbinary):
    """Standard output is flushed and stays open for whoever runs the program."""
    out = open_stream("-")
    assert out.stream is sys.stdout.buffer
    out.write(b"x")
    out.sync()
    out.close()
    assert not out.stream.closed
    assert capfdbinary.readouterr().out == b"x"


def test_null_sink():
    """A null sink drops everything."""
    sink = NullOutput()
    sink.write(b"x")
    sink.sync()
    sink.close()


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
        StreamOutput("x", _FailingStream(OSError(28, os.strerror(28)))).write(b"")
    with pytest.raises(BrokenPipeError):
        StreamOutput("x", _FailingStream(BrokenPipeError(32, "gone"))).write(b"")
