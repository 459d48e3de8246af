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

    number = models.PositiveSmallIntegerField("密钥号", unique=True)
    sealed = models.BinaryField("已知内容的密文")
    indexed = models.BinaryField("已知内容的索引")
    made_at = models.DateTimeField("放入时间")

    def __str__(self) -> str:
        return f"key {self.number}"
