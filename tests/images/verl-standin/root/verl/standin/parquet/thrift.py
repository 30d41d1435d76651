"""Thrift's compact protocol, as far as Parquet's headers need it.

A struct to write is a list of ``(field id, type, value)``; a struct read is a dict of field id to value.
"""
from __future__ import annotations

import struct

TRUE, FALSE, BYTE, I16, I32, I64, DOUBLE, BINARY, LIST, SET, MAP, STRUCT = range(1, 13)


def varint(value: int) -> bytes:
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)


def zigzag(value: int) -> bytes:
    return varint((value << 1) ^ (value >> 63))


def _value(kind: int, value) -> bytes:
    if kind in (I16, I32, I64):
        return zigzag(value)
    if kind == BINARY:
        data = value.encode() if isinstance(value, str) else value
        return varint(len(data)) + data
    if kind == STRUCT:
        return encode(value)
    item, items = value  # LIST
    head = bytes([len(items) << 4 | item]) if len(items) < 15 else bytes([0xF0 | item]) + varint(len(items))
    return head + b"".join(_value(item, one) for one in items)


def encode(fields: list) -> bytes:
    out, last = bytearray(), 0
    for number, kind, value in fields:
        if value is None:
            continue
        code = (TRUE if value else FALSE) if kind == TRUE else kind
        step = number - last
        out += bytes([step << 4 | code]) if 0 < step < 16 else bytes([code]) + zigzag(number)
        if kind != TRUE:
            out += _value(kind, value)
        last = number
    return bytes(out + b"\0")


class Reader:
    """Decodes structs from a buffer; ``place`` is where the last one ended."""

    def __init__(self, data: bytes, place: int = 0):
        self.data, self.place = data, place

    def byte(self) -> int:
        self.place += 1
        return self.data[self.place - 1]

    def varint(self) -> int:
        result = shift = 0
        while True:
            byte = self.byte()
            result |= (byte & 0x7F) << shift
            if byte < 0x80:
                return result
            shift += 7

    def zigzag(self) -> int:
        value = self.varint()
        return (value >> 1) ^ -(value & 1)

    def struct(self) -> dict:
        found, number = {}, 0
        while True:
            head = self.byte()
            if head == 0:
                return found
            number = number + (head >> 4) if head >> 4 else self.zigzag()
            kind = head & 15
            found[number] = kind == TRUE if kind in (TRUE, FALSE) else self.value(kind)

    def value(self, kind: int):
        if kind in (TRUE, FALSE, BYTE):
            return self.byte()
        if kind in (I16, I32, I64):
            return self.zigzag()
        if kind == DOUBLE:
            self.place += 8
            return struct.unpack("<d", self.data[self.place - 8:self.place])[0]
        if kind == BINARY:
            size = self.varint()
            self.place += size
            return self.data[self.place - size:self.place]
        if kind in (LIST, SET):
            head = self.byte()
            size = head >> 4 if head >> 4 != 15 else self.varint()
            return [self.value(head & 15) for _ in range(size)]
        if kind == MAP:
            size = self.varint()
            kinds = self.byte() if size else 0
            return {self.value(kinds >> 4): self.value(kinds & 15) for _ in range(size)}
        if kind == STRUCT:
            return self.struct()
        raise ValueError("unknown Thrift type %d" % kind)
