"""Parquet's RLE / bit-packing hybrid, for levels and dictionary indexes."""
from __future__ import annotations

from standin.parquet.thrift import Reader, varint


def encode(values: list, width: int) -> bytes:
    """Runs only: simple, and small for levels."""
    out, size, place = bytearray(), (width + 7) // 8, 0
    while place < len(values):
        end = place
        while end < len(values) and values[end] == values[place]:
            end += 1
        out += varint((end - place) << 1) + values[place].to_bytes(size, "little")
        place = end
    return bytes(out)


def decode(data: bytes, width: int, count: int) -> list:
    if width == 0:
        return [0] * count
    reader, values, size = Reader(data), [], (width + 7) // 8
    while len(values) < count:
        head = reader.varint()
        if head & 1:
            length = (head >> 1) * width
            values += unpack(data[reader.place:reader.place + length], width, (head >> 1) * 8)
            reader.place += length
        else:
            value = int.from_bytes(data[reader.place:reader.place + size], "little")
            reader.place += size
            values += [value] * (head >> 1)
    return values[:count]


def unpack(data: bytes, width: int, count: int) -> list:
    """Little-endian bit-packed integers."""
    if width == 0:
        return [0] * count
    mask = (1 << width) - 1
    values = []
    # In groups of eight, so that the shifted number stays short.
    for start in range(0, count, 8):
        group = int.from_bytes(data[start // 8 * width:start // 8 * width + width], "little")
        values += [group >> (width * index) & mask for index in range(8)]
    return values[:count]
