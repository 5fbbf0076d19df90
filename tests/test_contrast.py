"""Every pair of colours the style sheets put together, measured as WCAG 2 does."""

import re
from pathlib import Path

import pytest

TOKENS = dict(
    re.findall(
        r"--dx-([\w-]+):\s*(#[0-9a-f]{3,6});",
        (Path(__file__).resolve().parent.parent / "static/css/tokens.css").read_text(encoding="utf-8"),
    )
)

TEXT = 4.5
SHAPE = 3.0

PAIRS = [
    *((ink, "white", TEXT) for ink in ("text", "strong", "soft", "muted", "link", "link-visited", "action")),
    *((ink, "white", TEXT) for ink in ("ok-text", "slow-text", "late", "error-text", "good-text")),
    *((ink, "gray-50", TEXT) for ink in ("text", "soft", "muted", "link", "link-visited", "error-text")),
    *((ink, "gray-100", TEXT) for ink in ("strong", "soft", "muted", "error-text", "link")),
    *((ink, "hover", TEXT) for ink in ("text", "soft", "muted", "link", "action", "error-text", "slow-text")),
    *((ink, "ok-tint", TEXT) for ink in ("text", "muted", "late", "ok-text", "soft")),
    *((ink, "slow-tint", TEXT) for ink in ("text", "soft", "slow-text", "link", "muted")),
    *((ink, "error-tint", TEXT) for ink in ("text", "soft", "error-text", "link", "muted")),
    ("good-text", "good-tint", TEXT),
    ("strong", "ok-tint-2", TEXT),
    ("link", "action-tint", TEXT),
    *(("white", ground, TEXT) for ground in ("action", "link", "late", "strong", "error-text", "muted")),
    *((shape, "white", SHAPE) for shape in ("ok", "slow", "slow-bar", "slow-edge", "late", "error", "good")),
    *((shape, "white", SHAPE) for shape in ("gray-500", "gray-536")),
    *((shape, "ok-tint", SHAPE) for shape in ("ok", "slow", "late", "gray-536")),
    # Shapes whose number and word stand beside them: the outline of a rest, and the ochre part of the bar on pale blue.
    ("gray-420", "white", 2.9),
    ("slow-bar", "ok-tint", 2.8),
]


def luminance(colour: str) -> float:
    digits = colour[1:] if len(colour) == 7 else "".join(digit * 2 for digit in colour[1:])
    parts = [int(digits[place : place + 2], 16) / 255 for place in (0, 2, 4)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(TOKENS[one]), luminance(TOKENS[other])), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize(("ink", "ground", "least"), PAIRS)
def test_colours_stand_out_from_their_ground(ink, ground, least):
    assert contrast(ink, ground) >= least


def test_black_on_white_measures_twenty_one():
    assert round((luminance("#fff") + 0.05) / (luminance("#000") + 0.05), 2) == 21
