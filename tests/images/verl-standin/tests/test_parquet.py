"""Parquet written here is read back; files of another writer are read."""
from __future__ import annotations

import os
import random
import tempfile
import unittest

import support
from standin import parquet
from standin.parquet import levels, pages, snappy

SCHEMA = {"text": parquet.STRING, "number": parquet.INT64, "real": parquet.DOUBLE, "flag": parquet.BOOL,
          "list": [parquet.STRING], "messages": [{"role": parquet.STRING, "content": parquet.STRING, "tags": [parquet.INT64]}],
          "struct": {"inner": {"deep": parquet.STRING}, "items": [parquet.INT64]}}


def value(rng: random.Random, kind):
    if rng.random() < 0.2:
        return None
    if isinstance(kind, dict):
        return {name: value(rng, below) for name, below in kind.items()}
    if isinstance(kind, list):
        return [value(rng, kind[0]) for _ in range(rng.randrange(4))]
    return {parquet.STRING: lambda: "é日\n" * rng.randrange(4), parquet.INT64: lambda: rng.randrange(-2 ** 63, 2 ** 63),
            parquet.DOUBLE: rng.random, parquet.BOOL: lambda: rng.random() < 0.5}[kind]()


class RoundTrip(unittest.TestCase):
    def setUp(self):
        handle, self.path = tempfile.mkstemp(suffix=".parquet")
        os.close(handle)
        self.addCleanup(os.unlink, self.path)

    def test_random_rows(self):
        for seed in range(20):
            rng = random.Random(seed)
            rows = [{name: value(rng, kind) for name, kind in SCHEMA.items()} for _ in range(rng.randrange(60))]
            parquet.write(self.path, SCHEMA, rows)
            self.assertEqual(parquet.read(self.path), rows, "seed %d" % seed)
        self.assertEqual(parquet.columns(self.path), list(SCHEMA))

    def test_what_isnt_parquet_is_said(self):
        for data in (b"", b"PAR1", b"hello, this is no Parquet", b"PAR1" + b"\0" * 20 + b"PAR1"):
            with open(self.path, "wb") as file:
                file.write(data)
            with self.subTest(data=data), self.assertRaises(parquet.ParquetError):
                parquet.read(self.path)


class OthersFiles(unittest.TestCase):
    """``tests/data/other-writer*.parquet``: made with Parquet.Net (see the README)."""

    def test_snappy_and_gzip(self):
        names = [name for name in os.listdir(support.DATA) if name.startswith("other-writer")]
        self.assertGreaterEqual(len(names), 2)
        for name in names:
            rows = parquet.read(os.path.join(support.DATA, name))
            with self.subTest(name=name):
                self.assertEqual(len(rows), 300)
                for index, row in enumerate(rows):
                    self.assertEqual(row["question"], "What is %d + %d?" % (index, index % 7))
                    self.assertEqual(row["answer"], None if index % 10 == 3 else "#### %d" % (index + index % 7))
                    self.assertEqual(row["number"], index * index)
                    self.assertEqual(row["kind"], "ab"[index % 2])
                    self.assertEqual(row["messages"], [{"role": "user", "content": "c%d" % (index + place)} for place in range(index % 3)])

    def test_levels(self):
        rng = random.Random(1)
        for width in range(1, 9):
            values = [rng.randrange(2 ** width) for _ in range(500)]
            self.assertEqual(levels.decode(levels.encode(values, width), width, 500), values)
        # a bit-packed run of eight values of three bits, as the format's description shows it
        self.assertEqual(levels.decode(bytes([3, 0x88, 0xC6, 0xFA]), 3, 8), [0, 1, 2, 3, 4, 5, 6, 7])

    def test_delta_packed_integers(self):
        # the two examples of the format's description: blocks of eight deltas
        self.assertEqual(pages.delta(bytes([8, 1, 5, 2, 2, 0]), 5), [1, 2, 3, 4, 5])
        self.assertEqual(pages.delta(bytes([8, 1, 8, 14, 3, 2, 0xC0, 0x3F]), 8), [7, 5, 3, 1, 2, 3, 4, 5])

    def test_snappy_copies(self):
        # "abcd" literal, then a copy of 8 bytes from 4 back (overlapping)
        self.assertEqual(snappy.decompress(bytes([12, 3 << 2]) + b"abcd" + bytes([(8 - 4) << 2 | 1, 4])), b"abcdabcdabcd")


if __name__ == "__main__":
    unittest.main()
