from django.urls import URLPattern, path

from committee import views

urlpatterns: list[URLPattern] = [
    # /proposals/ 提案
    path("proposals/", views.proposal_list, name="proposal_list"),
    path("proposals/new/", views.proposal_create, name="proposal_create"),
    path("proposals/example/", views.proposal_example, name="proposal_example"),
    path("proposals/<int:pk>/", views.proposal_detail, name="proposal_detail"),
    path("proposals/<int:pk>/edit/", views.proposal_edit, name="proposal_edit"),
    path("proposals/<int:pk>/history/", views.proposal_history, name="proposal_history"),
    path("proposals/<int:pk>/pdf/", views.proposal_pdf, name="proposal_pdf"),
    # its way: one address per step of committee/workflow.py
    path("proposals/<int:pk>/submit/", views.proposal_submit, name="proposal_submit"),
    path("proposals/<int:pk>/approve/", views.proposal_approve, name="proposal_approve"),
    path("proposals/<int:pk>/send_back/", views.proposal_send_back, name="proposal_send_back"),
    path("proposals/<int:pk>/take_back/", views.proposal_take_back, name="proposal_take_back"),
    path("proposals/<int:pk>/return/", views.proposal_return, name="proposal_return"),
    path("proposals/<int:pk>/answer/", views.proposal_answer, name="proposal_answer"),
    path("proposals/<int:pk>/table/", views.proposal_table, name="proposal_table"),
    path("proposals/<int:pk>/withdraw/", views.proposal_withdraw, name="proposal_withdraw"),
    # after the decision: plan, budget, start, effect, end
    path("proposals/<int:pk>/place/", views.proposal_place, name="proposal_place"),
    path("proposals/<int:pk>/budget/", views.proposal_budget, name="proposal_budget"),
    path("proposals/<int:pk>/start/", views.proposal_start, name="proposal_start"),
    path("proposals/<int:pk>/effects/<int:months>/", views.effect_record, name="effect_record"),
    path("proposals/<int:pk>/complete/", views.proposal_complete, name="proposal_complete"),
    path("proposals/<int:pk>/drop/", views.proposal_drop, name="proposal_drop"),
    # /effects/ 効果の検証
    path("effects/", views.effect_list, name="effect_list"),
    # /meetings/ 委員会
    path("meetings/", views.meeting_list, name="meeting_list"),
    path("meetings/new/", views.meeting_create, name="meeting_create"),
    path("meetings/<int:number>/", views.meeting_detail, name="meeting_detail"),
    path("meetings/<int:number>/edit/", views.meeting_edit, name="meeting_edit"),
    path("meetings/<int:number>/history/", views.meeting_history, name="meeting_history"),
    path("meetings/<int:number>/close/", views.meeting_close, name="meeting_close"),
    path("meetings/<int:number>/agenda/pdf/", views.meeting_agenda_pdf, name="meeting_agenda_pdf"),
    path("meetings/<int:number>/packs/new/", views.pack_create, name="pack_create"),
    path("meetings/<int:number>/packs/<int:edition>/", views.pack_detail, name="pack_detail"),
    path("meetings/<int:number>/packs/<int:edition>/pdf/", views.pack_pdf, name="pack_pdf"),
    path("meetings/<int:number>/packs/<int:edition>/xlsx/", views.pack_workbook, name="pack_workbook"),
    path("meetings/<int:number>/packs/<int:edition>/changes/", views.pack_changes, name="pack_changes"),
    path("meetings/<int:number>/convene/", views.meeting_convene, name="meeting_convene"),
    path("meetings/<int:number>/attendance/", views.attendance_edit, name="attendance_edit"),
    path("meetings/<int:number>/agenda/", views.agenda_build, name="agenda_build"),
    path("meetings/<int:number>/items/new/", views.agenda_item_create, name="agenda_item_create"),
    path("meetings/<int:number>/items/<int:pk>/edit/", views.agenda_item_edit, name="agenda_item_edit"),
    path("meetings/<int:number>/items/<int:pk>/remove/", views.agenda_item_remove, name="agenda_item_remove"),
    path("meetings/<int:number>/items/<int:pk>/decision/", views.decision_create, name="decision_create"),
    # /budget/ 予算
    path("budget/", views.budget_list, name="budget_list"),
    path("budget/<int:year>/", views.budget_year_detail, name="budget_year_detail"),
    path("budget/lines/new/", views.budget_line_create, name="budget_line_create"),
    path("budget/lines/<int:pk>/", views.budget_line_detail, name="budget_line_detail"),
    path("budget/lines/<int:pk>/edit/", views.budget_line_edit, name="budget_line_edit"),
    path("budget/lines/<int:pk>/history/", views.budget_line_history, name="budget_line_history"),
    path("budget/lines/<int:pk>/<slug:key>/", views.budget_amount_record, name="budget_amount_record"),
    path("meetings/<int:number>/items/<int:pk>/move/", views.agenda_item_move, name="agenda_item_move"),
    path("meetings/<int:number>/items/<int:pk>/decision/correct/", views.decision_correct, name="decision_correct"),
    # 宿題
    path("meetings/tasks/", views.action_item_list, name="action_item_list"),
    path("meetings/<int:number>/tasks/new/", views.action_item_create, name="action_item_create"),
    path("meetings/tasks/<int:pk>/", views.action_item_detail, name="action_item_detail"),
    path("meetings/tasks/<int:pk>/edit/", views.action_item_edit, name="action_item_edit"),
    path("meetings/tasks/<int:pk>/finish/", views.action_item_finish, name="action_item_finish"),
    path("meetings/tasks/<int:pk>/cancel/", views.action_item_cancel, name="action_item_cancel"),
]
