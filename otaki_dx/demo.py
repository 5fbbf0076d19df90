"""The made-up people of the demonstration. Everything here is 架空; production never loads it."""

from dataclasses import dataclass

from townhall.choices import Role


@dataclass(frozen=True)
class DemoAccount:
    username: str
    name: str
    role: Role
    section: str | None  # code of fixtures/sections.yaml
    title: str
    purpose: str  # one line for the start-up message and the README

    @property
    def role_label(self) -> str:
        return self.role.label


ACCOUNTS = (
    DemoAccount("jimukyoku", "見本 花子", Role.SECRETARIAT, "somu", "係長", "進捗を記録し、委員会を準備する"),
    DemoAccount(
        "fukuchocho", "見本 太郎", Role.CHAIR, None, "副町長", "委員長（CIO兼CISO）。ダッシュボードを見て決定する"
    ),
    DemoAccount("iin", "見本 四郎", Role.MEMBER, None, "総務課長", "委員。会議の前にダッシュボードを見る"),
    DemoAccount(
        "kikaku-kacho", "見本 二郎", Role.SECTION_HEAD, "kikaku", "課長", "企画課長。提案を決裁し、自課の行を報告する"
    ),
    DemoAccount(
        "kikaku-tanto", "見本 三郎", Role.STAFF, "kikaku", "主事", "企画課の担当。提案を書き、自課の行を報告する"
    ),
    DemoAccount("zeimu-kacho", "見本 五郎", Role.SECTION_HEAD, "zeimu", "課長", "税務住民課長。別の課の人"),
    DemoAccount("kenko-kacho", "見本 夏子", Role.SECTION_HEAD, "kenko", "課長", "健康福祉課長"),
    DemoAccount("gaibu", "見本 六郎", Role.EXPERT, None, "DXアドバイザー", "外部人材。期限つきで読む"),
    DemoAccount("unyo", "見本 七郎", Role.ENGINEER, None, "情報係", "運用担当。送信記録と利用者を見る"),
)
