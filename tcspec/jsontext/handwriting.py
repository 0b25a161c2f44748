"""How the author of a JSON text writes, and new values in the same hand."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

from tcspec.jsontext.spans import children, find, indent_at
from tcspec.jsontext.style import JsonStyle, detect_style, reformat

if TYPE_CHECKING:
    from collections.abc import Callable

    Spelling = Callable[[str | None], str]
    """Spells a value on lines of a given indentation, or on one line."""

_ESCAPE = re.compile(r"\\u(?!00[0-7])")
"""A character beyond ASCII that is written as an escape."""


@dataclass(frozen=True)
class Hand:
    """How a JSON text is written, found out when it is asked for."""

    text: str

    @cached_property
    def layout(self) -> JsonStyle:
        """Give the layout of the text."""
        return detect_style(self.text)

    @cached_property
    def unit(self) -> str:
        """Give what one level of the outermost container is indented by."""
        root = find(self.text, ())
        first = next(children(self.text, root), root)
        return indent_at(self.text, first.key).removeprefix(indent_at(self.text, root.end - 1))

    @cached_property
    def escapes(self) -> bool:
        """Tell whether characters beyond ASCII are written as escapes."""
        return self.text.isascii() and bool(_ESCAPE.search(self.text))

    @property
    def after_comma(self) -> str:
        """Give what follows a comma on a line; a text of many lines is asked what follows its colons."""
        return self.layout.after_comma if self.layout.indent is None else self.layout.after_colon

    def compact(self, value: object) -> str:
        """Spell a value without white space."""
        return json.dumps(value, ensure_ascii=self.escapes, separators=(",", ":"))

    def spelling(self, value: object) -> Spelling:
        """Spell a value as the text spells its own."""

        def spelt(lines: str | None) -> str:
            if not value or not isinstance(value, dict | list):
                return self.compact(value)
            comma, colon = f",{self.after_comma}", f":{self.layout.after_colon}"
            on_one_line = json.dumps(value, ensure_ascii=self.escapes, separators=(comma, colon))
            if lines is None:
                return on_one_line
            return reformat(on_one_line, replace(self.layout, indent=self.unit, line_end=self.layout.line_end + lines))

        return spelt
