"""What holds for everything about a meeting: it stays still while one changes it, and a closed one is only corrected."""

from committee.choices import CORRECTION
from committee.models import Meeting
from townhall.refusal import Refused


def hold_open(meeting: Meeting) -> Meeting:
    """Hold the meeting's row until the end of the transaction, so that nobody closes it meanwhile."""
    held = Meeting.objects.select_for_update().get(pk=meeting.pk)
    if held.is_closed:
        raise Refused(f"{held.short_name}の会議は終了しています。内容は変えられません。")
    return held


def hold_for_correction(meeting: Meeting, *, reason: str) -> str:
    """As `hold_open`; a closed meeting is corrected, which asks for a reason. Returns what the history says."""
    held = Meeting.objects.select_for_update().get(pk=meeting.pk)
    if not held.is_closed:
        return reason.strip()
    if not reason.strip():
        raise Refused(f"{held.short_name}の会議は終了しています。直すには、訂正の理由を入力してください。")
    return f"{CORRECTION}{reason.strip()}"
