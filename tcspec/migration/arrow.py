"""A column of payloads in Arrow, as Parquet files and Spark have it: text or bytes, read and built again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pyarrow as pa

if TYPE_CHECKING:
    from collections.abc import Iterable


def is_text(type_: Any) -> bool:  # noqa: ANN401 - pyarrow has no types of its own
    """Return whether a type holds text or bytes, plain, by dictionary, or marked as JSON; or nothing but nulls."""
    type_ = _storage(type_)
    types = pa.types
    checks = (types.is_string, types.is_large_string, types.is_binary, types.is_large_binary, types.is_null)
    return any(check(type_) for check in checks)


def read_payloads(column: Any) -> list[bytes | None]:  # noqa: ANN401 - as above
    """Return the values of a column as bytes; text that is not UTF-8 too."""
    if isinstance(column, pa.ExtensionArray):
        column = column.storage
    if pa.types.is_dictionary(column.type):
        column = column.dictionary_decode()
    values: list[bytes | None] = column.cast(pa.large_binary()).to_pylist()
    return values


def build_column(values: Iterable[bytes | None], type_: Any) -> Any:  # noqa: ANN401 - as above
    """Return values, which are UTF-8, as a column of a type that `is_text`."""
    storage = _storage(type_)
    column = pa.array(values, pa.large_binary()).cast(storage)
    outer = type_.storage_type if isinstance(type_, pa.BaseExtensionType) else type_
    if pa.types.is_dictionary(outer):
        column = column.dictionary_encode().cast(outer)
    return column if outer is type_ else pa.ExtensionArray.from_storage(type_, column)


def _storage(type_: Any) -> Any:  # noqa: ANN401 - as above
    if isinstance(type_, pa.BaseExtensionType):
        type_ = type_.storage_type
    return type_.value_type if pa.types.is_dictionary(type_) else type_
