"""What an action answers when a rule says no; nothing has been saved."""


class Refused(Exception):  # noqa: N818 - reads as the fact it reports
    """The sentence is for the person who asked."""

    def __init__(self, sentence: str) -> None:
        self.sentence = sentence
        super().__init__(sentence)


class Incomplete(Refused):
    """Something that must be there before submission is missing; `missing` maps field to sentence."""

    def __init__(self, missing: dict[str, str]) -> None:
        self.missing = missing
        super().__init__(f"提出に必要な項目が{len(missing)}つ足りません。")
