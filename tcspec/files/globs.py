"""Globs over the paths of files: `*`, `?` and `[...]` stay within a folder, `**` does not.

They are matched in time that grows with the length of the pattern times that of the path: step by step, with the set of
all places in the path where the steps so far can end. A regular expression tries the combinations one by one, of which
`*a*a*a*a*a*a*b` has more than anybody can wait for.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

MAX_LENGTH = 4096
"""How many characters a glob may have, as the path of a file on most systems."""

# The empty group is in the place of the escapes, which only git has.
_WILDCARDS = re.compile(r"(\*\*/)|(\*\*)|(\*)|(\?)|\[(!?)([^\]]+)\]()")
_MEMBERS = re.compile(r"(.)-(.)|(.)", re.DOTALL)
_GITIGNORE_WILDCARDS = re.compile(
    r"((?:(?<=/)|^)\*\*/)|((?<=/)\*\*$)|(\*+)|(\?)|\[([!^]?)(\](?:\\.|[^\]\\])*|(?:\\.|[^\]\\])+)\]|\\(.)",
    re.DOTALL,
)
_GITIGNORE_MEMBERS = re.compile(r"\\?(.)-\\?(.)|\\?(.)", re.DOTALL)

_Step = Callable[[str, set[int]], set[int]]
"""Returns where in a path a step can end, from where the steps before it can."""


@dataclass(frozen=True, slots=True)
class Glob:
    """A pattern of paths, as steps that are taken one after the other."""

    steps: tuple[_Step, ...]

    def matches(self, path: str) -> bool:
        """Return whether a path as a whole has the pattern."""
        ends = {0}
        for step in self.steps:
            ends = step(path, ends)
            if not ends:
                return False
        return len(path) in ends


def is_glob(text: str) -> bool:
    """Return whether a text has wildcards, and is not only the path of a file."""
    return _WILDCARDS.search(text) is not None


def parse_glob(text: str) -> Glob:
    """Parse a glob; whatever is no wildcard stands for itself.

    Raises:
        ValueError: when it can match no path: it is empty or too long, has a null character, or a reversed range.
    """
    return _parse(text, _WILDCARDS, _MEMBERS)


def parse_gitignore_glob(text: str) -> Glob:
    r"""Parse a glob as git does: `**` is a whole part of the path or else `*`, `\` escapes, `^` negates as `!`.

    Raises:
        ValueError: as `parse_glob`.
    """
    return _parse(text, _GITIGNORE_WILDCARDS, _GITIGNORE_MEMBERS)


def _parse(text: str, wildcards: re.Pattern[str], member: re.Pattern[str]) -> Glob:
    if not text:
        raise ValueError("expected a path or a glob, got an empty string")
    if "\0" in text:
        raise ValueError("a path cannot have a null character")
    if len(text) > MAX_LENGTH:
        raise ValueError(f"a path or glob has at most {MAX_LENGTH:,} characters, got {len(text):,}")
    steps: list[_Step] = []
    end = 0
    for found in wildcards.finditer(text):
        steps.append(partial(_match_text, text=text[end : found.start()]))
        folders, anything, within, one, negated, members, escaped = found.groups()
        if folders:
            steps.append(_match_folders)
        elif anything:
            steps.append(_match_anything)
        elif within:
            steps.append(_match_within_folder)
        elif escaped:
            steps.append(partial(_match_text, text=escaped))
        else:
            ranges = [] if one else _parse_members(members, member)
            steps.append(partial(_match_one, ranges=ranges, is_negated=bool(one or negated)))
        end = found.end()
    return Glob((*steps, partial(_match_text, text=text[end:])))


def _parse_members(members: str, member: re.Pattern[str]) -> list[tuple[str, str]]:
    """Return the ranges of characters between brackets; a single character is a range of one."""
    ranges = [(first or single, last or single) for first, last, single in member.findall(members)]
    for first, last in ranges:
        if first > last:
            raise ValueError(f"the range [{first}-{last}] has no character; did you mean [{last}-{first}]?")
    return ranges


def _match_text(path: str, ends: set[int], text: str) -> set[int]:
    return {end + len(text) for end in ends if path.startswith(text, end)}


def _match_one(path: str, ends: set[int], *, ranges: list[tuple[str, str]], is_negated: bool) -> set[int]:
    return {
        end + 1
        for end in ends
        # A slash is no member of a negated set either: brackets stay within a folder.
        if path[end : end + 1] not in {"", "/"}
        and any(first <= path[end] <= last for first, last in ranges) != is_negated
    }


def _match_within_folder(path: str, ends: set[int]) -> set[int]:
    reached: set[int] = set()
    is_reached = False
    # One pass over the path for all ends together: one for each end takes quadratic time.
    for place in range(min(ends), len(path) + 1):
        is_reached = is_reached or place in ends
        if is_reached:
            reached.add(place)
        if path[place : place + 1] == "/":
            is_reached = False
    return reached


def _match_anything(path: str, ends: set[int]) -> set[int]:
    return set(range(min(ends), len(path) + 1))


def _match_folders(path: str, ends: set[int]) -> set[int]:
    # `**/` stands for no folder, too.
    return ends | {place + 1 for place in range(min(ends), len(path)) if path[place] == "/"}
