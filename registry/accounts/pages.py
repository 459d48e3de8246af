"""The page with one form that hands over to one service. It stands this low because accounts has such pages too."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


@dataclass(frozen=True)
class Aside:
    """What stands beside a form: a template and the words that it reads."""

    template: str
    words: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class FormPage:
    """A form under its title: what it says before, the button that submits, the way back.

    `project` or `crumbs` say where the page stands; `preview` labels a second button, `draft` a third; `method="get"`
    only chooses; `worker` is the state of the worker where a job does the work; `template` extends the page.
    """

    title: str
    submit: str
    cancel: str
    intro: str = ""
    note: str = ""
    project: Any = None
    crumbs: Sequence[tuple[str, str]] = ()
    preview: str = ""
    draft: str = ""
    method: str = "post"
    is_danger: bool = False
    is_upload: bool = False
    aside: Aside | None = None
    worker: Any = None
    template: str = "form.html"

    def show(self, request: HttpRequest, form: BaseForm, *, status: int = 200, **words: Any) -> HttpResponse:
        """Render the page with a form: new, or with what is wrong with it. `words` are those of `template` alone."""
        context = {
            "title": self.title,
            "form": form,
            "submit_label": self.submit,
            "cancel_url": self.cancel,
            "intro": self.intro,
            "note": self.note,
            "project": self.project,
            "crumbs": self.crumbs,
            "preview_label": self.preview,
            "draft_label": self.draft,
            "method": self.method,
            "is_danger": self.is_danger,
            "is_upload": self.is_upload,
            "aside_template": self.aside.template if self.aside else "",
            "is_waiting": self.worker is not None,
            "worker": self.worker,
            **(self.aside.words if self.aside else {}),
            **words,
        }
        return render(request, self.template, context, status=status)
