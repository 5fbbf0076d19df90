from django.urls import path

from schedule.views import duties, reminders, reporting

urlpatterns = [
    # /progress/ 進捗入力
    path("progress/", reporting.round_current, name="round_current"),
    path("progress/<slug:key>/", reporting.round_entry, name="round_entry"),
    # /duties/ 研修・ポリシー
    path("duties/", duties.duty_list, name="duty_list"),
    path("duties/<int:pk>/", duties.occurrence_detail, name="occurrence_detail"),
    # /reminders/ 送信記録
    path("reminders/", reminders.sent_mail_list, name="sent_mail_list"),
    path("reminders/<int:pk>/", reminders.sent_mail_detail, name="sent_mail_detail"),
]
