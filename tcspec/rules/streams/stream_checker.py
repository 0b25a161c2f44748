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
        self._rules: dict[str, list[tuple[StreamRule, StreamCheck]]] = {}
        for rule in stream_rules():
            check = rule.start()
            for kind in rule.kinds:
                self._rules.setdefault(kind, []).append((rule, check))

    def find_violations(self, payload: Payload, line: int = 1) -> Iterator[Violation]:
        """Yield what is found in the next payload, in no order; `line` is where it starts, which later ones name."""
        for pointer, context in contexts_in(payload, None, _ANYBODY, _ANY_TIME):
            yield from self.check_context(line, pointer, context)

    def check_context(self, line: int, pointer: str, payload: RuleContext) -> Iterator[Violation]:
        """Yield what is found in a payload, or in an event of a batch, which is at a pointer."""
        for rule, check in self._rules.get(payload.version.kind, ()):
            for finding in check(line, payload):
                yield nest(pointer, rule.to_violation(finding))
