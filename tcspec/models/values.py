"""The types of values that properties have, and what the catalogue publishes about them beyond the contract.

Every type here accepts exactly what its published schema accepts: no coercion, a boolean is not a number, `1.0` is an
integer as in JSON Schema, integers of any length stay exact, absent (`MISSING`) is not null.
"""

from dataclasses import dataclass
from typing import Annotated, Any, Literal, TypeAlias

from pydantic import (
    BeforeValidator,
    Field,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    Strict,
    WithJsonSchema,
)
from pydantic_core import MISSING, CoreSchema, core_schema
from typing_extensions import TypeAliasType

Level: TypeAlias = Literal["error", "warning", "info", "none"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Info:
    """What rules and messages need to know about a property beyond the contract; the catalogue publishes it.

    It goes into the `Annotated` of a type or of a field. Several are merged, and the outermost value of an attribute
    wins.
    """

    missing: Level | None = None
    """The severity when the property is absent; by default an error if it is required, else none."""
    when: str | None = None
    """The condition under which `missing` applies."""
    expected: str | None = None
    """The type in the vendor's tables, if the contract accepts more."""
    format: str | None = None
    enum: tuple[str, ...] | None = None
    """The values that the vendor lists, if the contract accepts others."""
    recommended: tuple[str, ...] | None = None
    """The values that the vendor suggests in an open list."""
    minimum: int | None = None
    maximum: int | None = None
    min_length: int | None = None
    """The length in code points below which the vendor's pages disagree about a string."""
    max_length: int | None = None
    """The length in code points above which the vendor's pages disagree about a string that the contract accepts."""
    length: int | None = None
    unit: str | None = None
    default: int | None = None
    """The value that the platform uses when the property is absent."""
    access: Literal["read-only", "write-once"] | None = None
    """Whether the platform ignores every value that is sent, or every value but the first."""
    calculated: bool | None = None
    """Whether the platform calculates the value from others."""
    formula: str | None = None
    """How the value follows from other properties of the same object."""
    personal: bool | None = None
    """Whether the value, or anything inside it, may describe a person; then it is never printed."""
    deprecated: bool | None = None
    replaced_by: str | None = None
    basis: Literal["documented", "observed", "inferred"] | None = None
    source: str | None = None
    """The vendor's page, if it is not the table of the object or event."""
    rows: tuple[str, ...] | None = None
    """The rows of the published contradictions that decided."""


@dataclass(frozen=True, slots=True)
class Expecting:
    """Report a value that matches no branch of a union once, at its own path, instead of once per branch."""

    expected: str

    def __get_pydantic_core_schema__(self, source: object, handler: GetCoreSchemaHandler) -> CoreSchema:
        schema = handler(source)
        # Of `X | None` pydantic makes a schema around that of the union.
        union: dict[str, Any] = schema["schema"] if schema["type"] == "nullable" else schema  # type: ignore[assignment]
        union["custom_error_type"] = "unexpected_type"
        union["custom_error_message"] = f"Input should be {self.expected}"
        return schema


@dataclass(frozen=True, slots=True)
class AnyText:
    """Accept any string where the type lists those of the vendor: to the contract another one is only a warning.

    A type checker, and the completion of an editor, see the list.
    """

    def __get_pydantic_core_schema__(self, source: object, handler: GetCoreSchemaHandler) -> CoreSchema:
        del source, handler
        return core_schema.str_schema(strict=True)


@dataclass(frozen=True, slots=True)
class SingleLine:
    """Accept a string without line break that matches every one of the patterns."""

    patterns: tuple[str, ...]

    def __get_pydantic_core_schema__(self, source: object, handler: GetCoreSchemaHandler) -> CoreSchema:
        del source, handler
        # One schema of a string can only have one pattern.
        return core_schema.chain_schema(
            [core_schema.str_schema(strict=True, pattern=pattern) for pattern in self.patterns]
        )

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        first, *others = self.patterns
        # `not`, because some engines let `$` match before a final line feed.
        line = handler(schema) | {"type": "string", "pattern": first, "not": {"pattern": "\n"}}
        return line | {"allOf": [{"pattern": pattern} for pattern in others]} if others else line


def optional(description: str, *examples: object) -> Any:  # noqa: ANN401 - stands for a value of any field
    """Return the `Field` of a property that may be absent."""
    return Field(MISSING, description=description, examples=list(examples) or None)


def about(description: str, *examples: object) -> Any:  # noqa: ANN401 - as pydantic's Field
    """Return the `Field` that describes a property, required or not."""
    return Field(description=description, examples=list(examples) or None)


def _integral(value: object) -> object:
    # In JSON Schema 1.0 is an integer, which pydantic's strict mode refuses.
    return int(value) if isinstance(value, float) and value.is_integer() else value


Text = Annotated[str, Strict()]
Flag = Annotated[bool, Strict()]
Integer = Annotated[int, Field(strict=True), BeforeValidator(_integral)]
Count = Annotated[int, Field(strict=True, ge=0), BeforeValidator(_integral)]
Number = Annotated[
    Annotated[int, Strict()] | Annotated[float, Field(strict=True, allow_inf_nan=False)],
    Field(union_mode="left_to_right"),
    Expecting("a number"),
    # pydantic would publish integers and numbers as two branches.
    WithJsonSchema({"type": "number"}),
]
NumberOrNull = Annotated[Number | None, Info(expected="number", rows=("K120",)), Expecting("a number or null")]
"""A number of an item; the vendor's template for another tag manager sends null when there is none."""
Object = Annotated[dict[str, Any], Strict()]
Custom = Annotated[Object, Info(personal=True)]
"""An object whose properties the customer chooses."""
Anything = Any
Texts = Annotated[list[Text], Strict()]
TextOrNumber = Annotated[Text | Number, Expecting("a string or a number")]
TextOrTexts = Annotated[Text | Texts, Expecting("a string or an array of strings")]
TextOrInteger = Annotated[Text | Integer, Expecting("a string or an integer")]
TextOrObject = Annotated[Text | Object, Expecting("a string or an object")]
TextOrNull = Annotated[Text | None, Expecting("a string or null")]

Text50 = Annotated[str, Field(strict=True, max_length=50)]
"""A string of at most 50 code points; likewise the others."""
Text64 = Annotated[str, Field(strict=True, max_length=64)]
Text250 = Annotated[str, Field(strict=True, max_length=250)]
Text255 = Annotated[str, Field(strict=True, max_length=255)]
Text500 = Annotated[str, Field(strict=True, max_length=500)]
Text2000 = Annotated[str, Field(strict=True, max_length=2000)]
Text5000 = Annotated[str, Field(strict=True, max_length=5000)]
Label = Annotated[Text255, Info(min_length=1, max_length=250, rows=("K092", "K093"))]
"""A string for which one document of the vendor allows 250 code points and another 255."""
Digits = Annotated[str, SingleLine(("^[0-9]+$",))]

Currency = TypeAliasType(
    "Currency",
    Annotated[
        str,
        # The length, because some engines let `$` match before a final line feed.
        Field(strict=True, pattern="^[A-Z]{3}$", max_length=3),
        about("Currency of the amounts: an ISO 4217 code of three capital letters.", "EUR", "CHF"),
        Info(format="iso4217", rows=("K112",)),
    ],
)
Md5Hex = TypeAliasType(
    "Md5Hex",
    Annotated[
        str,
        Field(strict=True, pattern="^[0-9A-Fa-f]{32}$", max_length=32),
        about("MD5 digest of a property of the user, in hexadecimal.", "76d4164d081ebc17f5e1d3c57321544d"),
        Info(format="md5_hex", rows=("K027",)),
    ],
)
Sha256Hex = TypeAliasType(
    "Sha256Hex",
    Annotated[
        str,
        Field(strict=True, pattern="^[0-9A-Fa-f]{64}$", max_length=64),
        about(
            "SHA-256 digest of a property of the user, in hexadecimal.",
            "a4c14f1b068bf2c602e289b5dfcd89085692c73c63daf5a90a0b481b7328ee35",
        ),
        Info(format="sha256_hex", rows=("K027",)),
    ],
)
AssetIds = TypeAliasType(
    "AssetIds",
    Annotated[
        Text | Texts | None,
        Expecting("a string, an array of strings or null"),
        about(
            "Identifier of one asset or a list of identifiers; null for none.",
            "asset-7",
            ["asset-7", "asset-8"],
        ),
        Info(rows=("K075", "K087", "K089")),
    ],
)
Quantity = Number
"""A number of units; fractions are legal (metres, kilograms)."""
Amount = Number
"""An amount of money, never rounded: integers of any length stay exact."""
