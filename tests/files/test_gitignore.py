"""A list of patterns names what git says that it names."""

from __future__ import annotations

import subprocess

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tcspec.files.gitignore import MAX_LENGTH, parse_pattern, parse_patterns, read_gitignore, read_gitignores_above
from tcspec.files.lines import FileError

PATHS = ("a", "b", "a/b", "b/a", "a/b/a", "b/b/a", "a/ab", "ab/b", "a b", "a/b/a/b")
PARTS = ("a", "b", "*", "**", "?", "/", "!", "[ab]", "[!a]", "[^b]", "[a-b]", "\\a", "\\*", " ", "\\ ", "#", ".")


@pytest.fixture(scope="module")
def repository(tmp_path_factory):
    """Return an empty repository."""
    folder = tmp_path_factory.mktemp("repository")
    subprocess.run(["git", "init", "--quiet", folder], check=True)  # noqa: S607 - the one of the machine
    return folder


def ignored_by_git(folder, text, paths):
    """Return which paths of files git ignores, each whatever the folders above it are."""
    (folder / ".gitignore").write_text(text)
    command = ["git", "-C", folder, "check-ignore", "--no-index", "--stdin", "-z"]
    done = subprocess.run(command, input="\0".join(paths), capture_output=True, text=True, check=False)
    assert done.returncode in {0, 1}, done.stderr
    return set(filter(None, done.stdout.split("\0")))


def ignored(text, paths):
    """Return which paths a walk of folders leaves out."""
    patterns = parse_patterns("/top", text.split("\n"))

    def is_ignored(path):
        above = [path[:index] for index, character in enumerate(path) if character == "/"]
        return any(patterns.decide(f"/top/{each}", is_folder=True) for each in above) or bool(
            patterns.decide(f"/top/{path}", is_folder=False)
        )

    return set(filter(is_ignored, paths))


@settings(deadline=None)
@given(st.lists(st.lists(st.sampled_from(PARTS), min_size=1, max_size=6).map("".join), min_size=1, max_size=3))
def test_same_as_git(repository, lines):
    """Patterns name the files that git ignores by them, whatever their wildcards, escapes and negations."""
    text = "\n".join(lines)
    assert ignored(text, PATHS) == ignored_by_git(repository, text, PATHS)


@pytest.mark.parametrize(
    "text",
    [
        "# a comment\n\nb\r\n",
        "a/**\n!a/b/\n",
        "/a/b\n",
        "a b   \n",
        "a\\ b\n",
        "[]a]\n[!]b]\n",
        "[a\\]b]\n",
        "[ab\n",
        "a/",
        "*/b",
        "**/b/**",
        "a**b",
        "/**",
        "!b\nb",
        "\\!a\n\\#b\n",
        "*\n!*/\n!b\n",
    ],
)
def test_examples(repository, text):
    """Comments, ends of lines, spaces, classes, folders and negations are read as git reads them."""
    assert ignored(text, PATHS) == ignored_by_git(repository, text, PATHS)


def test_linear_time():
    """A pattern with very many wildcards is matched in no time."""
    assert not parse_pattern("*a" * 2_000 + "*b").glob.matches("a" * 200)


@pytest.mark.parametrize("text", ["", "/", "!", "a\0", "a" * 5_000, "[z-a]"])
def test_no_pattern(text):
    """What can match no path is no pattern, and of a list it is passed over."""
    with pytest.raises(ValueError, match=r"empty|null|at most|no character"):
        parse_pattern(text)
    assert parse_patterns("/top", [text]).patterns == ()


def test_other_folders():
    """A list is about what is below its folder."""
    patterns = parse_patterns("/top", ["a"])
    assert patterns.decide("/top/x/a", is_folder=False)
    assert patterns.decide("/topa/a", is_folder=False) is None
    assert parse_patterns("/", ["/a"]).decide("/a", is_folder=True)


class TestFiles:
    """The files that hold a list."""

    def test_none(self, tmp_path):
        """A folder without one has none, and neither has one in which it is a folder."""
        assert read_gitignore(str(tmp_path)) is None
        (tmp_path / ".gitignore").mkdir()
        assert read_gitignore(str(tmp_path)) is None

    def test_bytes(self, tmp_path):
        """A byte order mark is no part of the first pattern, and names that are not UTF-8 can be listed."""
        (tmp_path / ".gitignore").write_bytes(b"\xef\xbb\xbfa\n\xe9*\n")
        found = read_gitignore(str(tmp_path))
        assert found.decide(f"{tmp_path}/a", is_folder=False)
        assert found.decide(f"{tmp_path}/\udce9t\udce9", is_folder=False)

    def test_too_long(self, tmp_path):
        """One that is longer than anybody writes is refused."""
        (tmp_path / ".gitignore").write_bytes(b"a\n" * MAX_LENGTH)
        with pytest.raises(FileError, match="longer than"):
            read_gitignore(str(tmp_path))

    def test_above(self, tmp_path, monkeypatch):
        """The lists above a folder count up to its repository, or else up to the working folder."""
        inner = tmp_path / "a" / "b"
        inner.mkdir(parents=True)
        for folder in (tmp_path, tmp_path / "a", inner):
            (folder / ".gitignore").write_text("x\n")
        folders = [str(tmp_path), str(tmp_path / "a")]
        monkeypatch.chdir("/")
        (tmp_path / ".git").mkdir()
        assert [each.folder for each in read_gitignores_above(str(inner))] == folders
        (tmp_path / "a" / ".git").mkdir()
        assert [each.folder for each in read_gitignores_above(str(inner))] == folders[1:]
        (tmp_path / "a" / ".git").rmdir()
        (tmp_path / ".git").rmdir()
        monkeypatch.chdir(tmp_path)
        assert [each.folder for each in read_gitignores_above(str(inner))] == folders
        monkeypatch.chdir(inner)
        assert read_gitignores_above(str(tmp_path / "a")) == []
