"""A small Parquet: writes plain uncompressed files, reads what common writers write.

``write(path, schema, rows)`` and ``read(path)`` deal in rows, which are dicts; a schema is a dict of
column name to ``STRING``, ``INT64``, ``DOUBLE``, ``BOOL``, a nested dict (a struct) or a one-element list.
"""
from standin.parquet.reader import ParquetError, columns, read
from standin.parquet.schema import BOOL, DOUBLE, INT64, STRING
from standin.parquet.writer import write

__all__ = ["BOOL", "DOUBLE", "INT64", "STRING", "ParquetError", "columns", "read", "write"]
