"""The statements of a migration of a table, the same for every database.

Values are parameters, names are quoted by the database, and only the condition of the caller is SQL from outside.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tcspec.migration.outcomes import Status

if TYPE_CHECKING:
    from tcspec.migration.sql.tables import Table


def select_rows(table: Table, where: str | None, *, is_behind: bool, is_dry: bool, count: int) -> str:
    """Select rows in the order of their keys that were not migrated, or were written since.

    Args:
        table: the table.
        where: a condition in the caller's SQL.
        is_behind: whether only rows behind a key are selected, which is the parameter.
        is_dry: whether there are no side tables.
        count: how many rows are selected at most.
    """
    conditions = [f"{table.key} > {table.key_mark}"] if is_behind else []
    condition = _build_condition(table, where, conditions, is_dry=is_dry)
    return (
        f"SELECT {table.key_text}, {table.value_text}, {table.digest} FROM {table.table} {condition}"
        f"ORDER BY {table.key} LIMIT {count}"
    )


def count_rows(table: Table, where: str | None, *, is_dry: bool) -> str:
    """Count the rows that `select_rows` selects from the first key on."""
    return f"SELECT count(*) FROM {table.table} {_build_condition(table, where, [], is_dry=is_dry)}"


def select_condition(table: Table, where: str) -> str:
    """Select no row by the caller's condition alone: a parenthesis that it does not open is an error here only."""
    return f"SELECT 1 FROM {table.table} WHERE {_escape(table, where)}\nLIMIT 0"


def _build_condition(table: Table, where: str | None, conditions: list[str], *, is_dry: bool) -> str:
    if where is not None:
        # The line ends behind it, because it may end with a comment.
        conditions.append(f"({_escape(table, where)}\n)")
    if not is_dry:
        conditions.append(
            f"NOT EXISTS (SELECT 1 FROM {table.originals} AS tcspec_o WHERE tcspec_o.key = {table.key} "
            f"AND NOT (tcspec_o.digest {table.differs} {table.digest}))"
        )
    return f"WHERE {' AND '.join(conditions)} " if conditions else ""


def _escape(table: Table, where: str) -> str:
    # psycopg reads a percent sign as a parameter.
    return where.replace("%", "%%") if table.mark == "%s" else where


def select_migrated(table: Table, *, is_in_place: bool, has_table: bool, is_behind: bool, count: int) -> str:
    """Select rows that were migrated, in the order of their keys.

    They have the key, the status, the value before and behind the migration, and whether the row is as it was noted.

    Args:
        table: the table.
        is_in_place: whether the column itself was written: then the originals of what was upgraded are beside it.
        has_table: whether another table was written.
        is_behind: whether only rows behind a key are selected, which is the parameter.
        count: how many rows are selected at most.
    """
    source, target, join = table.value_text, table.value_text, ""
    if is_in_place:
        original = table.value_text.replace(table.value, "tcspec_o.original")
        source = f"CASE WHEN tcspec_o.status = '{Status.UPGRADED}' THEN {original} ELSE {table.value_text} END"
    elif has_table:
        target = table.value_text.replace(table.value, f"tcspec_t.{table.column}")
        join = f"LEFT JOIN {table.into_table} AS tcspec_t ON tcspec_t.{table.key_name} = tcspec_o.key "
    else:
        target = table.value_text.replace(table.value, f"{table.table}.{table.into_column}")
    behind = f"WHERE tcspec_o.key > {table.key_mark} " if is_behind else ""
    return (
        f"SELECT {table.key_text.replace(table.key, 'tcspec_o.key')}, tcspec_o.status, {source}, {target}, "
        f"{table.key} IS NOT NULL AND NOT (tcspec_o.digest {table.differs} {table.digest}) "
        f"FROM {table.originals} AS tcspec_o LEFT JOIN {table.table} ON {table.key} = tcspec_o.key {join}"
        f"{behind}ORDER BY tcspec_o.key LIMIT {count}"
    )


def count_null_keys(table: Table) -> str:
    """Count the rows that have no key."""
    return f"SELECT count(*) FROM {table.table} WHERE {table.key} IS NULL"


def count_values(table: Table) -> str:
    """Count the values of the column that is to be written."""
    return f"SELECT count({table.into_column}) FROM {table.table}"


def delete_key(table: Table, side: str, name: str = "key") -> str:
    """Delete the row of a side table or another table that has a key."""
    return f"DELETE FROM {side} WHERE {name} = {table.key_mark}"


def insert_record(table: Table, *, with_original: bool) -> str:
    """Note the outcome of a row; the parameters are the status and the key."""
    original = table.value if with_original else "NULL"
    return (
        f"INSERT INTO {table.originals} (key, status, original, digest) SELECT {table.key}, {table.mark}, {original}, "
        f"{table.digest} FROM {table.table} WHERE {table.key} = {table.key_mark}"
    )


def insert_reject(table: Table) -> str:
    """Keep a rejected value; the parameters are the reasons and the key."""
    return (
        f"INSERT INTO {table.rejects} (key, payload, reasons) SELECT {table.key}, {table.value}, {table.mark} "
        f"FROM {table.table} WHERE {table.key} = {table.key_mark}"
    )


def select_rejects(table: Table) -> str:
    """Select the rejected values with their reasons."""
    return f"SELECT {table.value_text.replace(table.value, 'payload')}, reasons FROM {table.rejects} ORDER BY key"


def update_digest(table: Table) -> str:
    """Note the digest of the value that a row has now; the parameters are the key, twice."""
    return (
        f"UPDATE {table.originals} SET digest = (SELECT {table.digest} FROM {table.table} "
        f"WHERE {table.key} = {table.key_mark}) WHERE key = {table.key_mark}"
    )


def update_value(table: Table) -> str:
    """Write a value; the parameters are the value and the key."""
    return f"UPDATE {table.table} SET {table.into_column} = {table.value_mark} WHERE {table.key} = {table.key_mark}"


def copy_value(table: Table) -> str:
    """Write the value of the column to the other column; the parameter is the key."""
    return f"UPDATE {table.table} SET {table.into_column} = {table.value_copy} WHERE {table.key} = {table.key_mark}"


def clear_value(table: Table) -> str:
    """Write null to the other column; the parameter is the key."""
    return f"UPDATE {table.table} SET {table.into_column} = NULL WHERE {table.key} = {table.key_mark}"


def clear_values(table: Table) -> str:
    """Write null to the other column of all rows that were migrated."""
    return (
        f"UPDATE {table.table} SET {table.into_column} = NULL WHERE {table.key} IN (SELECT key FROM {table.originals})"
    )


def copy_row(table: Table, *, with_value: bool) -> str:
    """Write a row to the other table; the parameters are the value, if there is a new one, and the key."""
    names = ", ".join(table.copied)
    sources = [
        table.value_mark if with_value and name == table.column else f"{table.table}.{name}" for name in table.copied
    ]
    return (
        f"INSERT INTO {table.into_table} ({names}) {table.overriding} SELECT {', '.join(sources)} FROM {table.table} "
        f"WHERE {table.key} = {table.key_mark}"
    )


def select_restorable(table: Table, *, is_behind: bool, count: int) -> str:
    """Select the keys and digests of upgraded rows that have the upgraded value still."""
    behind = f"AND {table.key} > {table.key_mark} " if is_behind else ""
    return (
        f"SELECT {table.key_text}, {table.digest} FROM {table.originals} AS tcspec_o JOIN {table.table} "
        f"ON {table.key} = tcspec_o.key WHERE tcspec_o.status = '{Status.UPGRADED}' "
        f"AND NOT (tcspec_o.digest {table.differs} {table.digest}) {behind}ORDER BY {table.key} LIMIT {count}"
    )


def restore(table: Table) -> str:
    """Write the original value; the parameters are the key, twice."""
    return (
        f"UPDATE {table.table} SET {table.column} = (SELECT original FROM {table.originals} "
        f"WHERE key = {table.key_mark}) WHERE {table.key} = {table.key_mark}"
    )


def delete_restored(table: Table) -> str:
    """Delete an original when it is what the row has now; the parameters are the key, twice."""
    original = table.value_text.replace(table.value, f"{table.originals}.original")
    return (
        f"DELETE FROM {table.originals} WHERE key = {table.key_mark} AND EXISTS (SELECT 1 FROM {table.table} "
        f"WHERE {table.key} = {table.key_mark} AND NOT ({table.value_text} {table.differs} {original}))"
    )


def update_nothing(table: Table) -> str:
    """Write to no row the column that is to be written: an error where that cannot be written at all."""
    return f"UPDATE {table.table} SET {table.into_column} = {table.into_column} WHERE 1 = 0"


def count_upgraded(table: Table) -> str:
    """Count the rows whose original is kept."""
    return f"SELECT count(*) FROM {table.originals} WHERE status = '{Status.UPGRADED}'"


def count_statuses(table: Table) -> str:
    """Count the rows by their status."""
    return f"SELECT status, count(*) FROM {table.originals} GROUP BY status"


def select_state(table: Table) -> str:
    """Select the checkpoint of a table; the parameter is its name."""
    return f"SELECT state, cursor FROM {table.states} WHERE name = {table.mark}"


def insert_state(table: Table) -> str:
    """Insert the checkpoint of a table; the parameters are its state, cursor and name."""
    return f"INSERT INTO {table.states} (state, cursor, name) VALUES ({table.mark}, {table.mark}, {table.mark})"


def update_state(table: Table) -> str:
    """Write the checkpoint of a table; the parameters are its state, cursor and name."""
    return f"UPDATE {table.states} SET state = {table.mark}, cursor = {table.mark} WHERE name = {table.mark}"


def delete_state(table: Table) -> str:
    """Delete the checkpoint of a table; the parameter is its name."""
    return f"DELETE FROM {table.states} WHERE name = {table.mark}"
