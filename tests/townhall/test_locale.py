"""What the libraries we show say in English has a Japanese sentence; the compiled file is the one that is read."""

import gettext as catalogue
import re
from pathlib import Path

import pytest
import simple_history
from django.conf import settings
from django.utils.translation import gettext, override

LOCALE = Path(settings.LOCALE_PATHS[0]) / "ja" / "LC_MESSAGES"
TRANS = re.compile(r"{%\s*(?:trans|translate)\s+(\"(?:[^\"]+)\"|'(?:[^']+)')")
BLOCK = re.compile(r"{%\s*blocktrans(?:late)?\b([^%]*)%}(.*?){%\s*(?:plural|endblocktrans)", re.DOTALL)
VARIABLE = re.compile(r"{{\s*([\w.]+)\s*}}")
CODE = re.compile(r"(?:\b_|gettext|gettext_lazy)\(\s*\"([^\"]+)\"")
ENTRY = re.compile(r'^msgid ((?:"(?:[^"\\]|\\.)*"\s*)+)msgstr ((?:"(?:[^"\\]|\\.)*"\s*)+)', re.MULTILINE)


def sentences_of(package):
    """Every English sentence that the package hands to the translation."""
    folder = Path(package.__file__).parent
    found = set()
    for path in folder.rglob("*.html"):
        text = path.read_text()
        found |= {quoted[1:-1] for quoted in TRANS.findall(text)}
        found |= {VARIABLE.sub(r"%(\1)s", block) for _, block in BLOCK.findall(text)}
    for path in folder.glob("*.py"):
        found |= set(CODE.findall(path.read_text()))
    return sorted(found)


def test_the_sentences_are_found():
    assert {"Change reason", "Deleted", "Revert %s", "View %(verbose_name)s"} <= set(sentences_of(simple_history))


@pytest.mark.parametrize("english", sentences_of(simple_history))
def test_simple_history_speaks_japanese(english):
    with override("ja"):
        assert re.search("[ぁ-んァ-ヶ一-龠]", gettext(english)), english


def test_the_compiled_file_says_what_the_readable_one_says():
    entries = {joined(source): joined(target) for source, target in ENTRY.findall((LOCALE / "django.po").read_text())}
    with (LOCALE / "django.mo").open("rb") as file:
        compiled = catalogue.GNUTranslations(file)
    assert {source: compiled.gettext(source) for source in entries if source} == {
        source: target for source, target in entries.items() if source
    }


def joined(lines):
    return "".join(re.findall(r'"((?:[^"\\]|\\.)*)"', lines)).replace("\\n", "\n").replace('\\"', '"')
