"""The style of JSON texts: detected in one text, applied to another or to new values, without changing any value.

Strings and numbers stay as they are written, because only the white space between the tokens of a text is replaced.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, replace
from itertools import pairwise

from tcspec.jsontext.positions import TOKEN, indent_at

# Control characters are always escaped, so that an escape of one says nothing of the style.
_ESCAPE_BEYOND_ASCII = re.compile(r"\\u(?!00[0-7])")


@dataclass(frozen=True, slots=True)
class JsonStyle:
    """How a JSON text is formatted: each member and item on a line of its own, or with `indent` None all on one line.

    What is on one line in an indented text stays there: arrays where there are `inline_arrays`, and where there are
    `inline_objects` those with spaces in them. What follows a comma is for those within a line.
    """

    indent: str | None = "  "
    newline: str = "\n"
    after_comma: str = " "
    colon: str = ": "
    inline_arrays: bool = False
    inline_objects: bool = False


COMPACT = JsonStyle(indent=None, after_comma="", colon=":")


@dataclass(frozen=True, slots=True)
class _Container:
    """An object or array: the index of the token that closes it, and what is between its tokens."""

    closing: int
    has_spaces: bool
    has_newlines: bool


def detect_style(text: str) -> JsonStyle:
    """Detect the style of a JSON text by the first of everything in it, whether all of it has this style or not."""
    # One pass of tokens: a parser would not keep what is between them.
    tokens = list(TOKEN.finditer(text))
    containers = _find_containers(text, tokens)
    gaps: dict[str, str] = {}
    for token, following in pairwise(tokens):
        # What is before a closing bracket shows the indentation of the parent.
        gap = text[token.end() : following.start()]
        if following[0] not in "}]" and "\n" not in gap:
            gaps.setdefault(token[0], gap)
    inline = {
        tokens[opening][0]
        for opening, container in containers.items()
        if not container.has_newlines and container.closing > opening + 1
    }
    indent = _detect_indent(text, tokens, containers)
    line = text.partition("\n")
    before_colon = next((text[key.end() : colon.start()] for key, colon in pairwise(tokens) if colon[0] == ":"), "")
    after_colon = gaps.get(":", "" if indent is None else " ")
    return JsonStyle(
        indent=indent,
        newline="\r\n" if line[1] and line[0].endswith("\r") else "\n",
        after_comma=gaps.get(",", "" if indent is None else after_colon),
        colon=f"{before_colon.strip()}:{after_colon}" if "\n" in before_colon else f"{before_colon}:{after_colon}",
        inline_arrays="[" in inline,
        inline_objects="{" in inline,
    )


def _detect_indent(text: str, tokens: list[re.Match[str]], containers: dict[int, _Container]) -> str | None:
    """Detect by how much the members of the first object or array with lines of its own are indented."""
    for opening in sorted(containers):
        container = containers[opening]
        first, last = tokens[opening + 1], tokens[container.closing - 1]
        gap = text[tokens[opening].end() : first.start()]
        closing = text[last.end() : tokens[container.closing].start()]
        if container.closing > opening + 1 and "\n" in gap:
            # A text that was cut out of another one is indented as a whole, which its last line shows.
            outer = _last_line(closing) if "\n" in closing else indent_at(text, tokens[opening].start())
            return _last_line(gap).removeprefix(outer)
    # Lines that begin only after a comma.
    start = text.find("\n")
    return indent_at(text, start + 1) if 0 <= start < tokens[-1].start() else None


def _last_line(gap: str) -> str:
    return gap.rpartition("\n")[2]


def indent_lines(text: str, indent: str, margin: str | None) -> str:
    """Return a JSON text whose lines are indented by a margin in place of an indentation; None leaves them."""
    if margin is None or margin == indent or "\n" not in text:
        return text
    # Only indentation follows a line feed: inside a string it is escaped. A blank line needs none.
    return re.sub(rf"\n{indent}(?!\r?\n)", f"\n{margin}", text)


def reformat(text: str, style: JsonStyle) -> str:
    """Return a JSON text in another style, without white space around it."""
    tokens = list(TOKEN.finditer(text))
    containers = _find_containers(text, tokens)
    pieces: list[str] = []
    depth = index = 0
    while index < len(tokens):
        symbol = tokens[index][0]
        if container := containers.get(index):
            is_empty = container.closing == index + 1
            if is_empty or _stays_inline(symbol, container, style):
                end = tokens[container.closing]
                pieces.append(symbol + end[0] if is_empty else text[tokens[index].start() : end.end()])
                index = container.closing
            else:
                depth += 1
                pieces += (symbol, _break_line(style, depth))
        elif symbol in "}]":
            depth -= 1
            pieces += (_break_line(style, depth), symbol)
        elif symbol == ",":
            pieces += (symbol, style.after_comma if style.indent is None else _break_line(style, depth))
        else:
            pieces.append(style.colon if symbol == ":" else symbol)
        index += 1
    return "".join(pieces)


def _break_line(style: JsonStyle, depth: int) -> str:
    return "" if style.indent is None else style.newline + style.indent * depth


def _stays_inline(bracket: str, container: _Container, style: JsonStyle) -> bool:
    if style.indent is None or container.has_newlines:
        return False
    return style.inline_arrays if bracket == "[" else style.inline_objects and container.has_spaces


def _find_containers(text: str, tokens: list[re.Match[str]]) -> dict[int, _Container]:
    """Find the objects and arrays of a text by the index of the token that opens them."""
    containers: dict[int, _Container] = {}
    unclosed: list[tuple[int, int, int]] = []
    spaces = newlines = 0
    for index, token in enumerate(tokens):
        # Counted up to each bracket: a container has spaces when the count at its end is higher than at its start.
        gap = text[tokens[index - 1].end() : token.start()] if index else ""
        spaces += bool(gap)
        newlines += "\n" in gap
        if token[0] in ("{", "["):
            unclosed.append((index, spaces, newlines))
        elif token[0] in ("}", "]"):
            opening, spaces_before, newlines_before = unclosed.pop()
            containers[opening] = _Container(index, spaces > spaces_before, newlines > newlines_before)
    return containers


def escapes_beyond_ascii(text: str) -> bool:
    """Return whether a JSON text writes characters beyond ASCII as escapes."""
    return text.isascii() and bool(_ESCAPE_BEYOND_ASCII.search(text))


def format_value(value: object, style: JsonStyle, margin: str | None, *, ensure_ascii: bool) -> str:
    """Encode a new value in the style of the text around it.

    Args:
        value: any JSON value.
        style: the style of the text.
        margin: the indentation of the line on which the value starts; None keeps the value on one line.
        ensure_ascii: whether characters beyond ASCII are escaped.
    """
    line = json.dumps(value, ensure_ascii=ensure_ascii, separators=(f",{style.after_comma}", style.colon))
    if margin is None:
        return line
    return reformat(line, replace(style, indent=style.indent or "", newline=style.newline + margin))
