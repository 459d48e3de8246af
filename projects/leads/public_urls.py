"""Addresses for other platforms: behind a token, without a session."""

from django.urls import path

from projects.leads.api import tickets

app_name = "leads_api"
urlpatterns = [
    path("openapi.json", tickets.api_description, name="description"),
    path("tickets/", tickets.tickets_endpoint, name="tickets"),
    path("tickets/<str:number>/", tickets.ticket_endpoint, name="ticket"),
]
