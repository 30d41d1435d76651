"""The override grammar and its errors, against what real Hydra was seen to do."""
from __future__ import annotations

import ast
import copy
import os
import re
import unittest

import support  # (sets sys.path, before what is imported from the image)
from standin import settings
from standin.hydra import compose, errors, grammar, interpolate

BASE = {"s": "abc", "i": 1, "b": True, "f": 1.0, "l": ["a", "b"], "d": {}, "e": {"a": 1}, "n": None,
        "x": "${s}", "sub": {"m": "???"}}


def evaluate(arguments):
    overrides = [grammar.parse(text) for text in arguments]
    for override in overrides:
        compose.refuse_sweep(override)
    config = compose.apply(copy.deepcopy(BASE), overrides)
    key = overrides[-1].key
    value = interpolate.select(config, key)
    if value is interpolate.ABSENT or value == "???":
        value = None
    return value


def expected_text(value) -> str:
    if isinstance(value, (list, dict)):
        return repr(value)
    return "%s %r" % (type(value).__name__, value)


class HydraCases(unittest.TestCase):
    def cases(self):
        pattern = re.compile(r"^(\(.*?\))\s{2,}(.*)$")
        pair = re.compile(r"^(\(.*\)) +(\S.*)$")
        with open(os.path.join(support.DATA, "hydra-cases.txt"), encoding="utf-8") as file:
            for line in file:
                if not line.startswith("("):
                    continue
                match = pattern.match(line.rstrip("\n")) or pair.match(line.rstrip("\n"))
                yield ast.literal_eval(match.group(1)), match.group(2)

    def test_every_measured_item(self):
        seen = 0
        for arguments, wanted in self.cases():
            seen += 1
            with self.subTest(arguments=arguments):
                try:
                    got = expected_text(evaluate(arguments))
                except Exception as error:  # compared below, class and text
                    cause = error.__cause__
                    got = "ERR %s %s / %s" % (type(error).__name__, " | ".join(str(error).split("\n")),
                                              str(cause.args[0]).split("\n")[0] if cause else "")
                if wanted.startswith("ERR"):
                    head, _, cause = wanted.partition(" / ")
                    self.assertTrue(got.startswith(head.rstrip()), "\nwanted %s\ngot    %s" % (wanted, got))
                    self.assertTrue(got.rstrip().endswith(cause.strip()), "\nwanted %s\ngot    %s" % (wanted, got))
                else:
                    self.assertEqual(got, wanted)
        self.assertGreater(seen, 190)


class KeyTables(unittest.TestCase):
    def test_common_overrides_on_every_version_and_root(self):
        with open(os.path.join(support.DATA, "override-cases.tsv"), encoding="utf-8") as file:
            lines = [line.rstrip("\n").split("\t") for line in file if not line.startswith("#")]
        header, rows = lines[0], lines[1:]
        self.assertEqual(len(rows), 116)
        for row in rows:
            for column, wanted in list(zip(header, row))[1:]:
                name, root = column.split("/")
                release = settings.RELEASES[settings.COLUMNS.index(name)]
                with self.subTest(override=row[0], column=column):
                    self.assertEqual(self.outcome(release, root, row[0]), wanted)

    @staticmethod
    def outcome(release, root, text):
        try:
            compose.compose(release, root, [text])
            return "ok"
        except errors.HydraException as error:
            return "dup" if "An item is already at" in str(error) else "ERR"

    def test_every_default_tree_resolves(self):
        for release in settings.RELEASES:
            for root in "FM":
                config = compose.compose(release, root, [])
                resolved = interpolate.resolve_tree(config, config)
                self.assertEqual(resolved["trainer"]["default_local_dir"], "checkpoints/verl_examples/gsm8k")

    def test_reference_inherits_the_actors_sizes(self):
        config = compose.compose((0, 7, 1), "M", ["actor_rollout_ref.actor.megatron.tensor_model_parallel_size=4"])
        resolved = interpolate.resolve_tree(config, config)
        self.assertEqual(resolved["actor_rollout_ref"]["ref"]["megatron"]["tensor_model_parallel_size"], 4)

    def test_plain_child_of_an_interpolated_container_fails_and_plus_replaces_it(self):
        key = "actor_rollout_ref.ref.megatron.override_transformer_config"
        with self.assertRaises(errors.ConfigCompositionException):
            compose.compose((0, 7, 1), "M", [key + ".recompute_method=uniform"])
        config = compose.compose((0, 7, 1), "M", ["+%s.recompute_method=uniform" % key])
        self.assertEqual(interpolate.select(config, key), {"recompute_method": "uniform"})

    def test_model_engine_brings_the_megatron_root(self):
        config = compose.compose((0, 8, 0), "F", ["model_engine=megatron"])
        self.assertIn("megatron", config["actor_rollout_ref"]["actor"])


if __name__ == "__main__":
    unittest.main()
