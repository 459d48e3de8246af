"""Pages of samples: drawn, their check sheet, what was found, how often each organisation erred."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from projects.progress.forms import SampleForm, SampleResultForm
from projects.progress.selectors.sampling import error_rates, homes_of, sample_by_code, samples
from projects.progress.services.sampling import draw_sample, record_results
from registry.kernel.authority import Permission
from registry.kernel.periods import Month
from registry.store.access import Request, access
from registry.web.flash import notify
from registry.web.pages import FormPage


@access(Permission.REPORT_READ)
@require_GET
def sample_list(request: Request) -> HttpResponse:
    """The samples drawn, newest first."""
    context = {
        "title": "发证抽查",
        "samples": [(sample, Month.parse(sample.month).label) for sample in samples()],
        "may_draw": request.actor.can(Permission.REPORT_CLOSE),
    }
    return render(request, "progress/samples.html", context)


@access(Permission.REPORT_CLOSE)
@require_http_methods(["GET", "POST"])
def draw_sample_page(request: Request) -> HttpResponse:
    """Draw a sample."""
    begins = {"month": str(Month.of(request.today).previous), "size": 100}
    form = SampleForm(request.POST or None, initial=begins)
    if form.submitted(request, draw_sample):
        notify(request, f"已抽取{form.result.size}户，编号{form.result.code}")
        return redirect("progress:sample", form.result.code)
    page = FormPage(
        "抽查发证",
        "抽取",
        reverse("progress:samples"),
        intro="从该月登记发证的住宅中按种子抽取，打印核查表，核查后登记结果。没有签收凭证的不算已发证。",
        crumbs=(("发证抽查", reverse("progress:samples")),),
    )
    return page.show(request, form)


@access(Permission.REPORT_READ)
@require_GET
def sample_page(request: Request, code: str) -> HttpResponse:
    """A sample: its homes with what was found, and the error rate of each organisation."""
    sample = sample_by_code(code)
    homes = list(homes_of(request.actor, sample))
    context = {
        "title": f"{Month.parse(sample.month).label}发证抽查 {sample.code}",
        "sample": sample,
        "homes": homes,
        "sheet": f"sample={sample.code}",
        "rates": error_rates(request.actor, sample),
        "may_record": request.actor.can(Permission.REPORT_CLOSE) and any(not home.result for home in homes),
    }
    return render(request, "progress/sample.html", context)


@access(Permission.REPORT_CLOSE)
@require_http_methods(["GET", "POST"])
def record_results_page(request: Request, code: str) -> HttpResponse:
    """Record what was found at homes that were checked."""
    sample = sample_by_code(code)
    waiting = [
        (home.ordinal, f"{home.ordinal}. {home.unit.building.project.name} {home.unit.building}{home.unit}")
        for home in homes_of(request.actor, sample)
        if not home.result
    ]
    form = SampleResultForm(request.POST or None, waiting=waiting, initial={"on": request.today})
    if form.submitted(request, record_results, sample=sample):
        notify(request, "核查结果已登记")
        return redirect("progress:sample", sample.code)
    page = FormPage(
        f"登记核查结果 {sample.code}",
        "登记",
        reverse("progress:sample", args=[sample.code]),
        intro="登记后不能再改，请照核查表登记。",
        crumbs=(
            ("发证抽查", reverse("progress:samples")),
            (sample.code, reverse("progress:sample", args=[sample.code])),
        ),
    )
    return page.show(request, form)
