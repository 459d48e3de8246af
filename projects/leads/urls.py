"""Addresses of the leads."""

from django.urls import path

from projects.leads.views import ahead, handling, matching, rates, tickets

app_name = "leads"
urlpatterns = [
    path("", tickets.tickets, name="tickets"),
    path("rates/", rates.rates, name="rates"),
    path("rates/<str:month>/<str:by>/<str:key>/", rates.unit_rates, name="unit_rates"),
    path("ahead/", ahead.ahead, name="ahead"),
    path("towns/", ahead.towns, name="towns"),
    path("calls/<str:code>/", ahead.call_list_page, name="call_list"),
    path("order/<str:code>/", ahead.home_order, name="order"),
    path("course/<str:code>/", ahead.project_course, name="course"),
    path("of/<str:number>/opening/", ahead.opening_call_page, name="opening_call"),
    path("matching/", matching.workbench, name="workbench"),
    path("matching/unknown/", matching.clusters, name="clusters"),
    path("of/<str:number>/unknown/", matching.take_in_cluster, name="take_in_cluster"),
    path("of/<str:number>/decide/<str:act>/", matching.decide, name="decide"),
    path("new/", tickets.take_in_ticket_page, name="take_in"),
    path("of/<str:number>/", tickets.ticket, name="ticket"),
    path("of/<str:number>/match/", tickets.match_ticket_page, name="match"),
    path("of/<str:number>/caller/", handling.reveal_caller_page, name="caller"),
    path("of/<str:number>/exclude/", handling.propose_exclusion, name="exclude"),
    path("of/<str:number>/do/<str:act>/", handling.ticket_action, name="act"),
    path("of/<str:number>/judge/<str:act>/", tickets.judge_ticket_page, name="judge"),
]
