"""How wide a text is, without a font at hand: the widths of Helvetica and Arial, which browsers have or imitate."""

from __future__ import annotations

#: Advance widths in thousandths of the size, from the font metrics of Helvetica (Adobe Core 14 AFM, public).
_WIDTHS = {
    191: "'",
    222: "ijl",
    260: "|",
    278: " !,./:;I[\\]ft",
    333: "()-`r",
    334: "{}",
    355: '"',
    389: "*",
    469: "^",
    500: "Jckszvxy",
    556: "#$0123456789?L_abdeghnopqu",
    584: "+<=>~×±",
    611: "FTZ",
    667: "&ABEKPSVXY",
    722: "CDHNRUw",
    778: "GOQ",
    833: "Mm",
    889: "%",
    944: "W",
    1000: "…—",
    1015: "@",
}
_WIDTH_OF = {char: width for width, chars in _WIDTHS.items() for char in chars} | {"·": 278}
#: Bold letters are at most this much wider, over a word.
_BOLD = 1.09


def width_of(text: str, size: float, *, bold: bool = False) -> float:
    """Width in pixels at a font size in pixels; a character that is not in the table counts as a full square."""
    total = sum(_WIDTH_OF.get(char, 1000) for char in text) * size / 1000
    return total * _BOLD if bold else total


def fitted(text: str, room: float, size: float, *, bold: bool = False) -> str:
    """The text if there is room for it, else its beginning and its end with a gap: names differ in both."""
    if width_of(text, size, bold=bold) <= room:
        return text
    for kept in range(len(text) - 1, 0, -1):
        tail = kept * 2 // 5
        short = f"{text[: kept - tail]}…{text[len(text) - tail :]}"
        if width_of(short, size, bold=bold) <= room:
            return short
    return "…" if width_of("…", size, bold=bold) <= room else ""
