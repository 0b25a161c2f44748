"""A page as a value: its words, its examples as they would stand in a file, and how these are judged."""

from __future__ import annotations

import re
import textwrap
from dataclasses import dataclass
from enum import StrEnum
from inspect import getdoc
from itertools import zip_longest
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_WIDTH = 110


class Form(StrEnum):
    """What an example is a text of; each is the name by which Markdown colours it."""

    JSON = "json"
    """One JSON document, or one a line."""
    CALL = "text"
    """The address of a pixel."""
    CAPTURE = "http"
    """A captured request."""
    PYTHON = "python"
    """A value as Python spells it."""


@dataclass(frozen=True, slots=True)
class CodePage:
    """What is said of a code: a sentence, why it matters and what to do, a bad and a good example.

    The examples are None when nothing can break the code today. What is too long to print, or is no text at all, stands
    in them in brackets (`spelt_out`). `kind` is that of the payloads, None when it is left to be detected.
    """

    summary: str
    text: str
    bad: str | None = None
    good: str | None = None
    form: Form = Form.JSON
    kind: str | None = None

    @property
    def examples(self) -> tuple[tuple[str, str], ...]:
        """Give the examples that there are, each after the word for what it is."""
        named = (("Bad", self.bad), ("Good", self.good))
        return tuple((name, example) for name, example in named if example is not None)

    @property
    def printed(self) -> str:
        """Write the page as plain text, its examples indented."""
        paragraphs = (textwrap.fill(" ".join(part.split()), _WIDTH) for part in self.text.split("\n\n"))
        shown = (f"{name}:\n\n{textwrap.indent(example, '    ')}" for name, example in self.examples)
        return "\n\n".join((self.summary, *paragraphs, *shown))


def page_of(function: object, kinds: tuple[str, ...]) -> CodePage:
    """Read the page that a rule has as its docstring: a sentence, why it matters, `Bad:` and `Good:` examples."""
    words, _, examples = (getdoc(function) or "").partition("\nBad:\n\n")
    bad, _, good = (textwrap.dedent(part).strip("\n") for part in examples.partition("\nGood:\n\n"))
    summary, _, text = words.strip().partition("\n")
    return CodePage(summary, text.strip(), bad, good, kind=None if "event" in kinds else kinds[0])


def spelt_out(example: str) -> bytes:
    """Write out an example as the bytes that it stands for.

    `[N characters]` is a long text, `[N levels]` as many lists in each other, `[N items]` a list of conversion items,
    `[N lines]` as many products, and `[bytes XX XX]` the bytes of these hexadecimal numbers.
    """
    written = _LONG.sub(lambda found: _WRITTEN_OUT[found[2]](int(found[1])), example)
    texts, numbers = _BYTES.split(written)[::2], _BYTES.findall(written)
    pairs = zip_longest(texts, numbers, fillvalue="")
    return b"".join(text.encode() + bytes.fromhex(number) for text, number in pairs)


def _items(count: int) -> str:
    shown = (
        f'{{"id": "L-{number}", "original_quantity": 1, "product": {{"id": "SKU-4711"}}}}' for number in range(count)
    )
    return f"[{', '.join(shown)}]"


_WRITTEN_OUT: Mapping[str, Callable[[int], str]] = {
    "characters": lambda count: "x" * count,
    "levels": lambda count: "[" * count + "]" * count,
    "items": _items,
    "lines": lambda count: "\n".join(f'{{"id": "SKU-{number}"}}' for number in range(count)),
}
_LONG = re.compile(rf"\[(\d+) ({'|'.join(_WRITTEN_OUT)})\]")
_BYTES = re.compile(r"\[bytes ([0-9A-F ]+)\]")
