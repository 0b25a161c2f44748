"""Run mutmut on functions with decorators too, and with empty caches.

Most rules of tcspec are functions with a decorator, which mutmut does not mutate; it leaves out properties and cached
functions too. Here a harmless decorator stays on the function that selects the mutant, and is removed from the mutants.
A value that was cached before a mutant is selected would hide the mutant, so the caches are cleared.

    PYTHONPATH=tests python -m lab.mutation.run run --max-children 1
"""

from __future__ import annotations

import os
import re
import sys
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from functools import cache, cached_property, partial
from itertools import accumulate
from math import ceil
from pathlib import Path
from time import process_time
from typing import TYPE_CHECKING, Any

import libcst as cst
import pytest
from _pytest.config import _prepareconfig as get_config_of
from mutmut.__main__ import cli
from mutmut.configuration import config
from mutmut.mutation import file_mutation
from mutmut.mutation.trampoline import get_mutant_under_test
from mutmut.runners.harness import PytestRunner
from mutmut.state import state
from mutmut.utils.file_utils import change_cwd
from mutmut.workers import isolation
from mutmut.workers.isolation import ForkRunner, ForkServerRunner, run_in_fork_with_result

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

HARMLESS = frozenset({"cache", "check_arguments", "lru_cache", "property", "rule", "stream_rule"})
"""Decorators that only register or cache the function, or check its arguments."""

BUDGET = float(os.environ.get("MUTANTS_BUDGET", "2"))
"""How many seconds the closest tests, and then other tests, run on a mutant."""

_OVERHEAD = 0.001
"""The seconds that pytest takes for each test."""

PATIENCE = 5
"""How many times longer than without a mutant the tests may take before they time out."""

MAX_WAIT = 300
"""How many seconds the processes may wait for a processor."""

FRAMES_OF_A_CALL = 3
"""A call of a function that mutmut has changed also calls two functions of mutmut."""


def is_harmless(decorator: cst.Decorator) -> bool:
    """Return whether a function with a decorator can be mutated."""
    called = decorator.decorator
    name = called.func if isinstance(called, cst.Call) else called
    return isinstance(name, cst.Name) and name.value in HARMLESS


def without_decorators(function: Any) -> Any:
    """Return a function without its decorators if all are harmless."""
    if isinstance(function, cst.FunctionDef) and function.decorators and all(map(is_harmless, function.decorators)):
        return function.with_changes(decorators=())
    return function


def clear_caches() -> None:
    """Clear the caches of all modules in this folder, the tests included."""
    here = str(Path.cwd())
    for module in list(sys.modules.values()):
        if (getattr(module, "__file__", None) or "").startswith(here):
            for value in list(vars(module).values()):
                if hasattr(value, "cache_clear"):
                    value.cache_clear()


@cache
def count_calls() -> Counter[str]:
    """Count the functions that each test calls; in the process that all others are forked from."""
    return Counter(test for those in state().tests_by_mangled_function_name.values() for test in those)


def find_own_tests(mutant: str) -> str:
    """Return the path of the file that tests the module of a mutant: `tests/` mirrors `tcspec/`."""
    *folders, module = mutant.partition("__mutmut_")[0].split(".")[1:-1]
    return "/".join(("tests", *folders, f"test_{module}.py"))


def select_tests(mutant: str, tests: Iterable[str]) -> list[str]:
    """Select the tests of its module and quick tests that call few functions, then one case of each other in turn."""
    called = count_calls()
    durations = state().duration_by_test
    own = f"{find_own_tests(mutant)}::"

    def rank(test: str) -> tuple[bool, float, str]:
        return not test.startswith(own), called[test] * (durations.get(test, 0) + _OVERHEAD), test

    best = sorted(tests, key=rank)
    spent = accumulate(durations.get(test, 0) for test in best)
    close = [test for test, seconds in zip(best, spent, strict=True) if seconds <= BUDGET or test == best[0]]
    turns: Counter[str] = Counter()
    others = []
    for test in best[len(close) :]:
        name = test.partition("[")[0]
        others.append((turns[name], test))
        turns[name] += 1
    others.sort(key=lambda each: each[0])
    spent = accumulate(durations.get(test, 0) for _, test in others)
    return close + [test for (_, test), seconds in zip(others, spent, strict=True) if seconds <= BUDGET]


def unescape(name: str) -> str:
    """Return the name of a test with single backslashes: they double each time that pytest collects it."""
    return re.sub(r"\\+", r"\\", name)


def find_test_files() -> list[str]:
    """Return the files of the selected tests."""
    selected = map(Path, config().pytest_add_cli_args_test_selection)
    return sorted({str(file) for path in selected for file in ([path] if path.is_file() else path.rglob("test_*.py"))})


class Runner(PytestRunner):
    """Collects the tests once, and runs those that are closest to a mutant."""

    def __init__(self) -> None:
        super().__init__()
        self.failed = False
        self.durations: dict[str, float] = {}

    @cached_property
    def items(self) -> dict[str, pytest.Item]:
        """Collect the tests in the folder of the mutants."""
        arguments = ["--rootdir=.", "--capture=no", "--override-ini=addopts=", "--import-mode=importlib"]
        arguments += ["-p", "no:terminal"]
        configured = get_config_of([*arguments, *self._pytest_add_cli_args, *self._pytest_add_cli_args_test_selection])
        configured.option.tbstyle = "native"  # the fastest
        configured.pluginmanager.register(self)
        configured._do_configure()  # noqa: SLF001
        session = pytest.Session.from_config(configured)
        configured.hook.pytest_sessionstart(session=session)
        session.perform_collect()
        return {unescape(item.nodeid): item for item in session.items}

    def collect(self) -> None:
        """Collect and count once, before other processes are forked from this one."""
        count_calls()
        with change_cwd("mutants"):
            assert self.items

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """Exit with the error when tests cannot be collected."""
        if report.failed:
            sys.exit(str(report.longrepr))

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Record that a test failed, and print why if it failed without a mutant, which ends the run."""
        if report.failed:
            self.failed = True
            if get_mutant_under_test() in {"", "stats"}:
                # mutmut collects what is written to sys.stdout, and loses it with the process of the tests.
                print(report.nodeid, report.longreprtext, sep="\n", file=sys.__stderr__, flush=True)

    def pytest_runtest_setup(self) -> None:
        """Clear the caches while mutmut records which test calls which function."""
        if get_mutant_under_test() == "stats":
            clear_caches()

    def execute_pytest(self, params: list[str], **named: Any) -> int:
        """Run pytest with this class as a plugin."""
        return super().execute_pytest(params, plugins=[*named.pop("plugins", ()), self], **named)

    def run_tests(self, *, mutant_name: str | None, tests: Iterable[str]) -> int:
        """Run tests until one fails; by default all."""
        with change_cwd("mutants"):
            names = select_tests(mutant_name, tests) if mutant_name else tests or self.items
            items = {test: self.items[unescape(test)] for test in names}
            clear_caches()
            self.failed = False
            for test, item in items.items():
                start = process_time()
                item.ihook.pytest_runtest_protocol(item=item, nextitem=None)
                self.durations[test] = process_time() - start
                if self.failed:
                    return int(pytest.ExitCode.TESTS_FAILED)
        return int(pytest.ExitCode.OK)


class Forks(ForkRunner):
    """Runs each mutant in its own process, with a time limit that depends on the tests that it runs.

    No test runs in the process that the others are forked from: they would all inherit what a test leaves behind.
    """

    def _run_in_child(self, operation: Callable[[PytestRunner], Any]) -> Any:
        return run_in_fork_with_result(lambda: operation(self.test_runner))

    def _run_in_parts(self, run: Callable[[list[str]], int], tests: list[str]) -> int:
        """Run tests in as many processes as mutants; return the highest exit code."""
        parts = [tests[start :: self.max_workers] for start in range(self.max_workers)]
        with ThreadPoolExecutor(self.max_workers) as pool:
            return max(pool.map(run, filter(None, parts)))

    def collect_stats(self, tests: Iterable[str] | None) -> int:
        """Record which tests call which functions."""
        return self._run_in_parts(partial(ForkServerRunner.collect_stats, self), list(tests or find_test_files()))

    def run_clean_tests(self, tests: Iterable[str]) -> int:
        """Run tests without a mutant, by default all, and record how long each takes."""
        self.test_runner.collect()

        def run(runner: Runner, part: list[str]) -> tuple[int, dict[str, float]]:
            return runner.run_tests(mutant_name=None, tests=part), runner.durations

        def run_part(part: list[str]) -> int:
            code, durations = self._run_in_child(partial(run, part=part))
            # Those that mutmut recorded are many times longer: each test began with empty caches.
            state().duration_by_test.update(durations)
            return code

        return self._run_in_parts(run_part, list(tests or state().duration_by_test))

    def run_forced_fail(self) -> int:
        """Run tests with every function broken."""
        return self._run_in_child(lambda runner: runner.run_forced_fail())

    def submit(self, mutant_name: str, tests: list[str], cpu_time_limit: int, estimated_time: float) -> None:
        """Run the tests of a mutant; processor time counts, which does not depend on other processes."""
        super().submit(mutant_name, tests, min(cpu_time_limit, ceil(2 * BUDGET * PATIENCE)), estimated_time + MAX_WAIT)


def install() -> None:
    """Replace parts of mutmut by those of this module."""
    skips = file_mutation.MutationVisitor._skip_node_and_children  # noqa: SLF001 - there is no public hook
    arrange = file_mutation.function_trampoline_arrangement

    def skips_less(visitor: file_mutation.MutationVisitor, node: cst.CSTNode) -> bool:
        return skips(visitor, without_decorators(node))

    def arrange_bare(*arguments: Any, **named: Any) -> Any:
        before, (selector, *others), after, names = arrange(*arguments, **named)
        return before, [selector, *map(without_decorators, others)], after, names

    file_mutation.MutationVisitor._skip_node_and_children = skips_less  # noqa: SLF001
    file_mutation.function_trampoline_arrangement = arrange_bare
    isolation.PytestRunner = Runner
    isolation.ForkRunner = Forks


if __name__ == "__main__":
    os.environ.setdefault("HYPOTHESIS_PROFILE", "mutants")
    sys.setrecursionlimit(FRAMES_OF_A_CALL * sys.getrecursionlimit())
    install()
    cli()
