"""The documentation is true: its commands run, and its examples have the results that it prints."""

from __future__ import annotations

import doctest
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from command import tcspec
from databases import Sqlite
from locations import ROOT
from page_sessions import follow, read_blocks
from tcspec.cli.program import COMMANDS as PROGRAM_COMMANDS
from tcspec.kinds import KINDS

README = (ROOT / "README.md").read_text(encoding="utf-8")
PAGES = {path.name: path.read_text(encoding="utf-8") for path in (ROOT / "README.md", ROOT / "docs/kinds.md")}
EXAMPLES = PAGES | {
    name: (ROOT / "docs" / name).read_text(encoding="utf-8") for name in ("guard.md", "models.md", "test_kit.md")
}
"""The pages with examples in Python."""
FOLLOWED = ("index", "answers", "captures", "custom_events", "editors", "hooks", "pipelines", "stores")
"""The pages that are followed as a whole; the tutorial, which installs packages, is so in `tests/acceptance/docs`."""
BLOCKS = re.findall(r"^```(\w+)\n(.*?)^```$", "\n".join(PAGES.values()), re.MULTILINE | re.DOTALL)
COMMANDS = [
    line.removeprefix("$ ").partition("  #")[0].strip()
    for language, block in BLOCKS
    if language in {"sh", "console"}
    for line in block.splitlines()
]
COMMANDS += re.findall(r"`(tcspec [^`]*fixtures/[^`]*)`", "\n".join(PAGES.values()))
PASTED = re.findall(r"^```sh\n(.*?)^```$", README.partition("## What each command does")[0], re.MULTILINE | re.DOTALL)
"""The blocks of commands on the first screen of the README."""
TCSPEC = shutil.which("tcspec", path=str(Path(sys.executable).parent))


@pytest.fixture(scope="module")
def fixtures_copy(tmp_path_factory):
    """Copy the fixtures once, to the file system of the temporary folders, so that tests can link to the copy."""
    return shutil.copytree(ROOT / "fixtures", tmp_path_factory.mktemp("copy") / "fixtures")


@pytest.mark.parametrize(
    "command",
    [
        command
        for command in COMMANDS
        # A command for PostgreSQL is run in tests/acceptance, one for S3 too, and one for Parquet with the tests of it.
        if command.startswith("tcspec ")
        and "postgresql:" not in command
        and "s3:" not in command
        and ".parquet" not in command
        and not any(command in block for block in PASTED)
    ],
)
def test_every_command_of_the_readme_runs(tmp_path, monkeypatch, fixtures_copy, command):
    """A command of the README runs on a copy of the fixtures with exit code 0, or 1 when it finds something."""
    shutil.copytree(fixtures_copy, tmp_path / "fixtures", copy_function=os.link)
    monkeypatch.chdir(tmp_path)
    if "sqlite:" in command:
        Sqlite(tmp_path / "events.db")
    if "stored.json" in command:
        (tmp_path / "stored.json").write_text('[{"event": "login"},\n {"event": "search"}]\n', encoding="utf-8")
    if "stored.csv" in command:
        (tmp_path / "stored.csv").write_text('id,payload\n7,"{""event"": ""login""}"\n', encoding="utf-8")
    run = tcspec(*shlex.split(command)[1:])
    finds = "invalid" in command or "--diff" in command or "migrate" in command or "mixed" in command
    assert run.code in ({0, 1} if finds else {0}), run.err
    assert run.out or run.err


@pytest.mark.parametrize("command", [command for command in COMMANDS if command.startswith("make ")])
def test_every_target_of_the_readme_is_there(command):
    """Every make target of the README exists."""
    make = shutil.which("make")
    if make is None:
        pytest.skip("make is not installed")
    done = subprocess.run([make, "--dry-run", *shlex.split(command)[1:]], cwd=ROOT, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()


@pytest.mark.parametrize("block", [block for block in PASTED if "make " not in block])
def test_the_first_screen_can_be_pasted(tmp_path, block):
    """A block of commands on the first screen runs in an empty folder, and prints the block of text after it."""
    path = f"{Path(TCSPEC).parent}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        [shutil.which("bash"), "-c", block],
        cwd=tmp_path,
        env={**os.environ, "PATH": path},
        capture_output=True,
        check=False,
        text=True,
    )
    assert done.returncode in {0, 1}, done.stderr
    assert "Traceback" not in done.stderr
    printed = README.partition(block)[2].removeprefix("```\n").lstrip()
    if printed.startswith("```text\n"):
        lines = printed.removeprefix("```text\n").partition("```")[0].splitlines()
        assert [line for line in done.stdout.splitlines() if line in lines] == lines


def test_the_readme_has_no_other_commands():
    """Every command in the README is run by one of these tests."""
    others = [command for command in COMMANDS if not command.startswith(("tcspec ", "make "))]
    assert [command for command in others if not any(command in block for block in PASTED)] == []


@pytest.mark.parametrize("page", EXAMPLES)
def test_python_examples(page):
    """The Python examples of a page print exactly what the page shows."""
    examples = "\n".join(re.findall(r"^```pycon\n(.*?)^```$", EXAMPLES[page], re.MULTILINE | re.DOTALL))
    example = doctest.DocTestParser().get_doctest(examples, {}, page, page, 0)
    assert example.examples
    assert doctest.DocTestRunner(verbose=False).run(example).failed == 0


def test_editors():
    """In the example of a file that names its schema nothing is found, and the settings name published schemas."""
    page = (ROOT / "docs/editors.md").read_text(encoding="utf-8")
    settings, file, entry = map(json.loads, re.findall(r"^```json\n(.*?)^```$", page, re.MULTILINE | re.DOTALL))
    run = tcspec("check", "-", stdin=json.dumps(file).encode())
    assert (run.code, run.out) == (0, ""), run.out
    urls = [each["url"] for each in settings["json.schemas"]] + [entry["url"], *entry["versions"].values()]
    assert [url for url in urls if not (ROOT / "schemas" / url.partition("/schemas/")[2]).is_file()] == []


def test_completion_is_set_up_as_the_program_says():
    """The lines that set up completion name the variable that the program reads."""
    page = (ROOT / "docs/editors.md").read_text(encoding="utf-8")
    shells = re.findall(r"_TCSPEC_COMPLETE=(\w+)_source tcspec", page)
    assert shells == ["bash", "zsh", "fish"]
    for shell in shells:
        environment = {**os.environ, "_TCSPEC_COMPLETE": f"{shell}_source"}
        done = subprocess.run([TCSPEC], env=environment, capture_output=True, check=True, text=True)
        assert f"_TCSPEC_COMPLETE={shell}_complete" in done.stdout


@pytest.mark.parametrize("page", PAGES)
def test_every_kind_has_its_line(page):
    """README and docs have one line for each kind."""
    assert [
        kind for kind in KINDS if not re.search(rf"^\| `{kind}`.*`tcspec check .*\|$", PAGES[page], re.MULTILINE)
    ] == []


def test_the_first_screen():
    """The first screen of the README has the problem, both commands, Python, the kinds, the hook and a migration."""
    screen = README.partition("## What each command does")[0].splitlines()
    assert len(screen) <= 65
    for promise in ("make demo", "make test", "import tcspec", "tcspec-check", "tcspec migrate"):
        assert any(promise in line for line in screen)


@pytest.mark.parametrize("page", FOLLOWED)
def test_a_page_can_be_followed(tmp_path, page):
    """Who does what a page says, in an empty folder with a capture of a browser, sees what the page shows."""
    text = (ROOT / f"docs/{page}.md").read_text(encoding="utf-8")
    if "import pyarrow" in text:
        pytest.importorskip("pyarrow")
    if "git init" in text and shutil.which("git") is None:
        pytest.skip("git is not installed")
    shutil.copy(ROOT / "fixtures/captures/chrome-sanitized.har", tmp_path / "journey.har")
    follow(text, tmp_path, {**os.environ, "PATH": f"{Path(TCSPEC).parent}{os.pathsep}{os.environ['PATH']}"})


def test_every_page_is_run():
    """No page has a command or an example that no test runs."""
    run = {"tutorial.md", *EXAMPLES, *(f"{page}.md" for page in FOLLOWED)}
    pages = {path.name: read_blocks(path.read_text(encoding="utf-8")) for path in (ROOT / "docs").glob("*.md")}
    shown = {
        name for name, blocks in pages.items() if {"sh", "console", "pycon"} & {block.language for block in blocks}
    }
    assert sorted(shown - run) == []


@pytest.mark.parametrize("page", ["README.md", "docs/hooks.md", "docs/pipelines.md", "docs/tutorial.md"])
def test_settings_can_be_read(page):
    """YAML in a page can be read; the hooks that it names exist, and the commands in it have the options they use."""
    found = [block for block in read_blocks((ROOT / page).read_text(encoding="utf-8")) if block.language == "yaml"]
    assert found
    for block in found:
        assert yaml.safe_load(block.content)
    text = "".join(block.content for block in found)
    published = re.findall(r"^- id: (\S+)", (ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"), re.MULTILINE)
    assert set(re.findall(r"- id: (\S+)", text)) <= set(published)
    for command in re.findall(r"tcspec check (.*)", text):
        options = set(re.findall(r"--[a-z-]+", command))
        assert options <= {option for parameter in PROGRAM_COMMANDS["check"].params for option in parameter.opts}


def test_every_command_is_described():
    """Every verb of the command line has its row in the README."""
    done = subprocess.run([TCSPEC, "--help"], capture_output=True, check=True, text=True)
    verbs = re.findall(r"^  (\w+)  ", done.stdout.partition("Commands:")[2], re.MULTILINE)
    assert verbs
    assert [verb for verb in verbs if f"| `tcspec {verb} " not in README] == []


def test_every_cited_row_is_published():
    """Every row of the contradictions that code, schemas or catalogue cite is in the documentation."""
    published = set(re.findall(r"^\| (K\d{3}) \|", (ROOT / "docs/contradictions.md").read_text("utf-8"), re.MULTILINE))
    sources = [*(ROOT / "tcspec").rglob("*.py"), *(ROOT / "schemas").rglob("*.json")]
    cited = {row for source in sources for row in re.findall(r"\bK\d{3}\b", source.read_text("utf-8"))}
    assert cited
    assert cited <= published


@pytest.mark.parametrize("verb", sorted(PROGRAM_COMMANDS.data))
def test_help_is_formatted(verb):
    """The help of a command has no layout characters."""
    done = subprocess.run([TCSPEC, verb, "--help"], capture_output=True, check=True, text=True)
    assert "\\b" not in done.stdout
