"""The action of GitHub and the job of GitLab, their steps run as a runner does, on folders with payloads."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys

import pytest
import yaml

from command import PROGRAM
from locations import ROOT

BASH = shutil.which("bash")
GOOD = {
    "event_name": "login",
    "user": {"id": "C-1", "consistent_anonymous_id": "a", "consent_categories": ["1"]},
    "context": {"event_id": "e-1", "event_timestamp": 1718006400000},
}
ACTION = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))
JOB = yaml.safe_load((ROOT / "docs" / "gitlab-ci.yml").read_text(encoding="utf-8"))[".tcspec"]
PAGE = (ROOT / "docs" / "pipelines.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"^```yaml\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)

pytestmark = pytest.mark.skipif(BASH is None, reason="bash is not installed")


@pytest.fixture
def folder(tmp_path):
    """Return a folder with a valid event, an event without name in a folder with a space, and other JSON."""
    nameless = {key: value for key, value in GOOD.items() if key != "event_name"}
    for path, content in {"good/a.json": GOOD, "with space/b.json": nameless, "package.json": {"name": "a"}}.items():
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_text(json.dumps(content), encoding="utf-8")
    return tmp_path


def run(script, folder, **variables):
    """Run a script as a runner does: bash that stops at the first error."""
    return subprocess.run(
        [BASH, "--noprofile", "--norc", "-e", "-o", "pipefail", "-c", script],
        cwd=folder,
        env={**os.environ, **variables},
        capture_output=True,
        check=False,
        text=True,
    )


def step(index, folder, temp, **inputs):
    """Run a step of the action."""
    content = ACTION["runs"]["steps"][index]
    values = {
        **{f"inputs.{name}": given["default"] for name, given in ACTION["inputs"].items()},
        "inputs.python": sys.executable,
        **{f"inputs.{name.replace('_', '-')}": value for name, value in inputs.items()},
        "runner.temp": str(temp),
        "github.action_path": str(ROOT),
    }

    def fill(text):
        return re.sub(r"\$\{\{ ([\w.-]+) \}\}", lambda found: values[found[1]], text)

    assert content["shell"] == "bash"
    variables = {name: fill(value) for name, value in content["env"].items()}
    return run(content["run"], folder / fill(content.get("working-directory", ".")), **variables)


@pytest.fixture(scope="module")
def temp(tmp_path_factory):
    """Return a folder of a runner in which the first step of the action has installed tcspec."""
    temp = tmp_path_factory.mktemp("runner")
    done = step(0, ROOT, temp)
    assert done.returncode == 0, done.stderr
    return temp


class TestGithub:
    """The action, a list of steps with inputs."""

    def test_violations(self, folder, temp):
        """By default every payload below the folder is checked; a violation is an annotation, and fails the step."""
        done = step(1, folder, temp)
        assert done.returncode == 1, done.stderr
        (annotation,) = [line for line in done.stdout.splitlines() if line.startswith("::error")]
        assert "file=with space/b.json,line=1" in annotation
        assert "event_name" in annotation

    def test_inputs(self, folder, temp):
        """Paths and options are taken line by line, so that a space in them is part of a name."""
        assert step(1, folder, temp, paths="good\n").returncode == 0
        assert step(1, folder, temp, paths="with space\ngood").returncode == 1
        assert step(1, folder, temp, options="--payloads-only\n--fail-on=never").returncode == 0
        assert step(1, folder, temp, working_directory="good", command="validate").returncode == 0

    def test_nothing_in_an_input_is_run(self, folder, temp):
        """What looks like a command in an input is only the name of a file."""
        done = step(1, folder, temp, paths="$(touch made); touch made")
        assert done.returncode == 2
        assert not (folder / "made").exists()
        assert [each["run"] for each in ACTION["runs"]["steps"] if "${{" in each["run"]] == []

    def test_nothing_in_the_checked_folder_is_imported(self, folder, temp):
        """A module in the folder that is checked does not take the place of one of tcspec."""
        (folder / "click.py").write_text("raise SystemExit(9)", encoding="utf-8")
        assert step(1, folder, temp, paths="good").returncode == 0

    def test_the_example(self):
        """The inputs of the example, and those in the table of the page, are the inputs of the action."""
        (used,) = [each for each in yaml.safe_load(EXAMPLES[0])["jobs"]["payloads"]["steps"] if "with" in each]
        assert set(used["with"]) <= set(ACTION["inputs"])
        table = dict(re.findall(r"^\| `([\w-]+)` \| `([^`]+)` \|", PAGE, re.MULTILINE))
        assert table == {name: each["default"] for name, each in ACTION["inputs"].items()}


class TestGitlab:
    """The job, a list of lines of a script with variables."""

    @staticmethod
    def job(folder, **variables):
        """Run the script of the job with this tcspec; what it installs is only written to a file."""
        # The program `python` of the image, which would install tcspec.
        start = 'python() { printf "%s\\n" "$@" > ../installed; }\n'
        path = f"{PROGRAM.parent}{os.pathsep}{os.environ['PATH']}"
        return run(start + "\n".join(JOB["script"]), folder, **{**JOB["variables"], "PATH": path, **variables})

    def test_violations(self, folder):
        """The job fails with the violations in its log, and its report for the merge request has them."""
        (folder / "c").mkdir()
        shutil.move(folder / "with space", folder / "c" / "bad")
        done = self.job(folder / "c")
        assert done.returncode == 1, done.stderr
        assert "TC101" in done.stdout
        (report,) = JOB["artifacts"]["reports"].values()
        (found,) = json.loads((folder / "c" / report).read_text(encoding="utf-8"))
        assert (found["check_name"], found["location"]["path"]) == ("TC101", "bad/b.json")
        assert JOB["artifacts"]["when"] == "always"
        assert (folder / "installed").read_text(encoding="utf-8").split()[-1] == "tcspec"

    def test_no_violations(self, folder):
        """The job passes when nothing is found, and its report is empty."""
        done = self.job(folder / "good")
        assert done.returncode == 0, done.stderr
        assert json.loads((folder / "good" / "gl-code-quality-report.json").read_text(encoding="utf-8")) == []

    def test_variables(self, folder):
        """Paths and options are words of variables; an option that fails the job does not keep the report away."""
        done = self.job(folder, TCSPEC_PATHS="good with*", TCSPEC_OPTIONS="--payloads-only --fail-on warning")
        assert done.returncode == 1
        assert len(json.loads((folder / "gl-code-quality-report.json").read_text(encoding="utf-8"))) == 1
        assert self.job(folder, TCSPEC_PATHS="nowhere").returncode == 2

    def test_the_example(self):
        """The example extends the job, sets variables that it has, and includes the file that is there."""
        example = yaml.safe_load(EXAMPLES[-1])
        assert (ROOT / example["include"][0]["file"]).is_file()
        assert example["payloads"]["extends"] == ".tcspec"
        assert set(example["payloads"]["variables"]) <= set(JOB["variables"])
