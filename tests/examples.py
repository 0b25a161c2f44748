"""Examples of explanations, expanded to the bytes that they stand for."""

from __future__ import annotations

import re
from itertools import zip_longest


def expand(example: str) -> bytes:
    """Return an example with everything in brackets written out.

    `[N characters]` is a long text, `[N levels]` that many nested arrays, `[N items]` an array of conversion items,
    `[N lines]` that many products, and `[bytes XX XX]` the bytes of these hexadecimal numbers.
    """
    expanded = _LONG.sub(lambda found: _EXPANSIONS[found[2]](int(found[1])), example)
    texts, numbers = _BYTES.split(expanded)[::2], _BYTES.findall(expanded)
    pairs = zip_longest(texts, numbers, fillvalue="")
    return b"".join(text.encode() + bytes.fromhex(number) for text, number in pairs)


def _items(count):
    items = (f'{{"id": "L-{number}", "original_quantity": 1, "product": {{"id": "A"}}}}' for number in range(count))
    return f"[{', '.join(items)}]"


_EXPANSIONS = {
    "characters": lambda count: "x" * count,
    "levels": lambda count: "[" * count + "]" * count,
    "items": _items,
    "lines": lambda count: "\n".join(f'{{"id": "SKU-{number}"}}' for number in range(count)),
}
_LONG = re.compile(rf"\[(\d+) ({'|'.join(_EXPANSIONS)})\]")
_BYTES = re.compile(r"\[bytes ([0-9A-F ]+)\]")
