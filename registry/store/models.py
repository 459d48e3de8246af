"""What the store keeps of its own: how each key proves that it is the one these data were sealed with."""

from django.db import models

from registry.store.guard import GuardedModel


class KeyCanary(GuardedModel):
    """A known text sealed with one key, and its blind index: another key file opens neither. Source: trust.md."""

    number = models.PositiveSmallIntegerField("密钥号", unique=True)
    sealed = models.BinaryField("已知内容的密文")
    indexed = models.BinaryField("已知内容的索引")
    made_at = models.DateTimeField("放入时间")

    def __str__(self) -> str:
        return f"key {self.number}"
