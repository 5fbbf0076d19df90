"""公開前チェック of texts: what should not stand on a page for residents. Pure.

What is certainly wrong (a name of somebody with an account, an address for mail) stops the publication; what may be wrong
(a number like a telephone's, a word from inside the office) has to be looked at and confirmed.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from townhall.cells import quoted

# What the town would not write to residents. A word here asks for a look; it forbids nothing.
INTERNAL_WORDS = (
    *("内部", "庁内", "部外秘", "取扱注意", "未定稿", "未公表", "非公開", "内々", "内示", "案の段階"),
    *("予定価格", "見積", "入札前", "落札", "業者名", "査定", "人事", "異動", "懲戒", "苦情", "クレーム"),
    *("パスワード", "IPアドレス", "脆弱性", "口頭", "個人的"),
)
MAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+", re.ASCII)
# With or without hyphens; a day such as 2026-11-24 does not begin with 0.
TELEPHONE = re.compile(r"(?<!\d)0\d{1,4}[-(]?\d{1,4}[-)]?\d{3,4}(?!\d)|内線\s*[:]?\s*\d{2,5}")
HONORIFIC = r"\s*(?:さん|氏|様|課長|室長|係長|主査|主任|主事|主幹|補佐|副主査|職員)"


@dataclass(frozen=True)
class Warned:
    place: str
    sentence: str
    stops: bool


def warnings_in(texts: Iterable[tuple[str, str]], *, names: Iterable[str], usernames: Iterable[str]) -> list[Warned]:
    """`texts`: where it stands, and what stands there."""
    people = _people(names, usernames)
    return [warned for place, text in texts for warned in _warnings(place, text, people)]


def _warnings(place: str, text: str, people: re.Pattern[str] | None) -> list[Warned]:
    folded = _folded(text)
    found = []
    if people and (person := people.search(folded)):
        found.append(Warned(place, f"利用者の氏名らしい{quoted(person[0])}があります。消してください。", stops=True))
    if mail := MAIL.search(folded):
        found.append(Warned(place, f"メールアドレスらしい{quoted(mail[0])}があります。消してください。", stops=True))
    if telephone := TELEPHONE.search(folded):
        found.append(Warned(place, f"電話番号らしい{quoted(telephone[0])}があります。", stops=False))
    words = [word for word in INTERNAL_WORDS if word in folded]
    if words:
        listed = "・".join(f"「{word}」" for word in words)
        found.append(Warned(place, f"庁内向けの言葉{listed}があります。", stops=False))
    return found


def _folded(text: str) -> str:
    """Full-width letters as ASCII, every kind of dash as a hyphen."""
    return re.sub(r"[‐‑‒–—―−ー－](?=\d)", "-", unicodedata.normalize("NFKC", text))


def _people(names: Iterable[str], usernames: Iterable[str]) -> re.Pattern[str] | None:
    """Full names with or without their blank; family names before an honorific or a post; names of accounts."""
    parts = []
    for name in filter(None, map(str.strip, map(_folded, names))):
        words = [re.escape(word) for word in name.split()]
        parts.append(r"\s*".join(words))
        if len(words) > 1:
            parts.append(words[0] + HONORIFIC)
    parts += [rf"(?<![A-Za-z0-9_.-]){re.escape(name)}(?![A-Za-z0-9_.-])" for name in usernames if len(name) >= 4]
    return re.compile("|".join(parts)) if parts else None
