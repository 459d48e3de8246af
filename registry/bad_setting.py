"""A setting that can't be used: known before any setting is read, so that the command line can say it."""


class BadSetting(RuntimeError):
    """A setting of the deployment that can't be used; `name` is the variable, the text says how to mend it."""

    def __init__(self, name: str, words: str) -> None:
        super().__init__(f"设置 {name} {words}")
        self.name = name
