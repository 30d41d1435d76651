"""What the sources promise: Python 3.8, the standard library, small files, a small archive, a true documentation."""
import ast
import gzip
import io
import json
import os
import re
import unittest
import zipfile

from test_inspect import TABLE as INSPECTION_RULES
from fakes import SMALL, SOURCES, bare, packed
from settings import Settings
from timings import DEFAULTS, Timings
from verdict import table

DOCS = os.path.join(SOURCES, "../../docs")
# Python 3.8's own modules that the launcher uses; another one needs a thought: training images may strip theirs.
STANDARD = {"array", "collections", "ctypes", "errno", "fcntl", "glob", "hashlib", "ipaddress", "json", "os", "queue", "re", "select",
            "selectors", "shutil", "signal", "socket", "stat", "struct", "subprocess", "sys", "tempfile", "threading", "time"}
# What runs in the image's own Python may ask more of it, and of what is installed there.
IN_THE_IMAGE = {"ask_image.py": {"ast", "contextlib", "importlib", "io", "hydra", "omegaconf", "verl"}}


def sources():
    for name in sorted(os.listdir(SOURCES)):
        if name.endswith(".py"):
            with open(os.path.join(SOURCES, name)) as file:
                yield name, file.read()


class Sources(unittest.TestCase):
    def test_grammar_and_imports(self):
        own = {name[:-3] for name, _ in sources()}
        for name, text in sources():
            tree = ast.parse(text, name, feature_version=(3, 8))
            for node in ast.walk(tree):
                modules = ([alias.name for alias in node.names] if isinstance(node, ast.Import)
                           else [node.module] if isinstance(node, ast.ImportFrom) else [])
                for module in modules:
                    self.assertIn(module.split(".")[0], STANDARD | own | IN_THE_IMAGE.get(name, set()), name)

    def test_no_unused_imports(self):
        for name, text in sources():
            tree = ast.parse(text)
            imported = {(alias.asname or alias.name).split(".")[0] for node in ast.walk(tree)
                        if isinstance(node, (ast.Import, ast.ImportFrom)) for alias in node.names}
            used = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
            self.assertEqual(set(), imported - used, name)

    def test_files_and_functions_are_small_and_explained(self):
        for name, text in sources():
            self.assertLessEqual(len(text.splitlines()), 250, name)
            self.assertLessEqual(max(map(len, text.splitlines())), 132, name)
            tree = ast.parse(text)
            self.assertTrue(ast.get_docstring(tree), name)
            for node in ast.walk(tree):
                if isinstance(node, ast.FunctionDef):
                    self.assertLessEqual(node.end_lineno - node.lineno, 40, "%s: %s" % (name, node.name))

    def test_the_archive_is_small(self):
        """etcd holds one ConfigMap per job: with arguments and settings it must stay below 48 KiB."""
        self.assertLess(len(packed()), 38 << 10)

    def test_what_is_packed_is_the_same_program(self):
        def program(text):
            """The syntax tree without expressions that are mere constants; with the line of every statement."""
            tree = ast.parse(text)
            for node in ast.walk(tree):
                if hasattr(node, "body") and isinstance(node.body, list):
                    node.body = [part for part in node.body if not (isinstance(part, ast.Expr) and isinstance(part.value, ast.Constant))]
            return ast.dump(tree), [node.lineno for node in ast.walk(tree) if isinstance(node, ast.stmt)]

        for name, text in sources():
            self.assertEqual(program(text), program(bare(text)), name)
            self.assertNotIn('"""', bare(text))

    def test_the_archive_runs(self):
        with zipfile.ZipFile(io.BytesIO(gzip.decompress(packed()))) as archive:
            self.assertLessEqual({"__main__.py", "launcher-codes.json", "log-signatures.json"}, set(archive.namelist()))


class Timing(unittest.TestCase):
    def test_defaults_are_the_operators(self):
        self.assertEqual({"fenceBeat": 10, "fenceReadFailure": 120, "fenceWait": 120, "fenceForeignWatch": 120, "rayStart": 300,
                          "join": 1800, "headGone": 60, "poll": 2, "stopGrace": 20, "inspection": 120, "collect": 60}, DEFAULTS)
        self.assertEqual(set(SMALL), set(DEFAULTS))

    def test_odd_values_are_ignored(self):
        for text in (None, "", "x", "[]", "null", '{"join": "7"}', '{"join": -1}', '{"join": true}', '{"join": null}', '{"other": 3}',
                     '{"join": Infinity}', '{"join": NaN}'):
            self.assertEqual(1800, Timings(text).join, text)
        self.assertEqual(0.5, Timings('{"join": 0.5}').join)


class Environment(unittest.TestCase):
    def test_rank_is_the_pods_ordinal(self):
        for name, rank in (("job-0", 0), ("my-job-3-17", 17), ("job", 0), ("", 0), ("job-x", 0)):
            self.assertEqual(rank, Settings({"POD_NAME": name}).rank)

    def test_odd_numbers_fall_back(self):
        settings = Settings({"GRPO_MESSAGE_LIMIT": "many", "NNODES": "2", "NPROC_PER_NODE": "16", "GRPO_ATTEMPT": "-3"})
        self.assertEqual((4032, 32, 1), (settings.message_limit, settings.npus, settings.attempt))


class Documentation(unittest.TestCase):
    def setUp(self):
        with open(os.path.join(DOCS, "launcher.md")) as file:
            self.text = file.read()

    def rows(self, heading):
        section = self.text.split("## %s\n" % heading)[1].split("\n## ")[0]
        rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in section.splitlines() if line.startswith("| `")]
        return [[row[0].strip("`")] + row[1:] for row in rows]

    def test_codes(self):
        self.assertEqual([[row["code"], row["class"] or "", str(row["exit"]), "yes" if row["follower"] else "", row["meaning"]]
                          for row in table("launcher-codes.json")], [row[:5] for row in self.rows("Codes")])

    def test_signatures(self):
        self.assertEqual([[row["signature"], row["class"], "yes" if row["follower"] else ""] for row in table("log-signatures.json")],
                         [row[:3] for row in self.rows("Signatures")])

    def test_timings(self):
        self.assertEqual([[name, "%g" % value] for name, value in DEFAULTS.items()], [row[:2] for row in self.rows("Waits")])

    def test_inspection_rules(self):
        with open(os.path.join(DOCS, "inspection.md")) as file:
            self.text = file.read()
        for heading, name in (("Paths", "subjects"), ("What is wrong with a path", "kinds"), ("Model, data, image", "rules")):
            self.assertEqual([[rule, demand] for rule, demand in INSPECTION_RULES[name].items()], self.rows(heading))

    def test_every_inspection_rule_is_found_somewhere(self):
        """Names in the sources, and with each name of a path those that `paths.explain` and `trouble` may end it by."""
        rules = INSPECTION_RULES
        text = "".join(text for _, text in sources())
        for name in list(rules["rules"]) + list(rules["kinds"]):
            self.assertIn('"%s"' % name, text)
        for name in rules["subjects"]:
            self.assertIn('"%s" + ' % name, text)


if __name__ == "__main__":
    unittest.main()
