"""Addresses of the reference tables."""

from documents.admin.site import site

app_name = "admin"
urlpatterns = site.get_urls()
