"""Row count and column names of a Parquet file from its footer (Thrift's compact protocol). Nothing in the file is trusted:
every length is checked against what is there, and depth and size are bounded."""
import os
import struct

LARGEST = 16 << 20    # bytes of footer that are read; schema and row count stand at its beginning
DEPTH = 24
ELEMENTS = 1 << 17    # of a schema
_BOOLEAN = (1, 2)
_BYTE, _DOUBLE, _BINARY, _STRUCT = 3, 7, 8, 12
_INTEGERS = (4, 5, 6)
_LISTS = (9, 10)
_MAP = 11


class NotParquet(ValueError):
    """What is wrong with the file."""


def footer(path):
    """(rows, names of the top-level columns); NotParquet or OSError."""
    with open(path, "rb") as file:
        size = file.seek(0, os.SEEK_END)
        if size < 12:
            raise NotParquet("it has %d bytes only" % size)
        file.seek(size - 8)
        length, magic = struct.unpack("<I4s", file.read(8))
        if magic == b"PARE":
            raise NotParquet("its footer is encrypted")
        if magic != b"PAR1":
            raise NotParquet("it doesn't end as a Parquet file does; it may be cut off")
        if length > size - 12:
            raise NotParquet("its footer would be longer than the file")
        file.seek(size - 8 - length)
        reader = _Reader(file.read(min(length, LARGEST)))
    rows = schema = None
    for field, kind in reader.fields():
        if field == 2 and kind in _LISTS:
            schema = [_element(reader) for _ in range(reader.list_of(_STRUCT))]
        elif field == 3 and kind == 6:
            rows = reader.zigzag()
        else:
            reader.skip(kind, 0)
        if rows is not None and schema is not None:
            break
    if rows is None or rows < 0 or not schema:
        raise NotParquet("its footer has no schema or no row count")
    return rows, _top_level(schema)


def _element(reader):
    """(name, number of children) of a SchemaElement."""
    name, children = "", 0
    for field, kind in reader.fields():
        if field == 4 and kind == _BINARY:
            name = reader.binary().decode("utf-8", "replace")
        elif field == 5 and kind in _INTEGERS:
            children = reader.zigzag()
        else:
            reader.skip(kind, 0)
    if not 0 <= children <= 1 << 20:
        raise NotParquet("its schema is damaged")
    return name, children


def _top_level(schema):
    """The schema is a tree in depth-first order; its first element is the root."""
    names, at = [], 1
    for _ in range(schema[0][1]):
        if at >= len(schema):
            raise NotParquet("its schema is damaged")
        names.append(schema[at][0])
        open_elements = 1
        while open_elements and at < len(schema):
            open_elements += schema[at][1] - 1
            at += 1
    return names


class _Reader:
    def __init__(self, data):
        self._data, self._at = data, 0

    def _take(self, count):
        if count > len(self._data) - self._at:
            raise NotParquet("its footer ends too early")
        self._at += count
        return self._data[self._at - count:self._at]

    def varint(self):
        value = 0
        for shift in range(0, 70, 7):
            byte = self._take(1)[0]
            value |= (byte & 0x7F) << shift
            if byte < 0x80:
                return value
        raise NotParquet("its footer has a number without end")

    def zigzag(self):
        value = self.varint()
        return (value >> 1) ^ -(value & 1)

    def binary(self):
        return self._take(self.varint())

    def fields(self):
        """(id, type) of each field of a struct; the caller reads or skips the value before it goes on."""
        field = 0
        while True:
            head = self._take(1)[0]
            if head == 0:
                return
            delta = head >> 4
            field = field + delta if delta else self.zigzag()
            yield field, head & 0x0F

    def list_of(self, kind=None):
        """The number of elements; kind None answers (number, kind)."""
        head = self._take(1)[0]
        count = head >> 4 if head >> 4 < 15 else self.varint()
        if kind is None:
            return count, head & 0x0F
        if head & 0x0F != kind or count > ELEMENTS:
            raise NotParquet("its schema is damaged")
        return count

    def skip(self, kind, depth, element=False):
        if depth > DEPTH:
            raise NotParquet("its footer is nested too deep")
        if kind in _BOOLEAN:
            self._take(1 if element else 0)
        elif kind == _BYTE:
            self._take(1)
        elif kind in _INTEGERS:
            self.varint()
        elif kind == _DOUBLE:
            self._take(8)
        elif kind == _BINARY:
            self.binary()
        elif kind in _LISTS:
            count, kind = self.list_of()
            for _ in range(count):
                self.skip(kind, depth + 1, element=True)
        elif kind == _MAP:
            count = self.varint()
            kinds = self._take(1)[0] if count else 0
            for _ in range(count):
                self.skip(kinds >> 4, depth + 1, element=True)
                self.skip(kinds & 0x0F, depth + 1, element=True)
        elif kind == _STRUCT:
            for _, inner in self.fields():
                self.skip(inner, depth + 1)
        else:
            raise NotParquet("its footer has an unknown type")
