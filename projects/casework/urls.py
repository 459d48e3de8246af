"""Addresses of casework."""

from django.urls import path

from projects.casework.views import agenda, clock, leverage, policies, tasks, whistles

app_name = "casework"
urlpatterns = [
    path("leverage/", leverage.leverage, name="leverage"),
    path("leverage/count/", leverage.request_leverage_count, name="count_leverage"),
    path("leverage/of/<str:code>/", leverage.project_leverage, name="project_leverage"),
    path("agenda/", agenda.agenda, name="agenda"),
    path("tasks/", tasks.tasks, name="tasks"),
    path("tasks/<str:code>/", tasks.task, name="task"),
    path("tasks/<str:code>/<str:act>/", tasks.task_action, name="task_act"),
    path("meetings/new/", tasks.keep_meeting_page, name="keep_meeting"),
    path("meetings/<str:code>/", tasks.meeting, name="meeting"),
    path("policies/", policies.policies, name="policies"),
    path("policies/new/", policies.draft_policy_page, name="draft_policy"),
    path("policies/<str:code>/", policies.policy, name="policy"),
    path("policies/<str:code>/change/", policies.change_policy_page, name="change_policy"),
    path("policies/<str:code>/issue/", policies.propose_policy_issue, name="issue_policy"),
    path("policies/<str:code>/end/", policies.end_policy_page, name="end_policy"),
    path("policies/<str:code>/proposals/<int:key>/decline/", policies.decline_lift_page, name="decline_lift"),
    path("clock/<str:number>/<str:act>/", clock.move_ball, name="move_ball"),
    path("whistles/", whistles.whistles, name="whistles"),
    path("whistles/new/<str:number>/", whistles.blow_whistle_page, name="blow"),
    path("whistles/<str:code>/", whistles.whistle, name="whistle"),
    path("whistles/<str:code>/close/", whistles.close_whistle_page, name="close_whistle"),
    path("whistles/<str:code>/<int:key>/report/", whistles.report_in_page, name="report_in"),
    path("whistles/<str:code>/<int:key>/<str:act>/", whistles.call_action, name="call_act"),
]
