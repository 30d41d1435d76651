"""Parser of one override: sign, key, package and value, as Hydra's grammar has them."""
from __future__ import annotations

import re
from typing import NamedTuple

from standin.hydra.errors import GRAMMAR_HINT, OverrideParseException
from standin.hydra.lexer import tokens

_PRIMITIVE = {"ID", "NULL", "INT", "FLOAT", "BOOL", "INTERPOLATION", "CHAR", "COLON", "ESC", "WS"}
_DICT_KEY = {"ID", "NULL", "INT", "FLOAT", "BOOL", "CHAR", "ESC", "WS"}
_FUNCTIONS = "bool,choice,float,glob,int,interval,range,shuffle,sort,str,tag"
_SWEEPS = {"choice", "glob", "interval", "range", "shuffle", "sort", "tag"}
_VALUE_START = "{<EOF>, ':', BRACKET_OPEN, BRACE_OPEN, FLOAT, INT, BOOL, NULL, UNQUOTED_CHAR, ID, ESC, WS, QUOTED_VALUE, INTERPOLATION}"


class Override(NamedTuple):
    """One item of the command line. ``sign`` is ``''``, ``'+'``, ``'++'`` or ``'~'``."""
    text: str
    sign: str
    key: str
    package: str | None
    value: object
    has_value: bool
    sweep: str | None = None  # 'simple' (a,b) or 'function' (choice(…))


class _Sweep(Exception):
    pass


def unquote(text: str) -> str:
    """A quoted value's content: only backslashes before a quote or the end are escapes."""
    quote, inner = text[0], text[1:-1]
    pattern = r"(\\+)(%s|$)" % re.escape(quote)

    def fewer(match):
        count = len(match.group(1))
        return "\\" * (count // 2) + match.group(2)

    return re.sub(pattern, fewer, inner)


class _Parser:
    def __init__(self, text: str):
        self.text = text
        self.tokens = tokens(text)
        self.place = 0

    def next(self):
        return self.tokens[self.place]

    def take(self, *kinds):
        token = self.next()
        if token.kind in kinds:
            self.place += 1
            return token
        return None

    def fail(self, message: str, prefix: bool = False):
        if prefix:
            message = "Error parsing override '%s'\n%s" % (self.text, message)
        raise OverrideParseException(self.text, message + "\n" + GRAMMAR_HINT)

    def no_alternative(self, start: int):
        consumed = self.tokens[start:self.place + 1]
        self.fail("no viable alternative at input '%s'" % "".join(t.text for t in consumed if t.kind != "EOF"))

    def override(self) -> Override:
        sign = ""
        if self.take("TILDE"):
            sign = "~"
        elif self.take("PLUS"):
            sign = "++" if self.take("PLUS") else "+"
        key, package = self.key()
        if not self.take("EQUAL"):
            if sign == "~" and self.next().kind == "EOF":
                return Override(self.text, sign, key, package, None, False)
            if self.next().kind == "EOF":
                self.fail("missing EQUAL at '<EOF>'")
            self.fail("mismatched input '%s' expecting EQUAL" % self.next().text)
        if self.next().kind == "EOF":
            return Override(self.text, sign, key, package, "", True)
        sweep = None
        try:
            value = self.element()
        except _Sweep:
            value, sweep = None, "function"
        if self.next().kind == "COMMA" and sweep is None:
            while self.take("COMMA"):
                self.element()
            sweep = "simple"
        self.end()
        return Override(self.text, sign, key, package, value, True, sweep)

    def end(self):
        token = self.next()
        if token.kind == "EOF":
            return
        if self.tokens[self.place + 1].kind == "EOF":
            self.fail("extraneous input '%s' expecting <EOF>" % token.text, prefix=True)
        self.fail("mismatched input '%s' expecting <EOF>" % token.text)

    def key(self):
        first = self.take("ID", "KEY_SPECIAL", "DOT_PATH")
        key = first.text if first else ""
        while first and first.kind == "ID" and self.take("SLASH"):
            part = self.take("ID")
            if not part:
                self.fail("missing ID at '%s'" % self.next().text)
            key += "/" + part.text
        package = None
        if self.take("AT"):
            part = self.take("ID", "KEY_SPECIAL", "DOT_PATH")
            package = part.text if part else ""
        return key, package

    def element(self):
        kind = self.next().kind
        if kind == "BRACKET_OPEN":
            return self.list()
        if kind == "BRACE_OPEN":
            return self.dict()
        if kind == "ID" and self.tokens[self.place + 1].kind == "POPEN":
            return self.function()
        if kind == "QUOTED":
            return unquote(self.take("QUOTED").text)
        if kind in _PRIMITIVE:
            return primitive(self.run(_PRIMITIVE))
        if self.tokens[self.place + 1].kind in _PRIMITIVE:
            self.fail("extraneous input '%s' expecting %s" % (self.next().text, _VALUE_START), prefix=True)
        self.fail("mismatched input '%s' expecting %s" % (self.next().text, _VALUE_START))

    def run(self, kinds) -> list:
        start = self.place
        while self.next().kind in kinds:
            self.place += 1
        return self.tokens[start:self.place]

    def list(self):
        start = self.place
        self.take("BRACKET_OPEN")
        items = []
        if self.take("BRACKET_CLOSE"):
            return items
        while True:
            if self.next().kind not in _PRIMITIVE | {"QUOTED", "BRACKET_OPEN", "BRACE_OPEN"}:
                self.no_alternative(start)
            items.append(self.element())
            if self.take("BRACKET_CLOSE"):
                return items
            if not self.take("COMMA"):
                self.no_alternative(start)

    def dict(self):
        start = self.place
        self.take("BRACE_OPEN")
        items = {}
        if self.take("BRACE_CLOSE"):
            return items
        while True:
            key = self.run(_DICT_KEY)
            if not key or not self.take("COLON"):
                self.no_alternative(start)
            if self.next().kind not in _PRIMITIVE | {"QUOTED", "BRACKET_OPEN", "BRACE_OPEN"}:
                self.no_alternative(start)
            items[primitive(key)] = self.element()
            if self.take("BRACE_CLOSE"):
                return items
            if not self.take("COMMA"):
                self.no_alternative(start)

    def function(self):
        start = self.place
        name = self.take("ID").text
        self.take("POPEN")
        arguments = []
        while self.next().kind not in ("PCLOSE", "EOF"):
            if self.next().kind == "ID" and self.tokens[self.place + 1].kind == "EQUAL":
                self.place += 2
            arguments.append(self.element())
            if not self.take("COMMA"):
                break
        if not self.take("PCLOSE"):
            self.no_alternative(start)
        if name in _SWEEPS:
            raise _Sweep()
        return self.cast(name, arguments, "".join(t.text for t in self.tokens[start:self.place]))

    def cast(self, name: str, arguments: list, text: str):
        if name not in ("bool", "float", "int", "str"):
            inner = "Unknown function '%s'\nAvailable: %s\n" % (name, _FUNCTIONS)
            try:
                raise KeyError("Unknown function '%s'" % name)
            except KeyError as cause:
                raise OverrideParseException(self.text, "Error parsing override '%s'\nHydraException while evaluating '%s': %s"
                                             % (self.text, text, inner)) from cause
        value = arguments[0] if arguments else None
        if name == "bool":
            return value.lower() == "true" if isinstance(value, str) else bool(value)
        if name == "str":
            return _yaml_word(value)
        return {"float": float, "int": int}[name](value)


def _yaml_word(value) -> str:
    if value is None:
        return "null"
    return str(value).lower() if isinstance(value, bool) else str(value)


def primitive(run: list):
    """The value of an unquoted run: one typed token, or else the text with its escapes undone."""
    while run and run[0].kind == "WS":
        run = run[1:]
    while run and run[-1].kind == "WS":
        run = run[:-1]
    if not run:
        return ""
    if len(run) == 1:
        kind, text = run[0]
        if kind == "NULL":
            return None
        if kind == "BOOL":
            return text.lower() == "true"
        if kind == "INT":
            return int(text.replace("_", ""))
        if kind == "FLOAT":
            return float(text.replace("_", ""))
    return "".join(re.sub(r"\\(.)", r"\1", token.text) if token.kind == "ESC" else token.text for token in run)


def parse(text: str) -> Override:
    return _Parser(text).override()
