"""Why an account did not do what was asked of it."""


class AccountError(Exception):
    """Something that whoever asks can understand.

    `code` is stable: "wrong-login", "too-many-tries" (`wait_s` says how long), "busy",
    "signed-out", "bad-name", "name-taken", "bad-password", "bad-scope", "last-owner", "unknown",
    "too-many", "set-up", "bad-code", "wrong-password".
    """

    def __init__(self, code: str, text: str, wait_s: float = 0.0) -> None:
        super().__init__(text)
        self.code = code
        self.wait_s = wait_s
