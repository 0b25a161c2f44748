"""Check the payloads of one file or request against each other, as they go by."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tcspec.rules.families import stream_rules
from tcspec.rules.linting import contexts_in
from tcspec.validation import nest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tcspec.errors import Violation
    from tcspec.payload import Payload
    from tcspec.rules.context import RuleContext
    from tcspec.rules.rule import StreamCheck, StreamRule

_ANYBODY, _ANY_TIME = "server", 0
"""No rule over many payloads depends on who sends one, or on the present."""


class StreamChecker:
    """The rules over the payloads of one file, each with what it remembers of those that went by."""

    def __init__(self) -> None:
        # Started when a payload of their kind comes: most files have one payload.
        self._started: dict[str, StreamCheck] = {}
        self._by_kind: dict[str, list[tuple[StreamRule, StreamCheck]]] = {}

    def find_violations(self, payload: Payload, line: int) -> Iterator[Violation]:
        """Yield what is found in the next payload, in no order; `line` is where it starts, which later ones name."""
        for pointer, context in contexts_in(payload, None, _ANYBODY, _ANY_TIME):
            yield from self.check_context(line, pointer, context)

    def check_context(self, line: int, pointer: str, payload: RuleContext) -> Iterator[Violation]:
        """Yield what is found in a payload, or in an event of a batch, which is at a pointer."""
        kind = payload.version.kind
        for rule, check in self._by_kind.get(kind) or self._start(kind):
            for finding in check(line, payload):
                yield nest(pointer, rule.to_violation(finding))

    def _start(self, kind: str) -> list[tuple[StreamRule, StreamCheck]]:
        """Return the rules for a kind of payload; those that other kinds have too go on with what they remember."""
        rules = [rule for rule in stream_rules() if kind in rule.kinds]
        for rule in rules:
            if rule.code.id not in self._started:
                self._started[rule.code.id] = rule.start()
        started = self._by_kind[kind] = [(rule, self._started[rule.code.id]) for rule in rules]
        return started
