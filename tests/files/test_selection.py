"""Folders and globs stand for the same files in the same order, whatever is in a folder."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tcspec.files.documents import FileType
from tcspec.files.gitignore import parse_patterns
from tcspec.files.lines import FileError
from tcspec.files.selection import Selection, find_files, needs_search

FILES = (
    ".hidden.json",
    ".hidden/a.json",
    "README.md",
    "a.json",
    "a.json.gz",
    "b/a b.ndjson",
    "b/c/d.jsonl",
    "b/c/notes.txt",
    "b.http",
    "c[1].json",
    "node_modules/x/package.json",
    "site-packages/x/schema.json",
    "z.har",
)
FOUND = ("a.json", "a.json.gz", "b/a b.ndjson", "b/c/d.jsonl", "b.http", "c[1].json", "z.har")


@pytest.fixture(autouse=True)
def _folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name in FILES:
        path = Path(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()


def find(*paths, **fields):
    """Return the files that arguments stand for."""
    return list(find_files(paths, Selection(**fields)))


def listed(*lines):
    """Return a list of patterns of the working folder."""
    return parse_patterns(str(Path.cwd()), lines)


@pytest.mark.parametrize(
    ("argument", "found"),
    [
        (".", FOUND),
        ("./", FOUND),
        ("**", FOUND),
        ("b", ("b/a b.ndjson", "b/c/d.jsonl")),
        ("b/", ("b/a b.ndjson", "b/c/d.jsonl")),
        ("./b", ("b/a b.ndjson", "b/c/d.jsonl")),
        ("b/**", ("b/a b.ndjson", "b/c/d.jsonl")),
        ("*.json", ("a.json", "c[1].json")),
        ("**/*.json", ("a.json", "c[1].json")),
        ("**/*.json*", ("a.json", "a.json.gz", "b/c/d.jsonl", "c[1].json")),
        ("b/**/*l", ("b/c/d.jsonl",)),
        ("**/c/*.txt", ("b/c/notes.txt",)),
        ("?/*.ndjson", ("b/a b.ndjson",)),
        ("[ab].[jh]*", ("a.json", "a.json.gz", "b.http")),
        ("b/*", ("b/a b.ndjson", "b/c/d.jsonl")),
        ("*.md", ("README.md",)),
        ("c[1].json", ("c[1].json",)),
        (".hidden", (".hidden/a.json",)),
        (".hidden/*.json", (".hidden/a.json",)),
        (".hidden.json", (".hidden.json",)),
        ("node_modules", ("node_modules/x/package.json",)),
        ("missing.json", ("missing.json",)),
        ("-", ("-",)),
    ],
)
def test_arguments(argument, found):
    """A file stands for itself, a folder for the files of known types in it, and a glob for what matches."""
    assert find(argument) == list(found)


def test_absolute(tmp_path):
    """An absolute folder or glob stands for absolute paths."""
    expected = [f"{tmp_path}/{name}" for name in FOUND]
    assert find(str(tmp_path)) == expected
    assert find(f"{tmp_path}/**") == expected
    assert find(f"{tmp_path}/*.har") == [f"{tmp_path}/z.har"]


@pytest.mark.parametrize("glob", ["*.xml", "b/*.json", "**/nothing/*.json", "[z-a].json", "*" * 5_000, "a.json/*"])
def test_no_match(glob):
    """A glob that matches nothing is an error that names it."""
    with pytest.raises(FileError) as wrong:
        find("a.json", glob)
    assert wrong.value.path == glob


def test_no_folder():
    """A glob in a folder that cannot be listed stands for the folder, so that the reason is reported."""
    assert find("nothing/*.json") == ["nothing"]


def test_empty_folder():
    """An empty folder stands for no file."""
    Path("empty").mkdir()
    assert find("empty") == []


@given(st.permutations(["b", "a.json", "**/*.json", "b/c", "."]))
def test_once(arguments):
    """What is named and what is found is there once, in the order of the arguments."""
    found = find(*arguments)
    assert sorted(found) == sorted(set(found)) == sorted(FOUND)


def test_named_twice():
    """A file that is named twice is there twice."""
    assert find("a.json", "a.json") == ["a.json"] * 2


class TestLists:
    """`.gitignore`, `exclude` and `include`."""

    def test_gitignore(self):
        """The lists of a folder, of those above it and of those in it count, the innermost first."""
        Path(".git").mkdir()
        Path(".gitignore").write_text("*.har\n/b/c/\na.json\n")
        Path("b/.gitignore").write_text("!a.json\n*.ndjson\n")
        Path("b/a.json").touch()
        assert find(".") == ["a.json.gz", "b/a.json", "b.http", "c[1].json"]
        assert find("b") == ["b/a.json"]
        assert find("**/*.json") == ["b/a.json", "c[1].json"]
        assert find("z.har", "b/c") == ["z.har", "b/c/d.jsonl"]
        assert find(".", respects_gitignore=False) == sorted([*FOUND, "b/a.json"], key=lambda path: path.split("/"))

    def test_exclude(self):
        """What is excluded is not found, and only with force not read when it is named."""
        exclude = (listed("b/c", "*.har", "!z.har"),)
        assert "b/c/d.jsonl" not in find(".", exclude=exclude)
        assert "z.har" in find(".", exclude=exclude)
        assert find("b/c/d.jsonl", exclude=exclude) == ["b/c/d.jsonl"]
        assert find("b/c/d.jsonl", "a.json", "-", exclude=exclude, forces_exclude=True) == ["a.json", "-"]

    def test_include(self):
        """What is included takes the place of the known types, unless the command does not read its type."""
        include = listed("*.txt", "/*.har")
        assert find(".", include=include) == ["b/c/notes.txt", "z.har"]
        assert find(".", include=include, types=frozenset({FileType.JSON})) == ["b/c/notes.txt"]
        assert find("a.json", include=include) == ["a.json"]

    def test_types(self):
        """A command finds only files of the types that it reads, and any that is named."""
        assert find(".", "b.http", types=frozenset({FileType.NDJSON})) == ["b/a b.ndjson", "b/c/d.jsonl", "b.http"]

    def test_own(self):
        """What the run itself reads or writes is not found."""
        assert "a.json" not in find(".", own={"a.json"})


class TestOddFolders:
    """What else can be in a folder."""

    def test_links(self):
        """Links to folders are not followed, so that loops end; links to files are, and broken ones are reported."""
        Path("b/loop").symlink_to("..")
        Path("b/file.json").symlink_to("../a.json")
        Path("b/broken.json").symlink_to("nothing")
        Path("b/self.json").symlink_to("self.json")
        assert find("b") == ["b/a b.ndjson", "b/broken.json", "b/c/d.jsonl", "b/file.json", "b/self.json"]
        assert find("b/loop/b/c") == ["b/loop/b/c/d.jsonl"]

    def test_pipes(self):
        """A pipe in a folder is not opened, which would wait for ever."""
        os.mkfifo("b/pipe.json")
        assert find("b") == ["b/a b.ndjson", "b/c/d.jsonl"]

    def test_names_that_are_not_utf8(self):
        """A name that is not UTF-8 is found, and a glob matches it."""
        Path("b/\udce9.json").touch()
        assert "b/\udce9.json" in find("b")
        assert find("b/?.json") == ["b/\udce9.json"]

    def test_standard_input(self):
        """A file with the name of standard input is not taken for it."""
        Path("-").touch()
        assert find(".", include=listed("-")) == ["./-"]

    def test_unreadable(self, monkeypatch):
        """A folder that cannot be listed is there in its place, so that it is reported, and the others are read."""
        scandir = os.scandir

        def refuse(path):
            if path == "b/c":
                raise PermissionError
            return scandir(path)

        monkeypatch.setattr(os, "scandir", refuse)
        assert find("b", "z.har") == ["b/a b.ndjson", "b/c", "z.har"]

    def test_deep(self):
        """Folders may be nested deeper than calls of Python."""
        folder = os.open(".", os.O_RDONLY)
        for _ in range(1_500):
            os.mkdir("d", dir_fd=folder)
            outer, folder = folder, os.open("d", os.O_RDONLY, dir_fd=folder)
            os.close(outer)
        os.close(os.open("e.json", os.O_CREAT | os.O_WRONLY, dir_fd=folder))
        os.close(folder)
        found = find("d")
        # Removed here: Python before 3.13 cannot remove folders as deep.
        subprocess.run(["rm", "-r", "d"], check=True)  # noqa: S607 - the one of the machine
        assert found == ["d/" * 1_500 + "e.json"]


@pytest.mark.parametrize(
    ("paths", "is_needed"),
    [(("a.json", "-", "missing"), False), (("c[1].json",), False), (("a.json", "b"), True), (("*.json",), True)],
)
def test_needs_search(paths, is_needed):
    """Files that are named need no search, and so no configuration."""
    assert needs_search(paths) is is_needed
