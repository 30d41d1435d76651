"""Tokens of Hydra's override grammar: a key mode up to ``=``, then a value mode."""
from __future__ import annotations

import re
from typing import NamedTuple

from standin.hydra.errors import GRAMMAR_HINT, OverrideParseException


class Token(NamedTuple):
    kind: str
    text: str


_INT = r"(?:0|[1-9](?:_?[0-9])*)"
_POINT = rf"(?:(?:{_INT})?\.[0-9](?:_?[0-9])*|{_INT}\.)"
_EXPONENT = rf"(?:{_POINT}|{_INT})[eE][+-]?[0-9](?:_?[0-9])*"
_ID = r"[A-Za-z_][A-Za-z0-9_]*"
_SPECIAL = r"[A-Za-z_$][A-Za-z0-9_$-]*"
_PART = rf"(?:{_SPECIAL}|{_INT})"


def _table(*rules):
    return [(kind, re.compile(pattern, re.DOTALL)) for kind, pattern in rules]


# At each place the longest match wins; among equals the first rule.
_KEY_MODE = _table(
    ("EQUAL", r"=[ \t]*"), ("TILDE", "~"), ("PLUS", r"\+"), ("AT", "@"), ("COLON", ":"), ("SLASH", "/"),
    ("ID", _ID), ("KEY_SPECIAL", _SPECIAL), ("DOT_PATH", rf"{_PART}(?:\.{_PART})+"))

_VALUE_MODE = _table(
    ("QUOTED", r"'(?:[^'\\]|\\.)*'"), ("QUOTED", r'"(?:[^"\\]|\\.)*"'),
    ("POPEN", r"[ \t]*\([ \t]*"), ("PCLOSE", r"[ \t]*\)"), ("COMMA", r"[ \t]*,[ \t]*"),
    ("COLON", r"[ \t]*:[ \t]*"), ("EQUAL", r"[ \t]*=[ \t]*"),
    ("BRACKET_OPEN", r"\[[ \t]*"), ("BRACKET_CLOSE", r"[ \t]*\]"),
    ("BRACE_OPEN", r"\{[ \t]*"), ("BRACE_CLOSE", r"[ \t]*\}"),
    ("FLOAT", rf"[+-]?(?:{_EXPONENT}|{_POINT}|[Ii][Nn][Ff]|[Nn][Aa][Nn])"), ("INT", rf"[+-]?{_INT}"),
    ("BOOL", "[Tt][Rr][Uu][Ee]|[Ff][Aa][Ll][Ss][Ee]"), ("NULL", "[Nn][Uu][Ll][Ll]"),
    ("CHAR", r"[/\-\\+.$%*@?|]"), ("ID", _ID), ("ESC", r"(?:\\[\\()\[\]{}:=, \t])+"), ("WS", r"[ \t]+"))


def interpolation_end(text: str, start: int) -> int | None:
    """The end of ``${…}`` with nested ones, or None where it never closes."""
    depth = 0
    place = start
    while place < len(text):
        if text.startswith("${", place):
            depth += 1
            place += 2
        elif text[place] == "}":
            depth -= 1
            place += 1
            if depth == 0:
                return place
        else:
            place += 1
    return None


def _longest(table, text: str, place: int):
    best = None
    for kind, pattern in table:
        match = pattern.match(text, place)
        if match and match.end() > place and (best is None or match.end() > best[1]):
            best = (kind, match.end())
    return best


def tokens(text: str) -> list:
    """All tokens of one command-line item, ``EOF`` last."""
    found = []
    place = 0
    table = _KEY_MODE
    while place < len(text):
        best = _longest(table, text, place)
        if table is _VALUE_MODE and text.startswith("${", place):
            end = interpolation_end(text, place)
            if end is not None:
                best = ("INTERPOLATION", end)
        if best is None:
            label = "LexerNoViableAltException: "
            raise OverrideParseException(
                text, "%s%s\n%s^\n%s" % (label, text, " " * (len(label) + place), GRAMMAR_HINT))
        found.append(Token(best[0], text[place:best[1]]))
        place = best[1]
        if best[0] == "EQUAL":
            table = _VALUE_MODE
    found.append(Token("EOF", "<EOF>"))
    return found
