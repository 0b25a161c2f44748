"""The style of JSON texts: detected in one text, applied to another or to new values, without changing any value.

Strings and numbers stay as they are written, because only the white space between the tokens of a text is replaced.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, replace
from itertools import pairwise

from tcspec.jsontext.positions import TOKEN

_ESCAPE_BEYOND_ASCII = re.compile(r"\\u(?!00[0-7])")


@dataclass(frozen=True, slots=True)
class JsonStyle:
    """How a JSON text is formatted: each member and item on a line of its own, or with `indent` None all on one line.

    What is on one line in an indented text stays there: arrays where there are `inline_arrays`, and where there are
    `inline_objects` those with spaces in them.
    """

    indent: str | None = "  "
    newline: str = "\n"
    after_comma: str = ""
    after_colon: str = " "
    inline_arrays: bool = False
    inline_objects: bool = False

    @property
    def after_inline_comma(self) -> str:
        """Return what follows a comma within a line; an indented text shows that only after its colons."""
        return self.after_comma if self.indent is None else self.after_colon


PRETTY = JsonStyle()
COMPACT = JsonStyle(indent=None, after_colon="")


@dataclass(frozen=True, slots=True)
class _Container:
    """An object or array: the index of the token that closes it, and what is between its tokens."""

    closing: int
    has_spaces: bool
    has_newlines: bool


def detect_style(text: str) -> JsonStyle:
    """Detect the style of a JSON text by the first of everything in it."""
    tokens = list(TOKEN.finditer(text))
    gaps: dict[str, str] = {}
    for token, following in pairwise(tokens):
        # What is before a closing bracket shows the indentation of the parent.
        if following[0] not in "}]":
            gaps.setdefault(token[0], text[token.end() : following.start()])
    first = gaps.get(tokens[0][0], "")
    is_indented = "\n" in first
    inline = {
        tokens[opening][0]
        for opening, container in _find_containers(text, tokens).items()
        if not container.has_newlines and container.closing > opening + 1
    }
    return JsonStyle(
        indent=_last_line(first).removeprefix(_closing_indent(text, tokens)) if is_indented else None,
        newline="\r\n" if "\r\n" in first else "\n",
        after_comma="" if is_indented else gaps.get(",", ""),
        after_colon=gaps.get(":", " " if is_indented else ""),
        inline_arrays="[" in inline,
        inline_objects="{" in inline,
    )


def _closing_indent(text: str, tokens: list[re.Match[str]]) -> str:
    """Return the indentation of the last bracket: a text that was cut out of another one is indented as a whole."""
    gap = text[tokens[-2].end() : tokens[-1].start()]
    return _last_line(gap) if "\n" in gap else ""


def _last_line(gap: str) -> str:
    return gap.rpartition("\n")[2]


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
            pieces += (symbol, _break_line(style, depth) or style.after_comma)
        else:
            pieces += (symbol, style.after_colon) if symbol == ":" else (symbol,)
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
    separators = f",{style.after_inline_comma}", f":{style.after_colon}"
    line = json.dumps(value, ensure_ascii=ensure_ascii, separators=separators)
    if margin is None:
        return line
    return reformat(line, replace(style, indent=style.indent or "", newline=style.newline + margin))
