"""The shell completes commands, options, files and names."""

from __future__ import annotations

import os
import shutil
import subprocess

import pytest

from command import PROGRAM

BASH = shutil.which("bash")

pytestmark = pytest.mark.skipif(BASH is None, reason="bash is not installed")


def complete(words, folder):
    """Return what bash proposes for the last of the words, with the line of docs/editors.md."""
    script = (
        'set -- {}; eval "$(_TCSPEC_COMPLETE=bash_source tcspec)"; compopt() {{ echo "option: $2"; }};'
        ' COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _tcspec_completion tcspec; printf "%s\\n" "${{COMPREPLY[@]}}"'
    )
    path = f"{PROGRAM.parent}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        [BASH, "-c", script.format(words)],
        cwd=folder,
        env={**os.environ, "PATH": path},
        check=True,
        capture_output=True,
        text=True,
    )
    return done.stdout.split("\n")[:-1]


@pytest.mark.parametrize(
    ("words", "proposed"),
    [
        ("tcspec mi", ["migrate"]),
        ("tcspec check --sen", ["--sender"]),
        ("tcspec check --sender m", ["mobile"]),
        ("tcspec event view_item_l", ["view_item_list"]),
        ("tcspec rules TC003", ["TC003"]),
        ("tcspec schema batch", ["batch/2.0"]),
    ],
)
def test_names(tmp_path, words, proposed):
    """Commands, options, their values, events, codes and schemas are completed."""
    assert complete(words, tmp_path) == proposed


@pytest.mark.parametrize("words", ["tcspec check e", "tcspec migrate e", "tcspec check --baseline k"])
def test_files(tmp_path, words):
    """Where a file or folder is expected, the shell completes names as it does elsewhere."""
    assert complete(words, tmp_path)[0] == "option: default"
