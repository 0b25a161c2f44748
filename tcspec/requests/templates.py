"""Variables of `.http` files: `@name = value`, and `{{name}}` where it is used."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from types import MappingProxyType

from tcspec import codes
from tcspec.jsontext.positions import Cursor
from tcspec.requests.captured_request import unreadable

_USED = re.compile(r"\{\{[ \t]*+(\$?[\w.-]++)([^{}\r\n]*+)\}\}")

_MADE_UP = MappingProxyType(
    {
        "$guid": "3f0c8a52-6d1e-4b7a-9c24-5e8f01a7b6d3",
        "$uuid": "3f0c8a52-6d1e-4b7a-9c24-5e8f01a7b6d3",
        "$random.uuid": "3f0c8a52-6d1e-4b7a-9c24-5e8f01a7b6d3",
        "$timestamp": "1767225600",
        "$isoTimestamp": "2026-01-01T00:00:00Z",
        "$randomInt": "42",
        "$random.integer": "42",
    }
)
"""What editors make up when they send, and a sample of each."""

_FOLD = 8
"""How many times the longest document the values of variables may be, wherever they are put in one file."""


@dataclass(slots=True)
class Variables:
    """The variables that were defined so far in a file, whose text tells where things stand.

    What they make of one part of the file is bounded, and what they put into all of it together.
    """

    text: str = field(repr=False)
    longest: int
    values: dict[str, str] = field(default_factory=dict, repr=False)
    put: int = 0
    cursor: Cursor = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self.cursor = Cursor(self.text)

    def define(self, name: str, value: str, offset: int) -> None:
        """Define a variable; its value may use those that were defined before.

        Raises:
            UnreadablePayload: when it uses one that was not.
        """
        self.values[name] = self.filled(value, offset)

    def filled(self, template: str, offset: int) -> str:
        """Put the values of variables where they are used in a part of the file that starts at an offset.

        Raises:
            UnreadablePayload: when a variable is not known, or what comes out is too long.
        """
        parts: list[str] = []
        length = end = 0
        for found in _USED.finditer(template):
            value = self._value(found[1], found[2], offset + found.start())
            parts += (template[end : found.start()], value)
            length += len(parts[-2]) + len(value)
            self.put += len(value)
            if length > self.longest or self.put > _FOLD * self.longest:
                line, column = self.cursor.locate(offset + found.start())
                message = f"variables make this longer than the {self.longest:,} bytes that are read"
                raise unreadable(message, line, column, code=codes.TOO_LONG)
            end = found.end()
        return "".join((*parts, template[end:]))

    def _value(self, name: str, arguments: str, offset: int) -> str:
        if name in self.values and not arguments.strip():
            return self.values[name]
        if name in _MADE_UP:
            return _MADE_UP[name]
        line, column = self.cursor.locate(offset)
        raise unreadable("this variable has no value here: define it above with `@name = value`", line, column)
