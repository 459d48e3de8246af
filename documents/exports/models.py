"""Files handed out."""

from django.db import models

from registry.accounts.models import Person
from registry.store.guard import GuardedModel


class ExportState(models.TextChoices):
    WAITING = "waiting", "生成中"
    READY = "ready", "可下载"
    DESTROYED = "destroyed", "已销毁"


class ExportFile(GuardedModel):
    """A list taken out of the registry by a job: who asked, what for, until when the sealed file is kept."""

    number = models.CharField("编号", max_length=30, unique=True)
    name = models.CharField(max_length=20, help_text="which list")
    title = models.CharField("清单", max_length=60)
    words = models.JSONField(default=dict, help_text="the filters, as the page says them")
    filters = models.CharField("范围", max_length=300, blank=True)
    is_personal = models.BooleanField("含个人信息", default=False)
    reason = models.CharField("用途", max_length=200, blank=True)
    asked_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    asked_at = models.DateTimeField()
    agreed_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    state = models.CharField("状态", max_length=10, choices=ExportState, default=ExportState.WAITING)
    file_name = models.CharField("文件", max_length=160, blank=True)
    rows = models.PositiveIntegerField("行", default=0)
    size = models.PositiveBigIntegerField("大小", default=0)
    made_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)
    act_id = models.BigIntegerField()

    class Meta:
        db_table = "documents_exportfile"  # for ever: acts that are sealed name it
        constraints = [
            models.CheckConstraint(
                condition=models.Q(is_personal=False) | models.Q(agreed_by__isnull=False),
                name="personal_export_has_a_second_person",
            ),
            models.CheckConstraint(
                condition=models.Q(is_personal=False) | ~models.Q(agreed_by=models.F("asked_by")),
                name="personal_export_is_agreed_by_another",
            ),
        ]

    def __str__(self) -> str:
        return self.number
