"""The regular expressions of tcspec and of the published schemas, as they are written and used."""

from __future__ import annotations

import ast
import json
import re
from dataclasses import dataclass
from pathlib import Path

import tcspec
from tcspec.contract.schemas import schema_folder

PACKAGE = Path(tcspec.__file__).parent
_FUNCTIONS = {"compile", "match", "fullmatch", "search", "sub", "subn", "split", "findall", "finditer"}
_FLAGS = {"DOTALL": "s", "IGNORECASE": "i", "MULTILINE": "m", "ASCII": ""}
_REPEATED = re.compile(r"\(\?:(\[[^]]*\])\+\+\|(\\\\\.)\)\*\+")
_POSSESSIVE = re.compile(r"((?:^|[^\\])(?:\\\\)*(?:[*+?]|\{[0-9,]+\}))\+")


@dataclass(frozen=True)
class Expression:
    """A regular expression: where it is written, its text, its flags, and the methods by which it is asked."""

    place: str
    text: str
    flags: str
    methods: frozenset[str]

    @property
    def in_javascript(self):
        """Spell it for JavaScript, anchored as it is used; what never gives back may do so there, which is slower."""
        text = self.text.replace("(?P<", "(?<").replace("(?>", "(?:").replace("\\Z", "$").replace("\\A", "^")
        text = _REPEATED.sub(r"(?:\1|\2)*", text)
        for _ in range(2):
            text = _POSSESSIVE.sub(r"\1", text)
        if self.methods and self.methods <= {"match", "fullmatch"}:
            text = f"^(?:{text})$" if self.methods == {"fullmatch"} else f"^(?:{text})"
        return text


def of_modules():
    """Find the expressions that stand in the modules; of those that are put together the parts are not told."""
    trees = {path: ast.parse(path.read_text()) for path in sorted(PACKAGE.rglob("*.py"))}
    asked: dict[str, set[str]] = {}
    for tree in trees.values():
        for node in ast.walk(tree):
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
                asked.setdefault(node.value.id, set()).add(node.attr)
    for path, tree in trees.items():
        names = {id(node.value): node.targets[0].id for node in tree.body if _is_named(node)}
        for node in ast.walk(tree):
            if not _is_asked(node):
                continue
            place = f"{path.relative_to(PACKAGE).with_suffix('').as_posix()}:{names.get(id(node), node.lineno)}"
            told = [argument for argument in node.args if isinstance(argument, ast.Attribute)]
            flags = "".join(_FLAGS[flag.attr] for flag in told if flag.attr in _FLAGS)
            methods = asked.get(names.get(id(node), ""), set()) if node.func.attr == "compile" else {node.func.attr}
            yield place, node.args[0], flags, frozenset(methods & _FUNCTIONS)


def written():
    """Give the expressions whose text stands in a module."""
    for place, text, flags, methods in of_modules():
        if isinstance(text, ast.Constant):
            spelt = text.value.decode("latin-1") if isinstance(text.value, bytes) else text.value
            yield Expression(place, spelt, flags, methods)


def composed():
    """Give the places of the expressions that are put together at run time."""
    return {place.partition(":")[0] for place, text, _, _ in of_modules() if not isinstance(text, ast.Constant)}


def published():
    """Give the expressions of the published schemas, which engines search for in any text."""
    texts = {text for path in schema_folder().rglob("*.json") for text in _patterns(json.loads(path.read_text()))}
    return [Expression("schemas", text, "", frozenset({"search"})) for text in sorted(texts)]


def _is_named(node):
    return isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name)


def _is_asked(node):
    return (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in _FUNCTIONS
        and isinstance(node.func.value, ast.Name)
        and node.func.value.id == "re"
    )


def _patterns(node):
    if isinstance(node, dict):
        if isinstance(node.get("pattern"), str):
            yield node["pattern"]
        if isinstance(node.get("patternProperties"), dict):
            yield from node["patternProperties"]
        node = list(node.values())
    if isinstance(node, list):
        for child in node:
            yield from _patterns(child)
