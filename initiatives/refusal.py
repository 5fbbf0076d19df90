"""What an action answers when a rule forbids the change; nothing has been saved."""


class Refused(Exception):  # noqa: N818 - reads as the fact it reports
    def __init__(self, sentence: str) -> None:
        self.sentence = sentence
        super().__init__(sentence)
