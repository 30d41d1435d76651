"""Writes rows as one row group of plain, uncompressed pages."""
from __future__ import annotations

import os
import struct

from standin.parquet import levels, thrift
from standin.parquet.schema import (BOOLEAN_TYPE, BYTE_ARRAY_TYPE, DOUBLE_TYPE, INT64_TYPE, OPTIONAL, Node, build, number)

_PLAIN, _RLE = 0, 3
_I32, _I64, _BIN, _LST, _STR = thrift.I32, thrift.I64, thrift.BINARY, thrift.LIST, thrift.STRUCT


class _Column:
    """One leaf's levels and values, filled row by row."""

    def __init__(self, leaf: Node):
        self.leaf = leaf
        self.repetitions, self.definitions, self.values = [], [], []

    def add(self, repetition: int, definition: int, value=None) -> None:
        self.repetitions.append(repetition)
        self.definitions.append(definition)
        if definition == self.leaf.definition:
            self.values.append(value)


def _shred(node: Node, value, repetition: int, parent_definition: int, columns: dict) -> None:
    """Adds one value of a node to the columns below it."""
    if value is None:
        return _absent(node, repetition, parent_definition, columns)
    if node.is_list:
        element = node.children[0].children[0]
        if not value:
            return _absent(node, repetition, node.definition, columns)
        for index, item in enumerate(value):
            _shred(element, item, repetition if index == 0 else node.children[0].depth, node.children[0].definition, columns)
    elif node.children:
        for child in node.children:
            _shred(child, value.get(child.name), repetition, node.definition, columns)
    else:
        columns[node.path].add(repetition, node.definition, value)


def _absent(node: Node, repetition: int, definition: int, columns: dict) -> None:
    if node.children:
        for child in node.children:
            _absent(child, repetition, definition, columns)
    else:
        columns[node.path].add(repetition, definition)


def _plain(physical: int, values: list) -> bytes:
    if physical == BYTE_ARRAY_TYPE:
        encoded = [value.encode() for value in values]
        return b"".join(struct.pack("<I", len(data)) + data for data in encoded)
    if physical == INT64_TYPE:
        return struct.pack("<%dq" % len(values), *values)
    if physical == DOUBLE_TYPE:
        return struct.pack("<%dd" % len(values), *values)
    assert physical == BOOLEAN_TYPE
    bits = sum(1 << index for index, value in enumerate(values) if value)
    return bits.to_bytes((len(values) + 7) // 8, "little")


def _page(column: _Column) -> bytes:
    body = b""
    for values, top in ((column.repetitions, column.leaf.depth), (column.definitions, column.leaf.definition)):
        if top:
            data = levels.encode(values, top.bit_length())
            body += struct.pack("<I", len(data)) + data
    body += _plain(column.leaf.physical, column.values)
    data_page = [(1, _I32, len(column.definitions)), (2, _I32, _PLAIN), (3, _I32, _RLE), (4, _I32, _RLE)]
    return thrift.encode([(1, _I32, 0), (2, _I32, len(body)), (3, _I32, len(body)), (5, _STR, data_page)]) + body


def _element(node: Node) -> list:
    # The logical type says the same as the converted one; new readers look there first.
    logical = {0: [(1, _STR, [])], 3: [(3, _STR, [])]}.get(node.converted)
    return [(1, _I32, node.physical), (3, _I32, node.repetition), (4, _BIN, node.name),
            (5, _I32, len(node.children) or None), (6, _I32, node.converted), (10, _STR, logical)]


def _elements(node: Node) -> list:
    return [_element(node)] + [element for child in node.children for element in _elements(child)]


def write(path: str, schema: dict, rows: list) -> None:
    """Writes a whole file and renames it into place."""
    root = Node("schema", OPTIONAL, children=[build(name, kind) for name, kind in schema.items()])
    columns = {leaf.path: _Column(leaf) for leaf in number(root)}
    for row in rows:
        for child in root.children:
            _shred(child, row.get(child.name), 0, 0, columns)
    temporary = "%s.%d.tmp" % (path, os.getpid())
    with open(temporary, "wb") as file:
        file.write(b"PAR1")
        chunks, total = [], 0
        for column in columns.values():
            start, data = file.tell(), _page(column)
            file.write(data)
            total += len(data)
            meta = [(1, _I32, column.leaf.physical), (2, _LST, (_I32, [_PLAIN, _RLE])), (3, _LST, (_BIN, list(column.leaf.path))),
                    (4, _I32, 0), (5, _I64, len(column.definitions)), (6, _I64, len(data)), (7, _I64, len(data)), (9, _I64, start)]
            chunks.append([(2, _I64, start), (3, _STR, meta)])
        group = [(1, _LST, (_STR, chunks)), (2, _I64, total), (3, _I64, len(rows))]
        head = [(4, _BIN, root.name), (5, _I32, len(root.children))]
        elements = [head] + [element for child in root.children for element in _elements(child)]
        footer = thrift.encode([(1, _I32, 1), (2, _LST, (_STR, elements)), (3, _I64, len(rows)), (4, _LST, (_STR, [group])),
                                (6, _BIN, "verl-standin")])
        file.write(footer + struct.pack("<I", len(footer)) + b"PAR1")
    os.replace(temporary, path)
