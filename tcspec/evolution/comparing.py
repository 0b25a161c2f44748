"""Two versions of a schema compared: does the new one still take all that the old one took, and what more?"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from itertools import product
from typing import TYPE_CHECKING, Any

from tcspec.evolution import algebra
from tcspec.evolution.covering import Effort, Proof
from tcspec.evolution.keywords import text, without_annotations
from tcspec.evolution.parts import Part
from tcspec.evolution.reading import read
from tcspec.evolution.sameness import sameness
from tcspec.evolution.witnesses import Search, Witness

if TYPE_CHECKING:
    from tcspec.evolution.reading import Document


class Verdict(StrEnum):
    """What became of the set of payloads that a schema takes."""

    IDENTICAL = "identical"
    WIDER = "wider"
    NARROWER = "narrower"
    INCOMPARABLE = "incomparable"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Answer:
    """Whether a schema takes all that another takes: `True` was proved, `False` has a witness, else it is not known."""

    covers: bool | None
    witness: Witness | None = None


@dataclass(frozen=True, slots=True)
class Comparison:
    """Whether the new schema takes all that the old one took, and the other way round."""

    forward: Answer
    backward: Answer

    @property
    def verdict(self) -> Verdict:
        """Say it in one word."""
        return _VERDICTS[self.forward.covers, self.backward.covers]

    @property
    def is_safe(self) -> bool:
        """Tell whether it was proved that nothing is refused that was taken."""
        return self.forward.covers is True


_VERDICTS = {
    **dict.fromkeys(product((True, False, None), repeat=2), Verdict.UNKNOWN),
    (True, True): Verdict.IDENTICAL,
    (True, False): Verdict.WIDER,
    (False, True): Verdict.NARROWER,
    (False, False): Verdict.INCOMPARABLE,
}


def compare(old: dict[str, Any] | bool, new: dict[str, Any] | bool) -> Comparison:  # noqa: FBT001 - true and false are schemas
    """Compare two schemas of draft 2020-12. Nothing is ever fetched, and the same schemas give the same answer.

    Raises:
        NoSchema: when one of them is no JSON Schema, or refers to what is not in it.
    """
    return compare_documents(read(old), read(new))


def compare_documents(old: Document, new: Document) -> Comparison:
    """Compare two schemas that were read already."""
    return Comparison(_covers(new, old), _covers(old, new))


def _covers(wide: Document, narrow: Document) -> Answer:
    """Decide by a proof, or by a payload: first as far as is quickly seen, then thoroughly."""
    if _says(wide) == _says(narrow):
        return Answer(covers=True)
    outer, inner = Part(wide, wide.root), Part(narrow, narrow.root)
    is_plain = wide.is_plain and narrow.is_plain
    common = sameness(wide, narrow)
    search = Search(narrow, wide)
    for effort in Effort:
        proof = Proof(common, effort, judges=search.judges)
        if is_plain and proof.covers(outer, [inner]):
            return Answer(covers=True)
        witness = search.witness(proof.stops, is_thorough=effort is Effort.THOROUGH)
        if witness is not None:
            return Answer(covers=False, witness=witness)
    return Answer(covers=True if is_plain and algebra.covers(outer, (inner,)) else None)


def _says(document: Document) -> str:
    return text(without_annotations(document.root))
