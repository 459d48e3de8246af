"""Attachments. Like an act, a file names the row it hangs on by table and key: web stands below every book."""

from django.db import models

from registry.store.guard import GuardedModel


class Attachment(GuardedModel):
    """A scan or a photo of a row: stored sealed under a name of chance, with the hash of what it was."""

    personal_fields = ("file_name",)

    project_key = models.BigIntegerField(null=True)
    subject_table = models.CharField(max_length=60)
    subject_key = models.BigIntegerField()
    file_name = models.CharField("文件名", max_length=120)
    content_type = models.CharField(max_length=60)
    size = models.PositiveIntegerField("大小")
    sha256 = models.CharField("校验值", max_length=64)
    path = models.CharField(max_length=120, unique=True)
    note = models.CharField("说明", max_length=120, blank=True)
    taken_on = models.DateField("拍摄或形成日期", null=True)
    place = models.CharField("地点", max_length=80, blank=True)
    uploaded_at = models.DateTimeField()
    uploaded_by = models.CharField("上传人", max_length=80)
    uploaded_by_key = models.BigIntegerField(null=True)
    voided_at = models.DateTimeField(null=True)
    void_reason = models.CharField("作废原因", max_length=200, blank=True)
    act_id = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["subject_table", "subject_key", "sha256"],
                condition=models.Q(voided_at__isnull=True),
                name="file_once_on_its_subject",
            ),
            models.CheckConstraint(
                condition=models.Q(voided_at__isnull=True) | ~models.Q(void_reason=""),
                name="voided_attachment_has_a_reason",
            ),
        ]
        indexes = [models.Index(fields=["project_key", "-id"], name="attachment_by_project")]

    def __str__(self) -> str:
        return self.file_name
