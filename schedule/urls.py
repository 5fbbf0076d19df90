from django.urls import path

from schedule.views import (
    chasing,
    duties,
    exchange,
    findings,
    mail_choice,
    policy,
    publication,
    reminder_settings,
    reminders,
    reporting,
    rounds,
    training,
)

urlpatterns = [
    # /progress/ 進捗入力
    path("progress/", reporting.round_current, name="round_current"),
    path("progress/rounds/", rounds.round_list, name="round_list"),
    path("progress/<slug:key>/", reporting.round_entry, name="round_entry"),
    path("progress/<slug:key>/draft/", reporting.entry_draft, name="entry_draft"),
    # the life of a round
    # Excel: 貼り付け and 入力用Excel
    path("progress/<slug:key>/paste/", exchange.round_paste, name="round_paste"),
    path("progress/<slug:key>/workbook/", exchange.round_workbook, name="round_workbook"),
    path("progress/<slug:key>/workbook/file/", exchange.round_workbook_file, name="round_workbook_file"),
    path("progress/<slug:key>/import/<int:job>/", exchange.round_import, name="round_import"),
    path("progress/<slug:key>/dates/", rounds.round_dates, name="round_dates"),
    path("progress/<slug:key>/close/", rounds.round_close, name="round_close"),
    path("progress/<slug:key>/reopen/", rounds.round_reopen, name="round_reopen"),
    path("progress/<slug:key>/<slug:code>/correct/", rounds.report_correct, name="report_correct"),
    path("progress/<slug:key>/<slug:code>/return/", rounds.report_return, name="report_return"),
    # what is missing, and asking for it
    path("progress/<slug:key>/chase/", chasing.round_chase, name="round_chase"),
    # /duties/ 研修・ポリシー
    path("duties/", duties.duty_list, name="duty_list"),
    path("duties/<int:pk>/", duties.occurrence_detail, name="occurrence_detail"),
    # /training/ 研修
    path("training/", training.training_list, name="training_list"),
    path("training/start/<int:pk>/", training.training_start, name="training_start"),
    path("training/<int:pk>/", training.training_detail, name="training_detail"),
    path("training/<int:pk>/people/", training.training_people, name="training_people"),
    path("training/<int:pk>/record/", training.training_record, name="training_record"),
    path("training/<int:pk>/audience/", training.training_audience, name="training_audience"),
    path("training/<int:pk>/sessions/new/", training.session_create, name="session_create"),
    path("training/sessions/<int:pk>/", training.session_edit, name="session_edit"),
    path("training/people/<int:pk>/", training.training_attendance_edit, name="training_attendance_edit"),
    # /policy/ セキュリティポリシー
    path("policy/", policy.policy_list, name="policy_list"),
    path("policy/new/", policy.policy_create, name="policy_create"),
    path("policy/findings/new/", findings.finding_create, name="finding_create"),
    path("policy/findings/<int:pk>/", findings.finding_detail, name="finding_detail"),
    path("policy/versions/<int:pk>/", policy.policy_version_edit, name="policy_version_edit"),
    path("policy/versions/<int:pk>/comparison/", policy.policy_comparison, name="policy_comparison"),
    path("policy/<slug:code>/", policy.policy_detail, name="policy_detail"),
    path("policy/<slug:code>/edit/", policy.policy_edit, name="policy_edit"),
    path("policy/<slug:code>/versions/new/", policy.policy_version_create, name="policy_version_create"),
    path("policy/<slug:code>/reviews/new/", policy.policy_review_create, name="policy_review_create"),
    # /publication/ 住民向けの公開
    path("publication/", publication.publication_check, name="publication_check"),
    path("publication/flag/", publication.public_line_flag, name="public_line_flag"),
    path("publication/rows/<slug:code>/", publication.public_line_edit, name="public_line_edit"),
    path("publication/evaluations/<int:year>/", publication.public_letters_edit, name="public_letters_edit"),
    path("publication/<int:number>/", publication.publication_detail, name="publication_detail"),
    path("publication/<int:number>/withdraw/", publication.publication_withdraw, name="publication_withdraw"),
    # /reminders/ 送信記録
    path("reminders/", reminders.sent_mail_list, name="sent_mail_list"),
    path("reminders/<int:pk>/", reminders.sent_mail_detail, name="sent_mail_detail"),
    # 本人の選択
    path("account/mail/", mail_choice.mail_choice, name="mail_choice"),
    # /settings/reminders/ 設定: 通知と催促
    path("settings/reminders/", reminder_settings.reminder_settings, name="reminder_settings"),
    path("settings/reminders/preview/", reminder_settings.reminder_preview, name="reminder_preview"),
    path("settings/reminders/test/", reminder_settings.reminder_test, name="reminder_test"),
    path("settings/reminders/pause/", reminder_settings.reminder_pause, name="reminder_pause"),
    path("settings/reminders/resume/", reminder_settings.reminder_resume, name="reminder_resume"),
]
