"""Migration of tables: SQLite and PostgreSQL, in place, into another column or another table."""
