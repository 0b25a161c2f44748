"""Small JSON Schemas, and payloads that come near their limits: names, numbers and texts are few, so that they meet."""

from __future__ import annotations

from hypothesis import strategies as st

NAMES = st.sampled_from(["a", "b", "xa"])
PATTERNS = st.sampled_from(["^a", "b$", "^[ab]*$", "^a{1,2}$", "a|^b$", "^x"])
VALUES = st.sampled_from([None, True, False, 0, 1, 1.0, 2.5, "", "a", "ab", [], [1], {}, {"a": 1}])
TYPES = st.sampled_from(["null", "boolean", "integer", "number", "string", "array", "object"])
COUNTS = st.integers(0, 3)

_PLAIN = {
    "type": TYPES | st.lists(TYPES, min_size=1, max_size=3, unique=True),
    "const": VALUES,
    "enum": st.lists(VALUES, min_size=1, max_size=4, unique_by=repr),
    "minimum": st.sampled_from([0, 1, 1.5]),
    "exclusiveMinimum": COUNTS,
    "maximum": st.sampled_from([0, 1, 2.5]),
    "exclusiveMaximum": COUNTS,
    "multipleOf": st.sampled_from([1, 2, 0.5]),
    "minLength": COUNTS,
    "maxLength": COUNTS,
    "pattern": PATTERNS,
    "minItems": COUNTS,
    "maxItems": COUNTS,
    "uniqueItems": st.booleans(),
    "minProperties": COUNTS,
    "maxProperties": COUNTS,
    "required": st.lists(NAMES, max_size=2, unique=True),
    "dependentRequired": st.dictionaries(NAMES, st.lists(NAMES, max_size=2, unique=True), max_size=2),
}


def _combined(inner):
    """Make schemas with other schemas in them."""
    several = st.lists(inner, min_size=1, max_size=3)
    keywords = {
        **_PLAIN,
        **dict.fromkeys(("properties", "dependentSchemas"), st.dictionaries(NAMES, inner, max_size=3)),
        "patternProperties": st.dictionaries(PATTERNS, inner, max_size=2),
        **dict.fromkeys(("allOf", "anyOf", "oneOf", "prefixItems"), several),
        **dict.fromkeys(("not", "if", "then", "else", "items", "additionalProperties", "propertyNames"), inner),
        **dict.fromkeys(("contains", "unevaluatedProperties", "unevaluatedItems"), inner),
        "minContains": COUNTS,
        "maxContains": COUNTS,
        "$ref": st.just("#/$defs/one"),
    }
    return _some(keywords)


def _some(keywords):
    return st.lists(st.sampled_from(sorted(keywords)), max_size=4, unique=True).flatmap(
        lambda chosen: st.fixed_dictionaries({keyword: keywords[keyword] for keyword in chosen})
    )


_PARTS = st.recursive(st.booleans() | _some(_PLAIN), _combined, max_leaves=6)


@st.composite
def schemas(draw):
    """Draw a schema with one definition that may be referred to, also from within its own properties."""
    root = draw(_PARTS)
    one = draw(_some(_PLAIN) | st.fixed_dictionaries({"properties": st.just({"a": {"$ref": "#/$defs/one"}})}))
    return {**(root if isinstance(root, dict) else {"allOf": [root]}), "$defs": {"one": one}}


@st.composite
def pairs(draw):
    """Draw two schemas: any, or one and what an edit made of it."""
    old = draw(schemas())
    if draw(st.booleans()):
        return old, draw(schemas())
    edited = {**old, **draw(_some(_PLAIN))}
    for keyword in draw(st.lists(st.sampled_from(sorted(old)), max_size=1)):
        if keyword != "$defs":
            edited.pop(keyword, None)
    return old, edited


PAYLOADS = st.recursive(
    VALUES | st.integers(-1, 4) | st.sampled_from([0.5, 1.5]) | st.text("abx\n", max_size=4),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(NAMES | st.sampled_from(["c", "xb"]), inner, max_size=4)
    ),
    max_leaves=6,
)
