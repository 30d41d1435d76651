"""Decompression of Snappy's raw format."""
from __future__ import annotations


def decompress(data: bytes) -> bytes:
    place = shift = size = 0
    while True:
        byte = data[place]
        place += 1
        size |= (byte & 0x7F) << shift
        shift += 7
        if byte < 0x80:
            break
    out = bytearray()
    while place < len(data):
        tag = data[place]
        place += 1
        if tag & 3 == 0:
            length = tag >> 2
            if length >= 60:
                extra = length - 59
                length = int.from_bytes(data[place:place + extra], "little")
                place += extra
            out += data[place:place + length + 1]
            place += length + 1
            continue
        if tag & 3 == 1:
            length, offset = (tag >> 2 & 7) + 4, (tag >> 5) << 8 | data[place]
            place += 1
        else:
            width = 2 if tag & 3 == 2 else 4
            length, offset = (tag >> 2) + 1, int.from_bytes(data[place:place + width], "little")
            place += width
        start = len(out) - offset
        if offset >= length:
            out += out[start:start + length]
        else:
            for index in range(length):
                out.append(out[start + index])
    if len(out) != size:
        raise KeyError("damaged Snappy data")
    return bytes(out)
