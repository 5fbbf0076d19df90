from django.db import models


class InitiativeKind(models.TextChoices):
    """計画書 5: (1) 重点的に取り組む事項, (2) その他（検討事項）."""

    PRIORITY = "priority", "重点取組"
    STUDY = "study", "検討事項"


class IndicatorKind(models.TextChoices):
    """事務事業評価の区分: how much was done, or what came of it."""

    ACTIVITY = "activity", "活動指標"
    OUTCOME = "outcome", "成果指標"


class GoodDirection(models.TextChoices):
    UP = "up", "大きいほど良い"
    DOWN = "down", "小さいほど良い"
    RANGE = "range", "決めた範囲の中が良い"


class ValueBasis(models.TextChoices):
    """Never drawn as one line and never added together (R9)."""

    MEASURED = "measured", "実測"
    ESTIMATED = "estimated", "見込・推計"


class PartOfYear(models.IntegerChoices):
    WHOLE = 0, "年度"
    Q1 = 1, "第1四半期"
    Q2 = 2, "第2四半期"
    Q3 = 3, "第3四半期"
    Q4 = 4, "第4四半期"


class SystemStatus(models.TextChoices):
    """Where one of the 20業務 stands; computed, never typed. The order is that of the tiles: what needs a look first."""

    LATE = "late", "遅れ"
    DOING = "doing", "作業中"
    NOT_STARTED = "none", "未着手"
    DONE = "done", "完了"
    OUT = "out", "対象外"

    @property
    def tone(self) -> str:
        return SYSTEM_TONES[self]


SYSTEM_TONES = {
    SystemStatus.LATE: "late",
    SystemStatus.DOING: "ok",
    SystemStatus.NOT_STARTED: "none",
    SystemStatus.DONE: "done",
    SystemStatus.OUT: "none",
}


class StepState(models.TextChoices):
    """As the ministry writes them."""

    NOT_STARTED = "none", "未着手"
    DOING = "doing", "作業中"
    DONE = "done", "完了済み"
    OUT = "out", "対象外"

    @property
    def tone(self) -> str:
        return {"none": "none", "doing": "ok", "done": "done", "out": "none"}[self.value]


class StepPhase(models.TextChoices):
    """総務省 手順書（第1.0版 2021-07-07）の三つのフェーズ."""

    PLANNING = "1plan", "計画立案"
    CHOOSING = "2choose", "システム選定"
    MOVING = "3move", "移行"


class Hosting(models.TextChoices):
    UNDECIDED = "", "（未定・未登録）"
    GOVERNMENT = "gov", "ガバメントクラウド"
    OTHER_CLOUD = "cloud", "その他のクラウド"
    OWN = "own", "庁内・データセンター"


class TransitionReason(models.TextChoices):
    """特定移行支援システムの理由区分（基本方針 令和6年12月24日改定）."""

    UNKNOWN = "", "（理由は未登録）"
    MAINFRAME = "mainframe", "メインフレーム"
    CUSTOM = "custom", "個別開発"
    NO_SUCCESSOR = "successor", "代替の見込みなし"
    STRAINED = "strained", "事業者のリソースひっ迫"


class EvaluationStage(models.TextChoices):
    """Each keeps its own letter and words; a later one never overwrites an earlier one."""

    SELF = "self", "自己評価"
    FIRST = "first", "課長（一次）"
    OFFICE = "office", "事務局"
    COMMITTEE = "committee", "委員会"

    @property
    def order(self) -> int:
        return list(EvaluationStage).index(self)


class FutureDirection(models.TextChoices):
    """今後の方向性: what to do next. Neither a standing nor a letter."""

    EXPAND = "expand", "拡充"
    CONTINUE = "continue", "継続"
    IMPROVE = "improve", "改善"
    REDUCE = "reduce", "縮小"
    MERGE = "merge", "統合"
    END = "end", "終了"
    HAND_ON = "hand_on", "次期計画へ引継"


class Medium(models.TextChoices):
    UNKNOWN = "", "（未記入）"
    PAPER = "paper", "紙"
    DIGITAL = "digital", "電子"
    SPOKEN = "spoken", "口頭・電話"


class Ecrs(models.TextChoices):
    """How a step is to change: ECRS, and D for putting it on a computer."""

    KEEP = "", "そのまま"
    ELIMINATE = "e", "E なくす"
    COMBINE = "c", "C まとめる"
    REARRANGE = "r", "R 入れ替える"
    SIMPLIFY = "s", "S 簡素化"
    DIGITISE = "d", "D デジタル化"


class Certainty(models.TextChoices):
    """確度: how sure the portal is of something it was not told by the town. The word is shown on the page."""

    CONFIRMED = "confirmed", "確認済"
    COMMON = "common", "一般知識"
    TO_CONFIRM = "to_confirm", "要確認"
