"""Addresses of the reference tables."""

from documents.reference.site import site

app_name = "admin"
urlpatterns = site.get_urls()
