"""The footer reader, on files of two real writers, on made ones and on damaged ones."""
import os
import random
import struct
import tempfile
import time
import unittest

import fakes  # noqa: F401 (puts the sources on the path)
from models import parquet, varint, write
from parquet_footer import NotParquet, footer

FILES = os.path.join(os.path.dirname(os.path.abspath(__file__)), "files")


class Footer(unittest.TestCase):
    def setUp(self):
        self.path = os.path.join(tempfile.mkdtemp(prefix="parquet-"), "x.parquet")
        self.addCleanup(lambda: (os.path.exists(self.path) and os.unlink(self.path), os.rmdir(os.path.dirname(self.path))))

    def read(self, data):
        return footer(write(self.path, data))

    def refused(self, data):
        with self.assertRaises(NotParquet) as caught:
            self.read(data)
        return str(caught.exception)

    def test_files_of_real_writers(self):
        self.assertEqual((5, ["data_source", "prompt", "ability", "reward_model", "extra_info"]),
                         footer(os.path.join(FILES, "prepared.parquet")))
        self.assertEqual((5, ["question", "answer"]), footer(os.path.join(FILES, "raw.parquet")))

    def test_rows_and_columns(self):
        for rows in (0, 1, 7473, 1 << 40):
            self.assertEqual((rows, ["a", "b", "c"]), self.read(parquet(rows, ("a", ("b", ["x", "y"]), "c"))))
        names = ["column%d" % number for number in range(300)]
        self.assertEqual((1, names), self.read(parquet(1, names)))
        self.assertEqual((1, ["äö€"]), self.read(parquet(1, ["äö€"])))

    def test_what_follows_the_rows_does_not_matter(self):
        self.assertEqual((3, ["a"]), self.read(parquet(3, ["a"], more=b"\xff\xff\xff")))

    def test_files_that_are_none(self):
        good = parquet(3, ["a"])
        for data, word in ((b"", "0 bytes"), (b"PAR1PAR1", "8 bytes"), (b"x" * 100, "cut off"), (good[:-4] + b"PARE", "encrypted"),
                           (good[:-1], "cut off"), (good[:-8] + struct.pack("<I", 1 << 31) + b"PAR1", "longer"),
                           (b"PAR1" + b"\0" * 8 + struct.pack("<I", 0) + b"PAR1", "too early"),
                           (b"PAR1\0" + struct.pack("<I", 1) + b"PAR1" + b"", "no schema")):
            self.assertIn(word, self.refused(data))

    def test_hostile_lengths(self):
        def made(body):
            return b"PAR1" + body + struct.pack("<I", len(body)) + b"PAR1"
        for body in (b"\x29\xfc" + varint(1 << 60),               # a list with 2^60 elements
                     b"\x18" + varint(1 << 62) + b"x",             # a string of 2^62 bytes
                     b"\x16" + b"\xff" * 20,                       # a number without end
                     b"\x1b" + varint(1 << 50) + b"\x88",          # a map
                     b"\x1c" * 10000,                              # structs in structs
                     b"\x19" + b"\x19" * 10000,                    # lists in lists
                     b"\x29\xfc" + varint(1 << 18) + b"\0" * (1 << 18) + b"\x16\x02\0",    # more columns than anybody has
                     b"\x1d", b"\x10", b"\x1e",                    # types that there are not
                     b"\x29\x2c" + b"\x48\x01a\x15" + varint(1 << 40) + b"\0" + b"\0" + b"\x16\x02\0",   # too many children
                     b"\x29\x1c" + b"\x48\x01a\x15\x08\0" + b"\x16\x02\0",   # children that are not there
                     b"\x29\x1c" + b"\x48\x01a\0" + b"\x16\x01\0"):          # a negative row count
            start = time.process_time()
            self.refused(made(body))
            self.assertLess(time.process_time() - start, 1)

    def test_every_cut_and_every_changed_byte_of_a_real_file(self):
        with open(os.path.join(FILES, "prepared.parquet"), "rb") as file:
            real = file.read()
        start = len(real) - 8 - struct.unpack("<I", real[-8:-4])[0]
        generator = random.Random(7)
        results = {"read": 0, "refused": 0}
        for _ in range(1500):
            data = bytearray(real[start - 4:])
            for _ in range(generator.choice((1, 1, 3))):
                data[generator.randrange(len(data))] = generator.randrange(256)
            if generator.random() < 0.2:
                del data[generator.randrange(len(data)):]
            try:
                rows, columns = self.read(bytes(data))
                self.assertTrue(rows >= 0 and all(isinstance(name, str) for name in columns))
                results["read"] += 1
            except NotParquet:
                results["refused"] += 1
        self.assertTrue(all(count > 100 for count in results.values()), results)

    def test_noise(self):
        generator = random.Random(8)
        for _ in range(1000):
            body = bytes(generator.randrange(256) for _ in range(generator.randrange(1, 80)))
            try:
                self.read(b"PAR1" + body + struct.pack("<I", len(body)) + b"PAR1")
            except NotParquet:
                pass


if __name__ == "__main__":
    unittest.main()
