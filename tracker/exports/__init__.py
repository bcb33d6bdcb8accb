"""The catalog as files for others: Parquet, CSV, JSON, SQLite, and the bundled starter."""
