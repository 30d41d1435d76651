"""Reads rows from a Parquet file: data pages v1 and v2, plain, dictionary and delta-packed values."""
from __future__ import annotations

import os
import struct

from standin.parquet import levels, pages, thrift
from standin.parquet.schema import OPTIONAL, REPEATED, UTF8, BYTE_ARRAY_TYPE, Node, number


class ParquetError(ValueError):
    """Not a Parquet file, or one that this reader can't read."""


def _footer(path: str):
    with open(path, "rb") as file:
        data = file.read()
    if len(data) < 12 or data[:4] != b"PAR1" or data[-4:] != b"PAR1":
        raise ParquetError("%s: Parquet magic bytes not found in footer" % path)
    size = struct.unpack("<I", data[-8:-4])[0]
    try:
        return data, thrift.Reader(data[len(data) - 8 - size:len(data) - 8]).struct()
    except (IndexError, ValueError) as error:
        raise ParquetError("%s: damaged footer (%s)" % (path, error)) from error


def _tree(elements: list) -> Node:
    """The schema tree from the flat list in the footer."""
    items = iter(elements)

    def take() -> Node:
        fields = next(items)
        node = Node(fields[4].decode(), fields.get(3, OPTIONAL), None if 5 in fields else fields.get(1), fields.get(6),
                    fixed=fields.get(2, 0))
        logical = fields.get(10, {})
        node.converted = UTF8 if 1 in logical else 3 if 3 in logical else node.converted
        node.children = [take() for _ in range(fields.get(5, 0))]
        return node

    return take()


def columns(path: str) -> list:
    """Names of the top-level columns."""
    return [child.name for child in _tree(_footer(path)[1][2]).children]


def read(path: str) -> list:
    """All rows. Raises ``OSError`` or ``ParquetError``."""
    if not os.path.getsize(path):
        raise ParquetError("%s: Parquet file size is 0 bytes" % path)
    data, footer = _footer(path)
    root = _tree(footer[2])
    leaves = {leaf.path: leaf for leaf in number(root)}
    rows = []
    for group in footer.get(4, []):
        streams = {}
        for chunk in group[1]:
            leaf = leaves[tuple(part.decode() for part in chunk[3][3])]
            try:
                streams[leaf.path] = pages.Stream(leaf, *pages.column(data, chunk[3], leaf))
            except (IndexError, KeyError, struct.error) as error:
                raise ParquetError("%s: column %s: %s" % (path, ".".join(leaf.path), error)) from error
        rows += [{child.name: _assemble(child, streams, 0) for child in root.children} for _ in range(group[3])]
    return rows


def _first_leaf(node: Node) -> Node:
    while node.children:
        node = node.children[0]
    return node


def _assemble(node: Node, streams: dict, definition: int):
    """One value of a node from the streams of its leaves."""
    stream = streams[_first_leaf(node).path]
    if node.repetition == REPEATED:
        return _repeated(node, node, streams)
    if node.is_list:
        if stream.definition() < node.definition:
            return _skip(node, streams)
        middle = node.children[0]
        single = len(middle.children) == 1
        return _repeated(middle, middle.children[0] if single else middle, streams)
    if node.children:
        if stream.definition() < node.definition:
            return _skip(node, streams)
        return {child.name: _assemble(child, streams, node.definition) for child in node.children}
    return _decode(node, stream.take())


def _repeated(middle: Node, element: Node, streams: dict) -> list:
    stream = streams[_first_leaf(middle).path]
    if stream.definition() < middle.definition:
        _skip(middle, streams)
        return []
    items = []
    while True:
        if element is middle and middle.children:
            items.append({child.name: _assemble(child, streams, middle.definition) for child in middle.children})
        elif element is middle:
            items.append(_decode(middle, stream.take()))
        else:
            items.append(_assemble(element, streams, middle.definition))
        if stream.repetition() < middle.depth:
            return items


def _skip(node: Node, streams: dict) -> None:
    if node.children:
        for child in node.children:
            _skip(child, streams)
    else:
        streams[node.path].take()


def _decode(node: Node, value):
    if value is not None and node.physical == BYTE_ARRAY_TYPE and node.converted == UTF8:
        return value.decode("utf-8", "replace")
    return value
