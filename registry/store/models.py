"""What the store keeps of its own: how each key proves that it is the one these data were sealed with."""

from django.db import models

from registry.store.guard import GuardedModel


class DemoClock(GuardedModel):
    """The one row of a database loaded as a demo: how far its clock is off the true one, and whether all is loaded.

    The loader alone makes it; no page, no list and no command does.
    """

    seconds = models.BigIntegerField("时差（秒）")
    is_loaded = models.BooleanField("已装完", default=False)

    def __str__(self) -> str:
        return f"{self.seconds}s"


class KeyCanary(GuardedModel):
    """A known text sealed with one key, and its blind index: another key file opens neither. Source: trust.md."""

    is_trailed = False  # opens with the key file, I40

    number = models.PositiveSmallIntegerField("密钥号", unique=True)
    sealed = models.BinaryField("已知内容的密文")
    indexed = models.BinaryField("已知内容的索引")
    made_at = models.DateTimeField("放入时间")

    def __str__(self) -> str:
        return f"key {self.number}"


class FormDraft(GuardedModel):
    """What one person typed into the form of one place and has not sent, sealed for both."""

    is_trailed = False  # technical: no fact, gone when sent, sealed for its person and place

    person_key = models.BigIntegerField()
    place = models.CharField("表单", max_length=300)
    sealed = models.BinaryField("已填内容的密文")
    saved_at = models.DateTimeField("保存时间")
    expires_at = models.DateTimeField("销毁时间", db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person_key", "place"], name="one_draft_of_a_form_per_person")]

    def __str__(self) -> str:
        return f"draft {self.pk}"


class HeldFile(GuardedModel):
    """A file chosen for a form that was not taken yet: kept for the next attempt, sealed for its person and form."""

    is_trailed = False  # technical: no fact, gone when sent, sealed for its person and place

    person_key = models.BigIntegerField()
    token = models.CharField("表单暂存号", max_length=64)
    ordinal = models.PositiveSmallIntegerField("次序")
    sealed = models.BinaryField("文件的密文")
    size = models.PositiveIntegerField("大小")
    expires_at = models.DateTimeField("销毁时间", db_index=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person_key", "token", "ordinal"], name="one_held_file_per_place_in_a_form")
        ]

    def __str__(self) -> str:
        return f"file {self.pk}"
