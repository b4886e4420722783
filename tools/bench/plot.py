"""Draws the medians as an SVG of horizontal bars, one panel a scenario."""

from xml.sax.saxutils import escape

WIDTH = 860
LABEL_WIDTH = 190
VALUE_WIDTH = 90
BAR_HEIGHT = 15
ROW_HEIGHT = 19
PANEL_GAP = 22
MARGIN = 16

FINDER_COLOR = "#1f6feb"
FLOOR_COLOR = "#2da44e"
PEER_COLOR = "#8c959f"


def color(name):
    if name.startswith("finder"):
        return FINDER_COLOR
    return FLOOR_COLOR if "floor" in name else PEER_COLOR


def milliseconds(value):
    if value >= 9999.5:
        return f"{value / 1000:.1f} s"
    if value >= 100:
        return f"{value:.0f} ms"
    return f"{value:.1f} ms" if value >= 10 else f"{value:.2f} ms"


def text(x, y, words, size=12, anchor="start", weight="normal"):
    return (f'<text x="{x}" y="{y}" font-size="{size}" '
            f'font-weight="{weight}" text-anchor="{anchor}">'
            f"{escape(words)}</text>")


def panel(scenario, figures, top):
    """Returns the panel's elements and the y below it."""
    parts = [text(MARGIN, top + 12, scenario.name, 13, weight="bold"),
             text(MARGIN + LABEL_WIDTH, top + 12, scenario.about, 11)]
    top += 20
    longest = max(f.median() for f in figures)
    room = WIDTH - 2 * MARGIN - LABEL_WIDTH - VALUE_WIDTH
    for figure in figures:
        length = max(1, room * figure.median() / longest)
        x = MARGIN + LABEL_WIDTH
        middle = top + BAR_HEIGHT / 2
        parts.append(text(x - 6, top + 12, figure.row.name, anchor="end"))
        parts.append(f'<rect x="{x}" y="{top}" width="{length:.1f}" '
                     f'height="{BAR_HEIGHT}" fill="{color(figure.row.name)}"/>')
        first, last = (x + room * value / longest
                       for value in (figure.least(), figure.most()))
        # A far outlier is cut, so that the figure beside it has room.
        last = min(last, x + room + VALUE_WIDTH / 3)
        first = min(first, last)
        parts.append(f'<path d="M{first:.1f} {middle}H{last:.1f}" '
                     'stroke="#24292f" stroke-width="1"/>')
        parts.append(text(max(x + length, last) + 5, top + 12,
                          milliseconds(figure.median()), 11))
        top += ROW_HEIGHT
    return parts, top + PANEL_GAP


def draw(measured):
    """`measured`: pairs of a scenario and its figures."""
    parts = []
    top = MARGIN
    for scenario, figures in measured:
        figures = [f for f in figures if f.samples]
        if figures:
            more, top = panel(scenario, figures, top)
            parts += more
    parts.append(text(MARGIN, top, "Medians; lines from the fastest to the "
                      "slowest run. Each panel has its own scale.", 11))
    height = top + MARGIN
    return (f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" '
            f'height="{height:.0f}" viewBox="0 0 {WIDTH} {height:.0f}" '
            'font-family="sans-serif" fill="#24292f">\n'
            f'<rect width="100%" height="100%" fill="#ffffff"/>\n'
            + "\n".join(parts) + "\n</svg>\n")
