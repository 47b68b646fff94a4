"""The lines of a paste that decided, each cut into marked and unmarked pieces."""

from dataclasses import dataclass

MOST_LINES = 14
LONGEST_LINE = 1_200


@dataclass(frozen=True)
class Piece:
    text: str
    label: str | None = None


def marked_lines(paste, spans):
    """Return the lines of `paste` that hold a span, each a list of pieces; None stands for lines left out between."""
    shown = []
    start = last = 0
    for line in paste.splitlines(keepends=True):
        end = start + len(line)
        inside = [span for span in spans if span.start < end and start < span.end]
        if inside:
            if shown and last != start:
                shown.append(None)
            shown.append(_pieces(paste, start, start + len(line.rstrip("\r\n")), inside))
            last = end
            if len(shown) >= MOST_LINES:
                break
        start = end
    return shown


def _pieces(paste, start, end, spans):
    first = max(start, min(span.start for span in spans) - LONGEST_LINE // 4)
    end = min(end, first + LONGEST_LINE)
    pieces = [Piece("… ")] if first > start else []
    at = first
    for span in spans:
        if span.start > at:
            pieces.append(Piece(paste[at : span.start]))
        pieces.append(Piece(paste[max(at, span.start) : min(end, span.end)], span.label))
        at = max(at, span.end)
    if at < end:
        pieces.append(Piece(paste[at:end]))
    return [piece for piece in pieces if piece.text]
