"""The regular expressions in the modules of tcspec and in the published schemas."""

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
_COMPILING = {"compile", "compile_late"}
_FLAGS = {"DOTALL": "s", "IGNORECASE": "i", "MULTILINE": "m", "ASCII": ""}
_REPEATED = re.compile(r"\(\?:(\[[^]]*\])\+\+\|(\\\\\.)\)\*\+")
_POSSESSIVE = re.compile(r"((?:^|[^\\])(?:\\\\)*(?:[*+?]|\{[0-9,]+\}))\+")


@dataclass(frozen=True)
class Expression:
    """A regular expression: its location, pattern and flags, and the methods that it is used with."""

    location: str
    pattern: str
    flags: str
    methods: frozenset[str]

    @property
    def javascript(self):
        """The pattern for JavaScript, anchored as it is used; possessive quantifiers become slower, greedy ones."""
        pattern = self.pattern.replace("(?P<", "(?<").replace("(?>", "(?:").replace("\\Z", "$").replace("\\A", "^")
        pattern = _REPEATED.sub(r"(?:\1|\2)*", pattern)
        for _ in range(2):
            pattern = _POSSESSIVE.sub(r"\1", pattern)
        if self.methods and self.methods <= {"match", "fullmatch"}:
            pattern = f"^(?:{pattern})$" if self.methods == {"fullmatch"} else f"^(?:{pattern})"
        return pattern


def _iter_calls():
    """Yield the calls of `re` in all modules: location, node of the pattern, flags, and methods used."""
    trees = {path: ast.parse(path.read_text()) for path in sorted(PACKAGE.rglob("*.py"))}
    methods_of: dict[str, set[str]] = {}
    for tree in trees.values():
        for node in ast.walk(tree):
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
                methods_of.setdefault(node.value.id, set()).add(node.attr)
    for path, tree in trees.items():
        # Some are only compiled when they are needed.
        named = {_name_of(each): each.value for each in tree.body if isinstance(each, ast.Assign)}
        module = path.relative_to(PACKAGE).with_suffix("").as_posix()
        for statement in tree.body:
            name = _name_of(statement)
            for node in filter(_is_call_of_re, ast.walk(statement)):
                flags = "".join(_FLAGS[flag.attr] for flag in node.args if getattr(flag, "attr", None) in _FLAGS)
                methods = methods_of.get(name, set()) if _function_of(node) in _COMPILING else {_function_of(node)}
                pattern = named.get(getattr(node.args[0], "id", None), node.args[0])
                yield f"{module}:{name}", pattern, flags, frozenset(methods & _FUNCTIONS)


def literal_expressions():
    """Yield the expressions whose pattern is a literal in a module."""
    for location, pattern, flags, methods in _iter_calls():
        if isinstance(pattern, ast.Constant):
            text = pattern.value.decode("latin-1") if isinstance(pattern.value, bytes) else pattern.value
            yield Expression(location, text, flags, methods)


def modules_with_composed_expressions():
    """Return the modules in which the pattern of an expression is composed at run time."""
    calls = _iter_calls()
    return {location.partition(":")[0] for location, pattern, *_ in calls if not isinstance(pattern, ast.Constant)}


def schema_expressions():
    """Return the expressions of the published schemas, which validators search for in any string."""
    documents = [json.loads(path.read_text()) for path in schema_folder().rglob("*.json")]
    patterns = {pattern for document in documents for pattern in _iter_patterns(document)}
    return [Expression("schemas", pattern, "", frozenset({"search"})) for pattern in sorted(patterns)]


def _name_of(statement):
    """Return the name that a statement of a module defines, or the empty string."""
    target = statement.targets[0] if isinstance(statement, ast.Assign) else getattr(statement, "target", statement)
    return getattr(target, "id", getattr(target, "name", ""))


def _is_call_of_re(node):
    if not isinstance(node, ast.Call):
        return False
    if isinstance(node.func, ast.Name):
        return node.func.id in _COMPILING
    of_re = (
        isinstance(node.func, ast.Attribute) and isinstance(node.func.value, ast.Name) and node.func.value.id == "re"
    )
    return of_re and node.func.attr in _FUNCTIONS


def _function_of(call):
    """Return the name of the function that is called, with or without its module."""
    return getattr(call.func, "attr", getattr(call.func, "id", ""))


def _iter_patterns(node):
    if isinstance(node, dict):
        if isinstance(node.get("pattern"), str):
            yield node["pattern"]
        if isinstance(node.get("patternProperties"), dict):
            yield from node["patternProperties"]
        node = list(node.values())
    if isinstance(node, list):
        for child in node:
            yield from _iter_patterns(child)
