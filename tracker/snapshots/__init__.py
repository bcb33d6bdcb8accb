"""The archive: raw bytes as they came, each with a record of where and when from."""
