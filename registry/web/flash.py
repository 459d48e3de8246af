"""What happened, said once on the next page."""

from django.contrib import messages
from django.http import HttpRequest


def notify(request: HttpRequest, text: str) -> None:
    """Show a dark line on the next page: something that was done."""
    messages.success(request, text)
