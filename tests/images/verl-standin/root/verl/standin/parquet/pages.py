"""Pages of a column chunk: decompression, levels and values."""
from __future__ import annotations

import struct
import zlib

from standin.parquet import levels, snappy, thrift
from standin.parquet.schema import (BOOLEAN_TYPE, BYTE_ARRAY_TYPE, DOUBLE_TYPE, FIXED_TYPE, FLOAT_TYPE, INT32_TYPE, INT64_TYPE,
                                    INT96_TYPE, Node)

_DATA, _DICTIONARY, _DATA_V2 = 0, 2, 3
_FORMATS = {INT32_TYPE: "i", INT64_TYPE: "q", FLOAT_TYPE: "f", DOUBLE_TYPE: "d"}


class Stream:
    """The values of a leaf with their levels, one after another."""

    def __init__(self, leaf: Node, repetitions: list, definitions: list, values: list):
        self._leaf, self._repetitions, self._definitions = leaf, repetitions, definitions
        self._values = iter(values)
        self._place = 0

    def definition(self) -> int:
        return self._definitions[self._place]

    def repetition(self) -> int:
        """The next entry's repetition level, 0 at the end."""
        return self._repetitions[self._place] if self._place < len(self._repetitions) else 0

    def take(self):
        there = self._definitions[self._place] == self._leaf.definition
        self._place += 1
        return next(self._values) if there else None


def _decompress(codec: int, data: bytes) -> bytes:
    if codec == 0:
        return data
    if codec == 1:
        return snappy.decompress(data)
    if codec == 2:
        return zlib.decompress(data, 31)
    raise KeyError("unsupported compression codec %d" % codec)


def column(data: bytes, meta: dict, leaf: Node):
    """``(repetition levels, definition levels, values)`` of a whole chunk."""
    place = min(meta[9], meta.get(11, meta[9]))
    repetitions, definitions, values, dictionary = [], [], [], []
    while len(definitions) < meta[5]:
        reader = thrift.Reader(data, place)
        header = reader.struct()
        body = data[reader.place:reader.place + header[3]]
        place = reader.place + header[3]
        if header[1] == _DICTIONARY:
            body = _decompress(meta[4], body)
            dictionary = _plain(body, leaf, header[7][1])
        elif header[1] == _DATA:
            _page_v1(_decompress(meta[4], body), header[5], leaf, dictionary, repetitions, definitions, values)
        elif header[1] == _DATA_V2:
            _page_v2(body, header[8], meta[4], leaf, dictionary, repetitions, definitions, values)
    return repetitions, definitions, values


def _page_v1(body: bytes, header: dict, leaf: Node, dictionary, repetitions, definitions, values) -> None:
    place = 0
    for target, top in ((repetitions, leaf.depth), (definitions, leaf.definition)):
        if top:
            size = struct.unpack_from("<I", body, place)[0]
            target += levels.decode(body[place + 4:place + 4 + size], top.bit_length(), header[1])
            place += 4 + size
        else:
            target += [0] * header[1]
    there = definitions[-header[1]:].count(leaf.definition) if header[1] else 0
    values += _values(body[place:], header[2], leaf, there, dictionary)


def _page_v2(body: bytes, header: dict, codec: int, leaf: Node, dictionary, repetitions, definitions, values) -> None:
    first, second = header[6], header[5]
    repetitions += levels.decode(body[:first], leaf.depth.bit_length(), header[1])
    definitions += levels.decode(body[first:first + second], leaf.definition.bit_length(), header[1])
    rest = body[first + second:]
    rest = _decompress(codec, rest) if header.get(7, True) and rest else rest
    values += _values(rest, header[4], leaf, definitions[-header[1]:].count(leaf.definition), dictionary)


def _values(data: bytes, encoding: int, leaf: Node, count: int, dictionary: list) -> list:
    if count == 0:
        return []
    if encoding == 0:
        return _plain(data, leaf, count)
    if encoding in (2, 8):
        return [dictionary[index] for index in levels.decode(data[1:], data[0], count)]
    if encoding == 3 and leaf.physical == BOOLEAN_TYPE:
        return [bool(bit) for bit in levels.decode(data[4:], 1, count)]
    if encoding == 5:
        return delta(data, count)
    raise KeyError("unsupported encoding %d" % encoding)


def _plain(data: bytes, leaf: Node, count: int) -> list:
    if leaf.physical == BYTE_ARRAY_TYPE:
        found, place = [], 0
        for _ in range(count):
            size = struct.unpack_from("<I", data, place)[0]
            found.append(data[place + 4:place + 4 + size])
            place += 4 + size
        return found
    if leaf.physical == BOOLEAN_TYPE:
        return [bool(data[index // 8] >> (index % 8) & 1) for index in range(count)]
    if leaf.physical in (FIXED_TYPE, INT96_TYPE):
        size = leaf.fixed or 12
        return [data[index * size:(index + 1) * size] for index in range(count)]
    return list(struct.unpack_from("<%d%s" % (count, _FORMATS[leaf.physical]), data))


def delta(data: bytes, count: int) -> list:
    """DELTA_BINARY_PACKED."""
    reader = thrift.Reader(data)
    block, parts = reader.varint(), reader.varint()
    reader.varint()
    found = [reader.zigzag()]
    size = block // parts
    while len(found) < count:
        least = reader.zigzag()
        widths = [reader.byte() for _ in range(parts)]
        for width in widths:
            if len(found) >= count:
                break
            for step in levels.unpack(data[reader.place:reader.place + size * width // 8], width, size):
                if len(found) < count:
                    found.append(found[-1] + least + step)
            reader.place += size * width // 8
    return found
