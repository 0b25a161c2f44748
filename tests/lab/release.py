"""Check a release as its users get it, from outside the checkout: `make release-check` runs `python -m lab.release`.

Of the last commit, not of the working tree, it builds sdist and wheel, and both once more from the sdist: the bytes
must be the same. In each Python that is here it installs the wheel and runs the tests of the sdist on it, in the oldest
also beside the oldest dependencies. The files are left in a folder, with an SBOM (CycloneDX) and checksums.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING

from locations import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
CYCLONEDX = ROOT / ".venv-release" / "bin" / "cyclonedx-py"

_SECTIONS = ("Added", "Changed", "Deprecated", "Removed", "Fixed", "Security", "Narrowed")
"""Those of Keep a Changelog, and the one that names schemas which accept less."""
_HEADING = re.compile(r"Unreleased|(\d+\.\d+\.\d+)(?:(?:a|b|rc)\d+)? - (\d{4}-\d\d-\d\d)")
_TESTED = (
    "cli/test_check.py",
    "cli/test_event.py",
    "cli/test_rules.py",
    "cli/test_schema.py",
    "cli/test_upgrade.py",
    "kit/test_assertions.py",
    "test_guarding.py",
    "test_parsing.py",
    "test_validation.py",
    "upgrades/test_api.py",
)
"""The tests of the sdist that run on the wheel: of what everybody calls, and of no private part or source file."""


class ReleaseError(Exception):
    """Something that must not be released."""


def run(*command: object, cwd: Path = ROOT, **variables: str) -> str:
    """Run a program, and return what it wrote; without the checkout in the path of Python."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"} | variables
    done = subprocess.run(
        [str(each) for each in command], cwd=cwd, env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise ReleaseError(f"{' '.join(map(str, command))}\n{(done.stdout + done.stderr)[-3000:]}")
    return done.stdout


def build(source: Path, target: Path, time: str) -> list[Path]:
    """Build sdist and wheel of a folder, with a time in seconds for everything in them."""
    run(sys.executable, "-m", "hatchling", "build", "-d", target, cwd=source, SOURCE_DATE_EPOCH=time)
    return sorted(target.iterdir())


def unpack(sdist: Path, target: Path) -> Path:
    """Unpack an sdist without what its build has added, and return its folder."""
    with tarfile.open(sdist) as archive:
        archive.extractall(target, filter="data")
    (folder,) = target.iterdir()
    (folder / "PKG-INFO").unlink()
    return folder


def find_different(files: list[Path], others: list[Path]) -> list[str]:
    """Return the names of the files that are not the same in two builds."""
    contents, other_contents = ({path.name: path.read_bytes() for path in each} for each in (files, others))
    names = contents.keys() | other_contents.keys()
    return sorted(name for name in names if contents.get(name) != other_contents.get(name))


def find_pythons() -> Iterator[tuple[str, str | None]]:
    """Yield each supported version of Python with its program; None where it is not here."""
    found = re.findall(r":: Python :: (3\.\d+)$", "\n".join(PROJECT["classifiers"]), re.MULTILINE)
    for version in found:
        program = shutil.which(f"python{version}")
        # A program of this name may only say that there is no such Python.
        is_here = program and not subprocess.run([program, "--version"], capture_output=True, check=False).returncode
        yield version, program if is_here else None


def lowest() -> list[str]:
    """Return the constraints for the lowest versions of the dependencies that are allowed."""
    return [each.replace(">=", "==") for each in PROJECT["dependencies"]]


def install(folder: Path, python: str, *requirements: str, constraints: list[str] | None = None) -> Path:
    """Make an environment in which nothing but packages is installed, and return its Python."""
    run(python, "-m", "venv", "--without-pip", folder)
    wanted = folder / "constraints.txt"
    wanted.write_text("\n".join(constraints or []), encoding="utf-8")
    pip = (sys.executable, "-m", "pip", "--python", folder / "bin" / "python", "--disable-pip-version-check", "--quiet")
    run(*pip, "install", "--constraint", wanted, *requirements, cwd=folder)
    return folder / "bin" / "python"


def write_sbom(python: Path, target: Path, version: str) -> None:
    """Write the SBOM of an environment in which tcspec is installed: the package, and all that comes with it."""
    described = python.parent.parent / "pyproject.toml"
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    described.write_text(text.replace('dynamic = ["version"]', f'version = "{version}"'), encoding="utf-8")
    options = ("--output-reproducible", "--mc-type", "library", "--pyproject", described, "--output-file", target)
    run(CYCLONEDX, "environment", *options, python)


def find_changelog_errors(text: str, version: str | None = None) -> Iterator[str]:
    """Yield what is wrong with the form of the changelog; with a version, also that it is not its newest entry."""
    headings = re.findall(r"^## (.*)$", text, re.MULTILINE)
    yield from (f"not a version and a date: {each}" for each in headings if not _HEADING.fullmatch(each))
    yield from (
        f"no such section: {each}" for each in re.findall(r"^### (.*)$", text, re.MULTILINE) if each not in _SECTIONS
    )
    released = [
        tuple(map(int, found[1].split("."))) for each in headings if (found := _HEADING.fullmatch(each)) and found[1]
    ]
    if released != sorted(set(released), reverse=True) or "Unreleased" in headings[1:]:
        yield "the newest version is not the first"
    if version and not (headings and headings[0].startswith(f"{version} - ")):
        yield f"its first entry is not that of {version}, with a date"


def main() -> None:
    """Check a release and leave its files in a folder."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("target", type=Path, help="folder for the files")
    parser.add_argument("--tag", help="tag of the release, such as v1.2.0: version and changelog must be those")
    arguments = parser.parse_args()
    try:
        check(arguments.target, arguments.tag)
    except ReleaseError as error:
        sys.exit(f"not to be released: {error}")


def check(target: Path, tag: str | None) -> None:
    """Build, compare, install and test."""
    shutil.rmtree(target, ignore_errors=True)
    with tempfile.TemporaryDirectory() as name:
        work = Path(name)
        run("git", "archive", "--output", work / "commit.tar", "HEAD")
        source = work / "commit"
        with tarfile.open(work / "commit.tar") as archive:
            archive.extractall(source, filter="data")
        time = run("git", "log", "-1", "--format=%ct").strip()
        files = build(source, target, time)
        sdist, wheel = sorted(files, key=lambda path: path.suffix == ".whl")
        folder = unpack(sdist, work / "sdist")
        different = find_different(files, build(folder, work / "again", time))
        if different:
            raise ReleaseError(f"two builds differ: {', '.join(different)}")
        print(f"built twice, the same bytes: {', '.join(path.name for path in files)}")
        version = wheel.name.split("-")[1]
        changelog = (source / "CHANGELOG.md").read_text(encoding="utf-8")
        errors = list(find_changelog_errors(changelog, version if tag else None))
        if tag and tag != f"v{version}":
            errors.append(f"the tag is {tag}, the version {version}")
        if errors:
            raise ReleaseError("; ".join(errors))
        shutil.rmtree(folder / "tcspec")
        test_everywhere(wheel, folder, work)
        write_sbom(install(work / "plain", sys.executable, str(wheel)), target / f"tcspec-{version}.cdx.json", version)
    sums = [f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name}" for path in sorted(target.iterdir())]
    (target / "SHA256SUMS").write_text("\n".join(sums) + "\n", encoding="utf-8")
    print("\n".join(sums))


def test_everywhere(wheel: Path, folder: Path, work: Path) -> None:
    """Run the tests of an sdist on the wheel, in each Python that is here; in the oldest also beside the oldest."""
    tests = [folder / "tests" / each for each in _TESTED]
    for number, (version, python) in enumerate(find_pythons()):
        if python is None:
            print(f"Python {version} is not here: skipped")
            continue
        for label, constraints in (("newest", None), ("oldest", lowest())) if number == 0 else (("newest", None),):
            environment = install(work / f"{version}-{label}", python, f"{wheel}[test]", constraints=constraints)
            options = ("-m", "not slow", "--numprocesses", "auto", "--dist", "loadfile", "--quiet")
            done = run(environment, "-m", "pytest", *options, *tests, cwd=folder)
            print(f"Python {version}, {label} dependencies: {done.strip().splitlines()[-1]}")


if __name__ == "__main__":
    main()
