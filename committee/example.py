"""記入例: how a proposal may be written. Town, figures and people are made up; it is shown and never stored."""

from decimal import Decimal

from committee.models import Proposal
from initiatives.models import HourlyCost

WORDS = {
    "title": "証明書の申請書をかんたんにする（例）",
    "category": "new",
    "problem": (
        "住民票などの申請で、住民が氏名と住所を毎回手で書いている。年間12,000件、1件あたり記入に平均5分かかる"
        "（令和7年11月に3日間、窓口で測った数）。高齢の方の書き直しが多い。"
    ),
    "solution": "窓口で職員が聞き取り、申請書を印刷する。住民は内容を確かめて署名する。住民課の窓口2か所から始める。",
    "stops_first": "同じ内容を写している受付簿（紙）をやめる。手書きの申請書は、機器が止まったときの分だけ残す。",
    "procedures": "住民票・印鑑登録証明など 6手続",
    "starts_when": "令和9年10月（3～4月の繁忙期を避ける）",
    "milestones": "令和9年4月 見積、7月 契約、9月 職員の練習、10月 開始",
    "contact": "住民課 窓口担当（内線 000）",
    "citizen_effect": "書く時間が5分から1分になる（見込み）。来庁の回数は変わらない。",
    "indicator": "1件あたりの記入の時間（開始の前と、6か月後・12か月後に3日間ずつ測る）",
    "procurement": "quotes",
    "personal_data": "あり。氏名と住所。印刷したあとは端末に残さない。",
    "network": "マイナンバー利用事務系（窓口端末2台）",
    "standardisation": "標準準拠の住民記録システムから読み出すだけで、書き込まない。",
    "privacy_assessment": "asking",
    "team": "住民課2人、企画課1人。事業者は設置と操作の説明まで。",
    "risks": "機器が止まったときは手書きに戻す（様式を窓口に備える）。事業者が替わっても、様式は町が持つ。",
    "other_towns": "同じ規模の町で使われている例を2つ調べた（団体名・時期・出典をここに書く）。",
}


def example_proposal(hourly_cost: HourlyCost) -> Proposal:
    return Proposal(
        **WORDS,
        yearly_volume=12_000,
        minutes_saved=Decimal(4),
        initial_cost=1_800,
        yearly_cost=600,
        yen_per_hour=hourly_cost.yen,
    )
