"""The layout of JSON texts: found in one text, given to another, without touching a single value.

Strings and numbers keep their spelling, because only what is between the tokens of a text is ever replaced.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise

_TOKEN = re.compile(r'"(?:[^"\\]++|\\.)*+"|[{}\[\],:]|[^\s{}\[\],:"]++')


@dataclass(frozen=True, slots=True)
class JsonStyle:
    """How a JSON text is laid out: its members each on a line, or with `indent` None all on one line.

    What stands on one line in an indented text is left as it is: lists where there are `inline_lists`, and where there
    are `inline_objects` those with spaces in them.
    """

    indent: str | None = "  "
    line_end: str = "\n"
    after_comma: str = ""
    after_colon: str = " "
    inline_lists: bool = False
    inline_objects: bool = False


PRETTY = JsonStyle()
COMPACT = JsonStyle(indent=None, after_colon="")


@dataclass(frozen=True, slots=True)
class _Container:
    """An object or list of a text: the token that closes it, and what is between its tokens."""

    closing: int
    is_spaced: bool
    is_broken: bool


def detect_style(text: str) -> JsonStyle:
    """Find out how a JSON text is laid out, by the first of everything in it."""
    tokens = list(_TOKEN.finditer(text))
    after: dict[str, str] = {}
    for token, following in pairwise(tokens):
        if following[0] not in "}]":
            after.setdefault(token[0], text[token.end() : following.start()])
    first = after.get(tokens[0][0], "")
    _, broken, indent = first.rpartition("\n")
    inline = {
        tokens[opening][0]
        for opening, container in _containers(text, tokens).items()
        if not container.is_broken and container.closing > opening + 1
    }
    return JsonStyle(
        indent=indent if broken else None,
        line_end="\r\n" if "\r\n" in first else "\n",
        after_comma="" if broken else after.get(",", ""),
        after_colon=after.get(":", "" if not broken else " "),
        inline_lists="[" in inline,
        inline_objects="{" in inline,
    )


def reformat(text: str, layout: JsonStyle) -> str:
    """Give a JSON text another layout, without white space around it."""
    tokens = list(_TOKEN.finditer(text))
    containers = _containers(text, tokens)
    pieces: list[str] = []
    depth = index = 0
    while index < len(tokens):
        part = tokens[index][0]
        if container := containers.get(index):
            is_empty = container.closing == index + 1
            if is_empty or _stays(part, container, layout):
                end = tokens[container.closing]
                pieces.append(part + end[0] if is_empty else text[tokens[index].start() : end.end()])
                index = container.closing
            else:
                depth += 1
                pieces += (part, _break(layout, depth))
        elif part in "}]":
            depth -= 1
            pieces += (_break(layout, depth), part)
        elif part == ",":
            pieces += (part, _break(layout, depth) or layout.after_comma)
        else:
            pieces += (part, layout.after_colon) if part == ":" else (part,)
        index += 1
    return "".join(pieces)


def _break(layout: JsonStyle, depth: int) -> str:
    return "" if layout.indent is None else layout.line_end + layout.indent * depth


def _stays(bracket: str, container: _Container, layout: JsonStyle) -> bool:
    if layout.indent is None or container.is_broken:
        return False
    return layout.inline_lists if bracket == "[" else layout.inline_objects and container.is_spaced


def _containers(text: str, tokens: list[re.Match[str]]) -> dict[int, _Container]:
    """Find the objects and lists of a text by the index of the token that opens them."""
    containers: dict[int, _Container] = {}
    open_ones: list[tuple[int, int, int]] = []
    spaces = breaks = 0
    for index, token in enumerate(tokens):
        gap = text[tokens[index - 1].end() : token.start()] if index else ""
        spaces += bool(gap)
        breaks += "\n" in gap
        if token[0] in ("{", "["):
            open_ones.append((index, spaces, breaks))
        elif token[0] in ("}", "]"):
            opening, spaces_before, breaks_before = open_ones.pop()
            containers[opening] = _Container(index, spaces > spaces_before, breaks > breaks_before)
    return containers
