"""研修の名簿 in and out of Excel. A person is found by 職員番号, else by the name as it is written.

Unlike other tables a roster brings new rows: a name that nobody has is a new person, and the preview says so.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError

from schedule.choices import Employment
from schedule.models import Trainee
from schedule.models.training import name_key
from townhall.cells import CellError, fold, quoted
from townhall.sheets.bulk import BulkResource
from townhall.sheets.columns import DayCell, Known, SectionCell, UserCell
from townhall.sheets.keys import key_from, parts_of
from townhall.sheets.resource import Column, WordCell, as_text


class EmploymentCell(WordCell):
    WORDS = {fold(each.label): each.value for each in Employment} | {
        "常勤": Employment.REGULAR.value,
        "正職員": Employment.REGULAR.value,
        "会計年度": Employment.FIXED_TERM.value,
        "会計年度任用": Employment.FIXED_TERM.value,
        "再任用": Employment.REAPPOINTED.value,
    }

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> str:
        word = fold(as_text(value))
        if word not in self.WORDS:
            labels = "・".join(each.label for each in Employment)
            raise CellError(f"{quoted(value)}は任用の区分にありません。{labels}の中から書いてください。")
        return self.WORDS[word]

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        return Employment(value).label if value else ""


class TraineeResource(BulkResource):
    staff_number = Column("職員番号", "staff_number")
    name = Column("氏名", "name")
    section = Column("課", "section", widget=SectionCell())
    employment = Column("任用の区分", "employment", widget=EmploymentCell())
    hired_on = Column("採用日", "hired_on", widget=DayCell())
    left_on = Column("名簿の最後の日", "left_on", widget=DayCell())
    user = Column("ログイン名", "user", widget=UserCell())

    WIDTHS = (12, 20, 18, 20, 18, 18, 16)

    class Meta:
        model = Trainee
        import_id_fields = ("name",)
        fields = ("staff_number", "name", "section", "employment", "hired_on", "left_on", "user")

    @classmethod
    def key_headings(cls) -> list[str]:
        """The file needs no more than names. A name is no protected key: people marry."""
        return [cls.fields["name"].column_name]

    def before_import(self, dataset: Any, **kwargs: Any) -> None:
        """Everything a line can point to, read once."""
        self._known = Known()
        self._by_number: dict[str, Trainee] = {}
        self._by_name: dict[str, list[Trainee]] = defaultdict(list)
        for person in Trainee.objects.prefetch_related("section", "user"):
            self._by_name[person.name_key].append(person)
            if person.staff_number:
                self._by_number[person.staff_number] = person
        self._in_file = Counter(name_key(as_text(row.get("氏名") or "")) for row in self._cells.values())

    def key_of(self, row: dict[str, Any]) -> str:
        name = name_key(as_text(row.get("氏名") or ""))
        if not name:
            raise ValidationError({"name": "氏名がありません。"})
        number = fold(as_text(row.get("職員番号") or "")).replace(" ", "")
        section = fold(as_text(row.get("課") or "")).replace(" ", "")
        return key_from(number, name, section)

    def find(self, key: str) -> tuple[Any, bool]:
        number, name, section = parts_of(key)
        person = self._by_number.get(number) or self._named(number, name, section)
        found: Any = person or self.new()
        found.known = self._known
        return found, person is None

    def _named(self, number: str, name: str, section: str) -> Trainee | None:
        """The one person of that name; of several, the one of that section. A person with a number is another one."""
        named = [each for each in self._by_name[name] if not (number and each.staff_number)]
        if len(named) == 1 and self._in_file[name] == 1:
            return named[0]
        here = [each for each in named if fold(each.section.name).replace(" ", "") == section]
        if len(here) > 1 or (named and not here and not number and self._in_file[name] == 1):
            raise ValidationError({"name": f"同じ氏名の人が{len(named)}人います。職員番号を入れてください。"})
        return here[0] if here else None

    def import_instance(self, instance: Any, row: dict[str, Any], **kwargs: Any) -> None:
        before = instance.name
        super().import_instance(instance, row, **kwargs)
        instance.name = " ".join(instance.name.split())
        if name_key(before) == name_key(instance.name):
            instance.name = before  # written with other blanks or widths: the same name
        if instance.section_id is None:
            raise ValidationError({"section": "新しい人には課が必要です。"})

    def name_of(self, instance: Any) -> str:
        return f"{instance.name}（{instance.section}）"

    def lines_of(self, people: Iterable[Trainee]) -> list[list[Any]]:
        return self.written(people)


def column_notes() -> list[tuple[str, str]]:
    """What each column takes, for the import page."""
    return [
        ("氏名", "必ず入れます。全角・半角や空白の違いは同じ氏名とみます。髙と高のような字の違いは、別の氏名です。"),
        ("職員番号", "あれば、これで人を見つけます。同姓同名の人には必ず入れます。"),
        ("課", "新しい人には必ず入れます。課を変えると、異動になります。"),
        ("任用の区分", "・".join(each.label for each in Employment) + "。空欄は、新しい人では常勤の職員です。"),
        ("採用日・名簿の最後の日", "R8.4.1 のように書きます。退職した人は、行を消さずに最後の日を入れます。"),
        ("ログイン名", "ポータルの利用者であるときだけ。未受講のお知らせが本人に届きます。"),
    ]
