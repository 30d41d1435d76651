"""Columns of nested rows: every field optional, lists as Parquet's three-level LIST."""
from __future__ import annotations

#: Physical types by Parquet's numbers.
BOOLEAN_TYPE, INT32_TYPE, INT64_TYPE, INT96_TYPE, FLOAT_TYPE, DOUBLE_TYPE, BYTE_ARRAY_TYPE, FIXED_TYPE = range(8)
REQUIRED, OPTIONAL, REPEATED = range(3)
UTF8, LIST_CONVERTED = 0, 3

STRING, INT64, DOUBLE, BOOL = "string", "int64", "double", "bool"
PHYSICAL = {STRING: BYTE_ARRAY_TYPE, INT64: INT64_TYPE, DOUBLE: DOUBLE_TYPE, BOOL: BOOLEAN_TYPE}


class Node:
    """A schema element with the definition and repetition level reached when it is there."""

    def __init__(self, name: str, repetition: int, physical: int | None = None, converted: int | None = None,
                 fixed: int = 0, children: list | None = None):
        self.name, self.repetition, self.physical, self.converted, self.fixed = name, repetition, physical, converted, fixed
        self.children = children or []
        self.definition = self.depth = 0
        self.path = ()

    @property
    def is_list(self) -> bool:
        """A group whose only child is repeated."""
        return bool(self.children) and self.converted == LIST_CONVERTED and self.children[0].repetition == REPEATED


def build(name: str, kind) -> Node:
    """The node of one column from the short form (see the package's text)."""
    if isinstance(kind, dict):
        return Node(name, OPTIONAL, children=[build(key, value) for key, value in kind.items()])
    if isinstance(kind, list):
        middle = Node("list", REPEATED, children=[build("element", kind[0])])
        return Node(name, OPTIONAL, converted=LIST_CONVERTED, children=[middle])
    return Node(name, OPTIONAL, PHYSICAL[kind], UTF8 if kind == STRING else None)


def number(node: Node, definition: int = 0, depth: int = 0, path: tuple = ()) -> list:
    """Fills in levels and paths below a root; gives the leaves in order."""
    leaves = []
    for child in node.children:
        child.definition = definition + (child.repetition != REQUIRED)
        child.depth = depth + (child.repetition == REPEATED)
        child.path = path + (child.name,)
        if child.children:
            leaves += number(child, child.definition, child.depth, child.path)
        elif child.physical is not None:
            leaves.append(child)
    return leaves
