"""Run mutmut, which only knows bare functions, over ours: over those with decorators too, and with caches forgotten.

Most of tcspec's rules are functions under a decorator, which mutmut leaves alone, as it does with properties and with
what is cached. Here the decorators that are known to do no harm stay on the function that chooses between the mutants,
and come off the mutants themselves. What was cached before a mutant came to life would hide it, and is forgotten.

    PYTHONPATH=tests python -m lab.mutation.run run --max-children 1
"""

from __future__ import annotations

import os
import re
import sys
from collections import Counter
from functools import cache, cached_property
from itertools import accumulate
from math import ceil
from pathlib import Path
from typing import TYPE_CHECKING, Any

import libcst as cst
import pytest
from _pytest.config import _prepareconfig as get_config_of
from mutmut.__main__ import cli
from mutmut.mutation import file_mutation
from mutmut.mutation.trampoline import get_mutant_under_test
from mutmut.runners.harness import PytestRunner
from mutmut.state import state
from mutmut.utils.file_utils import change_cwd
from mutmut.workers import isolation
from mutmut.workers.isolation import ForkRunner, ForkServerRunner, run_in_fork_with_result

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

UNDERSTOOD = frozenset({"cache", "lru_cache", "property", "rule", "stream_rule"})
"""Decorators that only keep, or call later, the function that they are given."""

BUDGET = float(os.environ.get("MUTANTS_BUDGET", "2"))
"""For how many seconds of tests that know it best, and again of others, a mutant must live to have survived."""

_AROUND = 0.001
"""How many seconds there are around each test."""

PATIENCE = 5
"""How many times longer than without a mutant the tests may take before it counts as endless."""

BUSY = 300
"""For how many seconds a machine may do something else meanwhile."""


def is_understood(decorator: cst.Decorator) -> bool:
    """Tell whether a function under a decorator can be mutated."""
    called = decorator.decorator
    name = called.func if isinstance(called, cst.Call) else called
    return isinstance(name, cst.Name) and name.value in UNDERSTOOD


def bare(function: Any) -> Any:
    """Take the decorators off a function, when all are understood."""
    if isinstance(function, cst.FunctionDef) and function.decorators and all(map(is_understood, function.decorators)):
        return function.with_changes(decorators=())
    return function


def forget() -> None:
    """Empty the caches of all that lies in this folder, the tests included."""
    here = str(Path.cwd())
    for module in list(sys.modules.values()):
        if (getattr(module, "__file__", None) or "").startswith(here):
            for value in list(vars(module).values()):
                if hasattr(value, "cache_clear"):
                    value.cache_clear()


@cache
def counted() -> Counter[str]:
    """Count the functions that each test calls; in the process that all others are forked from."""
    return Counter(test for those in state().tests_by_mangled_function_name.values() for test in those)


def chosen(tests: Iterable[str]) -> list[str]:
    """Choose tests: those that call few functions and are quick, then each test in turn with one set of parameters."""
    called = counted()
    lasting = state().duration_by_test
    best = sorted(tests, key=lambda test: (called[test] * (lasting.get(test, 0) + _AROUND), test))
    spent = accumulate(lasting.get(test, 0) for test in best)
    close = [test for test, seconds in zip(best, spent, strict=True) if seconds <= BUDGET or test == best[0]]
    turns: Counter[str] = Counter()
    others = []
    for test in best[len(close) :]:
        name = test.partition("[")[0]
        others.append((turns[name], test))
        turns[name] += 1
    others.sort(key=lambda each: each[0])
    spent = accumulate(lasting.get(test, 0) for _, test in others)
    return close + [test for (_, test), seconds in zip(others, spent, strict=True) if seconds <= BUDGET]


def flat(name: str) -> str:
    """Write the name of a test as it is at first: each time that pytest collects it, backslashes double."""
    return re.sub(r"\\+", r"\\", name)


class Runner(PytestRunner):
    """Collects the tests once, and runs those that know a mutant best."""

    failed = False

    @cached_property
    def items(self) -> dict[str, pytest.Item]:
        """Collect the tests, in the folder of the mutants."""
        arguments = ["--rootdir=.", "--capture=no", "--override-ini=addopts=", "-p", "no:terminal"]
        configured = get_config_of([*arguments, *self._pytest_add_cli_args, *self._pytest_add_cli_args_test_selection])
        configured.option.tbstyle = "native"  # the quickest
        configured.pluginmanager.register(self)
        configured._do_configure()  # noqa: SLF001
        session = pytest.Session.from_config(configured)
        configured.hook.pytest_sessionstart(session=session)
        session.perform_collect()
        return {flat(item.nodeid): item for item in session.items}

    def collect(self) -> None:
        """Collect and count what there is, once and for all processes that are forked from this one."""
        counted()
        with change_cwd("mutants"):
            assert self.items

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """Tell what keeps tests from being collected."""
        if report.failed:
            sys.exit(str(report.longrepr))

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Note that a test failed, and say why: it is shown when no mutant was alive."""
        if report.failed:
            self.failed = True
            sys.stdout.write(f"{report.nodeid}\n{report.longreprtext}\n")

    def pytest_runtest_setup(self) -> None:
        """Let no test find in a cache what it would have called, while mutmut notes who calls what."""
        if get_mutant_under_test() == "stats":
            forget()

    def execute_pytest(self, params: list[str], **named: Any) -> int:
        """Run pytest with what this class knows of tests."""
        return super().execute_pytest(params, plugins=[*named.pop("plugins", ()), self], **named)

    def run_tests(self, *, mutant_name: str | None, tests: Iterable[str]) -> int:
        """Run tests until one fails; all when none is named."""
        with change_cwd("mutants"):
            items = [self.items[flat(test)] for test in (chosen(tests) if mutant_name else tests or self.items)]
            forget()
            self.failed = False
            for item in items:
                item.ihook.pytest_runtest_protocol(item=item, nextitem=None)
                if self.failed:
                    return int(pytest.ExitCode.TESTS_FAILED)
        return int(pytest.ExitCode.OK)


class Forks(ForkRunner):
    """Runs each mutant in a process of its own, for as long as what it is asked to run may take.

    No test is ever run in the process that the others come from: what one leaves behind would be there for them all.
    """

    collect_stats = ForkServerRunner.collect_stats

    def _run_in_child(self, operation: Callable[[PytestRunner], Any]) -> Any:
        return run_in_fork_with_result(lambda: operation(self.test_runner))

    def run_clean_tests(self, tests: Iterable[str]) -> int:
        """Run tests without a mutant."""
        self.test_runner.collect()
        return self._run_in_child(lambda runner: runner.run_tests(mutant_name=None, tests=tests))

    def run_forced_fail(self) -> int:
        """Run tests with every function broken."""
        return self._run_in_child(lambda runner: runner.run_forced_fail())

    def submit(self, mutant_name: str, tests: list[str], cpu_time_limit: int, estimated_time: float) -> None:
        """Run the tests of a mutant; the time of the processor counts, which no other process takes from it."""
        super().submit(mutant_name, tests, min(cpu_time_limit, ceil(2 * BUDGET * PATIENCE)), estimated_time + BUSY)


def install() -> None:
    """Teach mutmut what this module knows."""
    skips = file_mutation.MutationVisitor._skip_node_and_children  # noqa: SLF001 - there is no other door
    arrange = file_mutation.function_trampoline_arrangement

    def skips_less(visitor: file_mutation.MutationVisitor, node: cst.CSTNode) -> bool:
        return skips(visitor, bare(node))

    def arrange_bare(*arguments: Any, **named: Any) -> Any:
        before, (chooser, *others), after, names = arrange(*arguments, **named)
        return before, [chooser, *map(bare, others)], after, names

    file_mutation.MutationVisitor._skip_node_and_children = skips_less  # noqa: SLF001
    file_mutation.function_trampoline_arrangement = arrange_bare
    isolation.PytestRunner = Runner
    isolation.ForkRunner = Forks


if __name__ == "__main__":
    os.environ.setdefault("HYPOTHESIS_PROFILE", "mutants")
    install()
    cli()
