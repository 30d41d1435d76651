"""The sources: old enough Python for every image, small files, and a README that knows every setting."""
from __future__ import annotations

import ast
import os
import re
import unittest

import support


class Sources(unittest.TestCase):
    @staticmethod
    def files():
        for top in (os.path.join(support.BASE, "root"), support.BIN, support.BASE):
            for where, folders, names in os.walk(top):
                folders[:] = [] if top == support.BASE else [name for name in folders if name != "__pycache__"]
                for name in sorted(names):
                    if name.endswith(".py") or where == support.BIN:
                        yield os.path.join(where, name)

    def test_they_parse_on_python_3_8_and_are_small(self):
        sizes = {}
        for path in self.files():
            with open(path, encoding="utf-8") as file:
                text = file.read()
            ast.parse(text, path, feature_version=(3, 8))
            sizes[path] = text.count("\n")
        self.assertGreater(len(sizes), 40)
        self.assertLessEqual(max(sizes.values()), 300, max(sizes, key=sizes.get))

    def test_the_readme_names_every_setting_and_no_other(self):
        used = set()
        for path in self.files():
            with open(path, encoding="utf-8") as file:
                used |= set(re.findall(r'"(STANDIN_[A-Z_]+)"', file.read()))
        used -= {"STANDIN_", "STANDIN_GCS", "STANDIN_CWD"}  # between our own processes
        with open(os.path.join(support.BASE, "README.md"), encoding="utf-8") as file:
            named = set(re.findall(r"\bSTANDIN_[A-Z_]+", file.read()))
        self.assertEqual(used, named)


if __name__ == "__main__":
    unittest.main()
