"""Forms of the accounts, and the base of every form that hands over to a service."""

from collections.abc import Callable, Mapping
from typing import Any, ClassVar, Final

from django import forms
from django.contrib.auth.forms import AuthenticationForm
from django.forms import Field

from registry.accounts.choices import SEATS, OrganisationKind
from registry.accounts.models import Organisation
from registry.accounts.selectors.areas import Choices
from registry.kernel.authority import Actor, Role
from registry.kernel.days import DayRule
from registry.kernel.errors import DomainError, NotFound, PermissionRefused, Refused
from registry.store.access import Request
from registry.store.form_fields import DayField
from registry.store.once import new_key, once
from registry.store.project_field import ProjectField

ONCE: Final = "once"
RESUMED: Final = "resumed"
NOTHING_CHOSEN: Final = "---------"  # what Django calls it


class OnceKeyed(forms.BaseForm):
    """A form that its person sends once, whatever is sent again."""

    @property
    def once_key(self) -> str:
        """The key under which this form is carried out once: new when first shown, then what came back with it."""
        if self.is_bound:
            return str(self.data.get(ONCE, ""))
        self._once_key: str = getattr(self, "_once_key", "") or new_key()
        return self._once_key


class ServiceForm(OnceKeyed, forms.Form):
    """A form that validates and hands over to one service; a refusal stands where the act was tried."""

    result: Any = None
    required_if: Mapping[str, str] = {}  # fields that are asked for in a case: which, in words
    said_as: ClassVar[Mapping[str, str]] = {}  # fields of the service's refusals that go by another name here

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            if getattr(field, "empty_label", None) == NOTHING_CHOSEN:
                field.empty_label = "请选择"  # type: ignore[attr-defined]

    def full_clean(self) -> None:
        """Say in words what is left out; Django's own sentence names nothing."""
        for name, field in self.fields.items():
            if field.required and field.error_messages.get("required") == Field.default_error_messages["required"]:
                field.error_messages["required"] = _left_out(str(field.label or name), field)
        super().full_clean()

    @property
    def is_resumed(self) -> bool:
        """Whether the form shows what was typed before and not sent: nothing of it is a fault yet."""
        return self.is_bound and bool(self.data.get(RESUMED))

    @property
    def is_long(self) -> bool:
        """Whether what is typed is worth keeping as it is typed: more than a line, and no password."""
        kinds = [field.widget for field in self.fields.values() if not field.widget.is_hidden]
        has_secret = any(isinstance(kind, forms.PasswordInput) for kind in kinds)
        return not has_secret and (len(kinds) > 2 or any(isinstance(kind, forms.Textarea) for kind in kinds))

    def submitted(self, request: Request, service: Callable[..., Any], **words: Any) -> bool:
        """Whether the form came in, is valid, and the service took it: the one `if` of a view with a form.

        One sent again after it was taken is not judged by what it has changed since: it answers with the first result.
        """
        if request.method != "POST":
            return False
        if self.is_valid():
            return self.carry_out(service, actor=request.actor, **words, **self.cleaned_data)
        return self._is_taken(service, request.actor)

    def _is_taken(self, service: Callable[..., Any], actor: Actor) -> bool:
        earlier: Any = getattr(service, "earlier", None)  # a function that is no service has none
        try:
            known = earlier(actor, self.once_key) if earlier and self.is_bound else None
        except Refused:  # the key is of another form
            return False
        self.result = known.row if known else None
        return known is not None

    def carry_out(self, service: Callable[..., Any], **kwargs: Any) -> bool:
        """Call the service; keep what it gives in `result`, or put its refusal under its field. False if refused.

        What doesn't exist for the actor, or isn't the actor's to do, is no fault of the form: it goes on to the page.
        """
        if self.is_bound and not self.is_valid():
            return False
        try:
            with once(self.once_key if self.is_bound else ""):
                self.result = service(**kwargs)
        except (NotFound, PermissionRefused):
            raise
        except DomainError as refusal:
            if not self.is_bound:  # a bare POST: there is no form to say it on
                raise
            for fault in (refusal, *refusal.others):
                field = self.said_as.get(fault.field or "", fault.field)
                self.add_error(field if field in self.fields else None, fault.message)
            return False
        return True


def _left_out(label: str, field: Field) -> str:
    if isinstance(field, forms.FileField):
        return f"未选择{label}。请选择文件后提交。"
    if isinstance(field, forms.ChoiceField):
        return f"未选择{label}。请从列表中选择。"
    return f"未填写{label}。请填写。"


class SignInForm(AuthenticationForm):
    """Name and password. What is wrong isn't told apart: a name that exists is nobody's business."""

    error_messages = {
        "invalid_login": "登录名或密码错误，或账号已停用。连续输错5次，锁定30分钟。",
        "inactive": "登录名或密码错误，或账号已停用。连续输错5次，锁定30分钟。",
    }

    def __init__(self, request: Any = None, *args: Any, **kwargs: Any) -> None:
        super().__init__(request, *args, **kwargs)
        self.fields["username"].label = "登录名"
        self.fields["password"].label = "密码"
        for field, message in (("username", "请填写登录名。"), ("password", "请填写密码。")):
            self.fields[field].error_messages["required"] = message

    def clean_username(self) -> str:
        """Sign-in names are lower case."""
        return str(self.cleaned_data["username"]).strip().lower()


class PasswordForm(ServiceForm):
    """One's own password, changed."""

    old_password = forms.CharField(
        label="当前密码", strip=False, widget=forms.PasswordInput(attrs={"autocomplete": "current-password"})
    )
    new_password = forms.CharField(
        label="新密码", strip=False, widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text="至少10位；小写字母、大写字母、数字、符号四类中至少用三类；不得使用姓名、登录名和常见密码。",
    )  # fmt: skip
    again = forms.CharField(
        label="确认新密码", strip=False, widget=forms.PasswordInput(attrs={"autocomplete": "new-password"})
    )

    def clean_again(self) -> str:
        """Both must be the same."""
        again = str(self.cleaned_data["again"])
        if again != self.cleaned_data.get("new_password"):
            raise forms.ValidationError("两次输入的新密码不一致。请重新输入。")
        return again


class OrganisationForm(ServiceForm):
    """An organisation, registered."""

    code = forms.CharField(label="单位编码", max_length=30)
    name = forms.CharField(label="全称", max_length=120)
    short_name = forms.CharField(label="简称", max_length=40, required=False)
    kind = forms.ChoiceField(label="类别", choices=OrganisationKind.choices)
    area_code = forms.ChoiceField(label="所在地", required=False)
    parent = forms.ModelChoiceField(
        label="上级单位", queryset=Organisation.objects.none(), required=False, empty_label="没有上级单位"
    )
    document_prefix = forms.CharField(
        label="机关代字", max_length=40, required=False, help_text="发文字号用，如“×专班函”。"
    )

    def __init__(self, *args: Any, parents: Any, areas: Choices = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["parent"].queryset = parents  # type: ignore[attr-defined]
        self.fields["area_code"].choices = list(areas)  # type: ignore[attr-defined]


class PersonForm(ServiceForm):
    """A person, given an account."""

    organisation = forms.ModelChoiceField(label="所在单位", queryset=Organisation.objects.none(), empty_label="请选择")
    name = forms.CharField(label="姓名", max_length=40)
    username = forms.CharField(label="登录名", max_length=40, help_text="小写字母开头，可用数字、点、横线。一人一号。")
    phone = forms.CharField(label="电话", max_length=20, required=False, help_text="只保存脱敏后的号码。")

    def __init__(self, *args: Any, organisations: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisation"].queryset = organisations  # type: ignore[attr-defined]


class AssignmentForm(ServiceForm):
    """A role, proposed; another person grants it."""

    organisation = forms.ModelChoiceField(label="授权单位", queryset=Organisation.objects.none(), empty_label="请选择")
    role = forms.ChoiceField(label="角色")
    project_key = ProjectField(
        required=False, help_text="只有开发建设单位现场按项目授权：填写项目名称、编号或拼音首字母后选择；其他角色不填。"
    )
    starts = DayField(rule=DayRule.START, label="自")
    ends = DayField(rule=DayRule.DUE, label="至", required=False, help_text="自该日起权限终止；不填为长期。")
    reason = forms.CharField(label="理由", max_length=200, required=False)

    def __init__(self, *args: Any, actor: Actor, organisations: Any, own: Organisation | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisation"].queryset = organisations  # type: ignore[attr-defined]
        self.fields["project_key"].actor = actor  # type: ignore[attr-defined]
        fitting = [role for role, seat in SEATS.items() if own is not None and seat.fits(own.kind, own.area_code)]
        others = [role for role in Role if role not in fitting]
        self.fields["role"].choices = [  # type: ignore[attr-defined]
            (title, [(role.value, role.label) for role in roles])
            for title, roles in ((f"{own}可任", fitting), ("其他单位可任", others))
            if roles
        ]

    def clean_role(self) -> Role:
        """Give the role itself."""
        return Role(self.cleaned_data["role"])

    def clean_project_key(self) -> int | None:
        """Give the key of the project; whether the actor may grant there is the service's to say."""
        project = self.cleaned_data["project_key"]
        return None if project is None else int(project.pk)


class EndForm(ServiceForm):
    """The day from which a role is over."""

    ends = DayField(rule=DayRule.DUE, label="结束日期")
    reason = forms.CharField(label="原因", max_length=200, required=False)


class ReasonForm(ServiceForm):
    """Why."""

    reason = forms.CharField(label="原因", max_length=200, error_messages={"required": "请写明原因。"})


class RemarkForm(ServiceForm):
    """What the second person says."""

    remark = forms.CharField(label="意见", max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 3}))


class PeopleFilter(forms.Form):
    """Which people to list. Nothing personal but the name, which the list shows anyway."""

    q = forms.CharField(label="姓名、登录名", required=False, max_length=40)
    role = forms.ChoiceField(
        label="角色", required=False, choices=[("", "全部"), *((role.value, role.label) for role in Role)]
    )


class TokenForm(ServiceForm):
    """To which organisation a token is issued, for which platform, until when."""

    organisation = forms.ModelChoiceField(label="单位", queryset=Organisation.objects.none())
    name = forms.CharField(label="对接系统", max_length=60, help_text="如：市12345热线工单系统")
    ends = DayField(label="有效期至", rule=DayRule.DUE)

    def __init__(self, *args: Any, holders: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisation"].queryset = holders  # type: ignore[attr-defined]


class RevokeTokenForm(ServiceForm):
    """Why a token is ended."""

    reason = forms.CharField(label="停用原因", max_length=200)
