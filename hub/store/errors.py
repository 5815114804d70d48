from hub.words import worded

"""Why the store did not do its work."""


class StoreError(Exception):
    """Something could not be kept, or looked up.

    `code` is stable: "can-not-open" (the hub can not start; the text says what to do), "full"
    (there is no space left), "busy" (another program holds it, or it did not answer in time),
    "bad-backup" (it can not be restored), "no-file" (it is no file that could be copied), "failed".
    """

    def __init__(self, code: str, text: str) -> None:
        super().__init__(text)
        self.code = code

    @classmethod
    def of(cls, error: Exception) -> "StoreError":
        """Return the error of a driver as the store's."""
        if isinstance(error, cls):
            return error
        cause = getattr(error, "orig", None) or error
        text = str(cause).strip().split("\n", maxsplit=1)[0] or type(cause).__name__
        if isinstance(cause, TimeoutError):
            return cls("busy", worded("store-slow", "the store did not answer in time"))
        if "disk is full" in text or "No space left" in text or "DiskFull" in text:
            return cls("full", worded("store-full", "there is no space left for the store"))
        if "locked" in text:
            return cls("busy", worded("store-locked", "the store is locked by another program"))
        return cls("failed", text)
