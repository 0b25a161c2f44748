"""The facts about the vendor's pages, and the deliberate differences between them and the models."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import yaml

from locations import SHARED

if TYPE_CHECKING:
    from pathlib import Path

SPEC = SHARED / "spec"
CORPUS = SPEC / "corpus"
"""Samples of payloads from the vendor's pages."""


def load_facts(name: str) -> dict[str, Any]:
    """Load one file of facts."""
    facts: dict[str, Any] = yaml.safe_load((SPEC / name).read_text(encoding="utf-8"))
    return facts


def load_samples(kinds: str) -> list[dict[str, Any]]:
    """Return the entries of the corpus whose kind matches a regular expression; none where it is missing."""
    index = CORPUS / "index.yaml"
    entries = yaml.safe_load(index.read_bytes())["entries"] if index.exists() else ()
    return [entry for entry in entries if re.fullmatch(kinds, entry["kind"])]


def load_rows() -> set[str]:
    """Return the ids of the rows of the contradictions."""
    text = (SPEC / "contradictions.md").read_text(encoding="utf-8")
    return set(re.findall(r"^\| (K[0-9]{3}) \|", text, re.MULTILINE))


def parse_type(text: str) -> frozenset[str]:
    """Return the alternatives of a type, in the terms of the catalogue."""
    return frozenset(re.sub(r"object<(\w+)>", r"\1", text).replace("unspecified", "any").split("|"))


def is_cited(citation: str, source: str) -> bool:
    """Return whether a citation of the models names a source of the facts, with or without its line."""
    page, _, line = source.partition("@")
    return citation in {page, page + "#" + line.partition("#")[2]}


@dataclass
class Exceptions:
    """The deliberate differences, and which of them were used."""

    entries: list[dict[str, Any]]
    used: set[int] = field(default_factory=set)

    @classmethod
    def load(cls, path: Path) -> Exceptions:
        """Load a file of exceptions."""
        return cls(yaml.safe_load(path.read_text(encoding="utf-8")))

    def allow(self, owner: str, name: str, aspect: str, ours: object) -> bool:
        """Return whether a difference is deliberate."""
        for number, entry in enumerate(self.entries):
            if (
                any(re.fullmatch(pattern, owner) for pattern in entry["in"])
                and name in entry["properties"]
                and aspect == entry["aspect"]
                and ours == (parse_type(entry["ours"]) if aspect == "type" else entry["ours"])
            ):
                self.used.add(number)
                return True
        return False

    def unused(self) -> list[dict[str, Any]]:
        """Return the exceptions that were not needed."""
        return [entry for number, entry in enumerate(self.entries) if number not in self.used]
