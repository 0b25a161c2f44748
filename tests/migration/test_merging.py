"""Mended rejects are put back at their places, whatever happens on the way."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from command import tcspec
from migrating import LEGACY, objects_of, reasons_of
from tcspec.migration import merging
from tcspec.migration.engine import migrate
from tcspec.migration.job import MigrationError
from tcspec.migration.merging import merge_rejects
from tcspec.migration.output_files import CannotResume
from tcspec.migration.reject_groups import NotRejects

GOOD = [LEGACY % 1, LEGACY % 2 + b"\r", b"", b'{"event_name":"x","context":{}}']
BROKEN = b"broken %d"


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def put(lines, *, is_cut_off=False):
    """Migrate lines to `t`, with their rejects in `r`."""
    Path("s").write_bytes(b"\n".join(lines) + b"\n" * (not is_cut_off))
    return migrate("s", "t", rejects="r", force=True)


def read():
    """Return the target and the rejects."""
    return Path("t").read_bytes(), Path("r").read_bytes()


def mend(*replacements):
    """Mend some rejects, by their number."""
    lines = Path("r").read_bytes().split(b"\n")
    for number, line in replacements:
        lines[number] = line
    Path("r").write_bytes(b"\n".join(lines))


@pytest.fixture
def interrupted(monkeypatch):
    """Return a function that stops a merge while its files are moved into their places."""

    def interrupt(after):
        moved = []

        def move(*arguments):
            if len(moved) == after:
                raise KeyboardInterrupt
            moved.append(arguments)
            return original(*arguments)

        original = merging.move_output
        with monkeypatch.context() as patched:
            patched.setattr(merging, "move_output", move)
            with pytest.raises(KeyboardInterrupt):
                merge_rejects("t", rejects="r")

    return interrupt


@settings(max_examples=30)
@given(
    kinds=st.lists(st.sampled_from(["good", "broken", "mended", "mended again"]), min_size=1, max_size=12),
    is_cut_off=st.booleans(),
)
def test_the_result_is_that_of_the_mended_source(tmp_path_factory, kinds, is_cut_off):
    """The target and the rejects are those of a migration of the source in which the same lines are mended."""
    folder = tmp_path_factory.mktemp("merge")
    with pytest.MonkeyPatch.context() as patched:
        patched.chdir(folder)
        source = [GOOD[n % 4] if kind == "good" else BROKEN % n for n, kind in enumerate(kinds)]
        bad = [(n, kind) for n, kind in enumerate(kinds) if kind != "good"]
        put(source, is_cut_off=is_cut_off)
        mended = list(source)
        for name in ("mended", "mended again"):
            left = [(n, kind) for n, kind in bad if mended[n] == source[n]]
            chosen = [(i, LEGACY % n) for i, (n, kind) in enumerate(left) if kind == name]
            for i, line in chosen:
                mended[left[i][0]] = line
            mend(*chosen)
            summary = merge_rejects("t", rejects="r")
            assert (summary.upgraded, summary.rejected) == (len(chosen), len(left) - len(chosen))
        found, reasons = read(), objects_of(reasons_of(Path("r")))
        assert [reason["line"] for reason in reasons] == [n + 1 for n, line in enumerate(mended) if line == BROKEN % n]
        put(mended, is_cut_off=is_cut_off)
        assert found == read()
        assert sorted(path.name for path in Path().iterdir()) == ["r", "r.reasons.ndjson", "s", "t"]


def test_columns_and_compression():
    """Rows of a table and members are put back as well, and compressed targets stay compressed."""
    Path("s.csv").write_text('raw,n\n"{""event"":""login"",""properties"":{}}",1\nno,2\n"{}",3\n', "utf-8")
    migrate("s.csv", "t.csv.gz", column="raw")
    rejects = Path("t.csv.gz.rejects.csv")
    assert rejects.read_bytes() == b"no,2\n"
    rejects.write_text('"{""event"":""logout"",""properties"":{}}",2\n', "utf-8")
    ran = tcspec("migrate", "t.csv.gz", "--merge-rejects", "--column", "raw", "--fail-on", "never")
    assert (ran.code, ran.err.splitlines()[0]) == (0, "1 line: 1 upgraded")
    assert tcspec("migrate", "t.csv.gz", "-", "--column", "raw", "--fail-on", "never").out.splitlines()[2] == (
        '"{""event_name"":""logout"",""context"":{}}",2'
    )


def test_invalid_events():
    """A mended event that may not be invalid stays a reject, with its new reasons."""
    put([BROKEN % 0, LEGACY % 1])
    mend((0, b'{"event":"login"}'))
    ran = tcspec("migrate", "t", "--merge-rejects", "--rejects", "r", "--on-invalid", "reject")
    assert ran.code == 1
    assert objects_of(reasons_of(Path("r")))[0]["violations"][0]["code"].startswith("TC")
    assert Path("r").read_bytes() == b'{"event":"login"}\n'


@pytest.mark.parametrize("after", [0, 1, 2])
def test_resuming(interrupted, after):
    """A merge that is interrupted while its files are moved is refused without --resume, and ends the same with it."""
    put([BROKEN % 0, LEGACY % 1, BROKEN % 2])
    mend((0, LEGACY % 0))
    interrupted(after)
    with pytest.raises(MigrationError, match="has an interrupted merge; --resume goes on"):
        merge_rejects("t", rejects="r")
    assert merge_rejects("t", rejects="r", resume=True).upgraded == 1
    assert read()[0].count(b"\n") == 2
    assert read()[1] == BROKEN % 2 + b"\n"
    assert not Path("t.migration").exists()


def test_what_does_not_belong_together(interrupted):
    """Files that are not those of one migration are refused, and stay as they are."""
    put([BROKEN % 0, LEGACY % 1, BROKEN % 2])
    before = read()
    for change, sentence in (
        (lambda: Path("r").write_bytes(before[1] + LEGACY % 1 + b"\n"), "more rejects than reasons"),
        (lambda: Path("r").write_bytes(b"broken\n"), "fewer rejects than reasons"),
        (lambda: (mend((1, LEGACY % 2)), Path("t").write_bytes(b"")), "the target is not the one"),
        (
            lambda: reasons_of(Path("r")).write_text('{"violations":[{"code":"TC001","message":"x"}]}\n'),
            "part of a store",
        ),
    ):
        Path("r").write_bytes(before[1])
        Path("t").write_bytes(before[0])
        change()
        changed = read()
        with pytest.raises(MigrationError, match=sentence):
            merge_rejects("t", rejects="r")
        assert (read(), Path("t.migration").exists()) == (changed, False)
    reasons_of(Path("r")).write_text("{}\n", "utf-8")
    with pytest.raises(NotRejects, match="is not a file of reasons"):
        merge_rejects("t", rejects="r")
    with pytest.raises(MigrationError, match="is missing"):
        merge_rejects("t")
    put([BROKEN % 0])
    interrupted(0)
    Path("q").write_bytes(b"")
    Path("q.reasons.ndjson").write_bytes(b"")
    with pytest.raises(CannotResume, match="is of other files"):
        merge_rejects("t", rejects="q", resume=True)
    Path("t.migration/merge.json").write_bytes(b"{")
    with pytest.raises(CannotResume):
        merge_rejects("t", rejects="r", resume=True)


def test_a_part_of_a_store():
    """Rejects of a part have no places in the target."""
    Path("s").write_bytes(BROKEN % 0 + b"\n" + LEGACY % 1 + b"\n")
    migrate("s", "t", rejects="r", where_event=["logout"])
    with pytest.raises(MigrationError, match="whose places nobody knows"):
        merge_rejects("t", rejects="r")


def test_misuse():
    """A merge takes the target alone, and none of the options of a migration that it does not need."""
    put([LEGACY % 1])
    assert tcspec("migrate", "s", "t", "--merge-rejects").code == 2
    for option in (["--dry-run"], ["--report", "x"], ["--where-event", "x"]):
        ran = tcspec("migrate", "t", "--merge-rejects", "--rejects", "r", *option)
        assert (ran.code, "exclude each other" in ran.err) == (2, True)
    assert json.loads(tcspec("migrate", "t", "--merge-rejects", "--rejects", "r", "--format", "json").out)
