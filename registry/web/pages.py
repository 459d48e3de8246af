"""Pages that many views share, for the apps above."""

from registry.accounts.pages import Aside, FormPage

__all__ = ["Aside", "FormPage"]
