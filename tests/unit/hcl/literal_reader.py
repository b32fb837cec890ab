"""Reads HCL values without expressions, by the rules of HCL's specification and by no code of the renderer."""

from __future__ import annotations

import re
from typing import Any

_TOKEN = re.compile(
    r"\s*(?:(?P<heredoc><<-?(?P<delimiter>\w+)\n(?P<content>.*?)^[ ]*(?P=delimiter)$)"
    r'|"(?P<quoted>(?:[^"\\]|\\.)*)"|(?P<number>-?\d[\w.+-]*)|(?P<word>\w+)|(?P<mark>[\[\]{},=]))',
    re.DOTALL | re.MULTILINE,
)
_SIMPLE = {"n": "\n", "r": "\r", "t": "\t", '"': '"', "\\": "\\"}
_WORDS = {"null": None, "true": True, "false": False}


def read_literal(text: str) -> Any:
    """The value of a literal: null, boolean, number, string, heredoc, list, object."""
    reader = _Reader(text)
    value = reader.value()
    assert not text[reader.at :].strip(), f"left over: {text[reader.at :]!r}"
    return value


class _Reader:
    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0

    def value(self) -> Any:
        token = self.next()
        if token["heredoc"] is not None:
            return _unescaped(_without_margin(token["content"], token["heredoc"]))
        if token["quoted"] is not None:
            return _unescaped(_without_backslashes(token["quoted"]))
        if token["number"]:
            number = token["number"]
            return int(number) if re.fullmatch(r"-?\d+", number) else float(number)
        if token["word"]:
            return _WORDS[token["word"]]
        return self.items() if token["mark"] == "[" else self.entries()

    def items(self) -> list[Any]:
        found = []
        while not self.take("]"):
            found.append(self.value())
            self.take(",")
        return found

    def entries(self) -> dict[str, Any]:
        found = {}
        while not self.take("}"):
            token = self.next()
            key = _unescaped(_without_backslashes(token["quoted"])) if token["quoted"] is not None else token["word"]
            assert self.take("=")
            assert key not in found
            found[key] = self.value()
        return found

    def next(self) -> re.Match[str]:
        token = _TOKEN.match(self.text, self.at)
        assert token, f"no token: {self.text[self.at :]!r}"
        self.at = token.end()
        return token

    def take(self, mark: str) -> bool:
        token = _TOKEN.match(self.text, self.at)
        if not token or token["mark"] != mark:
            return False
        self.at = token.end()
        return True


def _without_backslashes(text: str) -> str:
    return re.sub(
        r"\\(?:u([0-9a-f]{4})|(.))", lambda found: chr(int(found[1], 16)) if found[1] else _SIMPLE[found[2]], text
    )


def _without_margin(content: str, opening: str) -> str:
    lines = re.findall(r"[^\n]*\n", content)
    if not opening.startswith("<<-"):
        return content
    margin = min(len(line) - len(line.lstrip()) for line in lines if line.strip())
    return "".join(line[margin:] if line.strip() else line for line in lines)


def _unescaped(text: str) -> str:
    assert not re.search(r"(?<!\$)\$\{|(?<!%)%\{", text), f"an expression: {text!r}"
    return re.sub(r"([$%])\1\{", r"\1{", text)
