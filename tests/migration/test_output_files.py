"""Files that appear at once or not at all."""

from __future__ import annotations

import gzip
import os
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tcspec.files.lines import UnreadableFile
from tcspec.migration.output_files import Late, Nowhere, Part, Pipe, is_pipe, part_of, pipe, put_in_place

chunks = st.lists(st.one_of(st.binary(max_size=50), st.just(None)), max_size=20)
"""What is written to a file; None is a mark."""


def write(part, steps):
    """Write the steps to a part and give every mark with the number of steps before it."""
    marks = []
    for number, step in enumerate(steps, 1):
        if step is None:
            marks.append((number, part.mark()))
        else:
            part.write(step)
    return marks


@pytest.mark.parametrize("suffix", ["", ".gz"])
@given(steps=chunks, data=st.data())
def test_a_file_that_is_taken_up_at_a_mark_ends_the_same(tmp_path_factory, suffix, steps, data):
    """A file that was cut off after a mark, and written on from there, has the bytes of one written at once."""
    folder = tmp_path_factory.mktemp("parts")
    once, twice = folder / f"once{suffix}", folder / f"twice{suffix}"
    part = Part.begin(str(once))
    marks = write(part, steps)
    part.finish()
    taken, mark = data.draw(st.sampled_from([(0, 0), *marks]))
    lost = Part.begin(str(twice))
    write(lost, steps)
    lost.close()
    resumed = Part.resume(str(twice), mark)
    write(resumed, steps[taken:])
    resumed.finish()
    assert twice.read_bytes() == once.read_bytes()
    content = once.read_bytes()
    assert (gzip.decompress(content) if suffix else content) == b"".join(step for step in steps if step)


def test_a_file_is_not_there_before_it_is_whole(tmp_path):
    """Until it is finished a file has the content it had, and its part stands beside it."""
    place = tmp_path / "a"
    place.write_bytes(b"old")
    part = Part.begin(str(place))
    part.write(b"new")
    part.mark()
    assert (place.read_bytes(), part_of(place).read_bytes()) == (b"old", b"new")
    part.finish()
    assert place.read_bytes() == b"new"
    assert not part_of(place).exists()


def test_a_link_stays_a_link(tmp_path):
    """What a link points to is replaced, not the link."""
    (tmp_path / "real").write_bytes(b"old")
    (tmp_path / "link").symlink_to(tmp_path / "real")
    part = Part.begin(str(tmp_path / "link"))
    part.write(b"new")
    part.finish()
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "real").read_bytes() == b"new"


def test_what_is_discarded_is_gone(tmp_path):
    """A part that is discarded leaves nothing, and discarding what is in its place leaves that alone."""
    part = Part.begin(str(tmp_path / "a"))
    part.write(b"x")
    part.discard()
    assert list(tmp_path.iterdir()) == []
    whole = Part.begin(str(tmp_path / "a"))
    whole.finish()
    whole.discard()
    assert (tmp_path / "a").read_bytes() == b""


def test_putting_in_place_twice_is_putting_once(tmp_path):
    """A file whose part was put in its place before stays as it is."""
    place = tmp_path / "a"
    part_of(place).write_bytes(b"x")
    put_in_place(place)
    put_in_place(place)
    assert place.read_bytes() == b"x"


def test_a_late_file_is_begun_when_there_is_something(tmp_path):
    """A late file leaves no trace until something is written to it, and is then a file as any other."""
    place = tmp_path / "a"
    idle = Late(str(place))
    assert idle.mark() == 0
    for end in (idle.finish, idle.close, idle.discard):
        end()
    assert list(tmp_path.iterdir()) == []
    late = Late(str(place))
    late.write(b"xy")
    assert late.mark() == 2
    late.finish()
    assert place.read_bytes() == b"xy"
    lost = Late(str(place))
    lost.write(b"z")
    lost.close()
    lost.discard()
    assert [path.name for path in tmp_path.iterdir()] == ["a"]


def test_devices_are_pipes(tmp_path):
    """Standard output and devices are written to; files, folders and what is not there are not."""
    (tmp_path / "file").write_bytes(b"")
    assert is_pipe("-")
    assert is_pipe(os.devnull)
    assert not any(is_pipe(str(path)) for path in (tmp_path / "file", tmp_path, tmp_path / "none"))
    device = pipe(os.devnull)
    device.write(b"x")
    assert device.mark() == 0
    device.finish()
    device.close()
    assert device.stream.closed


def test_standard_output_is_left_open(capfdbinary):
    """Standard output is flushed and left to whoever runs the program."""
    out = pipe("-")
    assert out.stream is sys.stdout.buffer
    out.write(b"x")
    out.finish()
    out.close()
    assert not out.stream.closed
    assert capfdbinary.readouterr().out == b"x"


def test_nowhere_keeps_nothing():
    """Nowhere takes everything and is at no place."""
    nowhere = Nowhere()
    nowhere.write(b"x")
    assert nowhere.mark() == 0
    for end in (nowhere.finish, nowhere.close, nowhere.discard):
        end()


class _Full:
    """A stream whose disk is full, or whose reader is gone."""

    def __init__(self, error):
        self._error = error

    def write(self, _):
        """Fail."""
        raise self._error


def test_a_full_disk_is_told_and_a_closed_pipe_is_left_to_the_caller():
    """What the disk does not take is told in the file's name; that nobody reads on is no failure of a file."""
    with pytest.raises(UnreadableFile, match="x: No space left on device"):
        Pipe("x", _Full(OSError(28, os.strerror(28)))).write(b"")
    with pytest.raises(BrokenPipeError):
        Pipe("x", _Full(BrokenPipeError(32, "gone"))).write(b"")


def test_a_part_in_a_missing_folder_is_told(tmp_path):
    """A file that cannot be begun, or taken up, is told in its name."""
    for begin in (Part.begin, lambda path: Part.resume(path, 0)):
        with pytest.raises(UnreadableFile, match="none/a: No such file or directory"):
            begin(str(Path(tmp_path) / "none" / "a"))
