"""Whether text that is still being written stands inside a Markdown construct."""


class OpenMarkup:
    """Follows emphasis, inline code, links and fences, one character at a time.

    A newline ends all but a fence, so a stray opening mark holds up one line at most.
    """

    def __init__(self) -> None:
        self.fence = False
        self._line_start = True
        self._run = ""
        self._before_run = " "
        self._last = " "
        self._emphasis: set[str] = set()
        self._code = ""
        self._link = ""

    @property
    def open(self) -> bool:
        """Whether a cut here would tear a construct apart."""
        return self.fence or bool(self._emphasis or self._code or self._link)

    def push(self, char: str) -> None:
        """Take the next character of the text."""
        if self._run and char != self._run[0]:
            self._end_run(char)
        if char == "\n":
            self.forget_inline()
            self._line_start = True
        elif char in "*_`":
            if not self._run:
                self._before_run = self._last
            self._run += char
        else:
            self._follow_link(char)
            self._line_start = self._line_start and char.isspace()
        self._last = char

    def forget_inline(self) -> None:
        """Treat everything but a fence as closed."""
        self._run = ""
        self._emphasis.clear()
        self._code = ""
        self._link = ""

    def _end_run(self, after: str) -> None:
        run, self._run = self._run, ""
        if self._line_start and run.startswith("```"):
            self.fence = not self.fence
        elif self.fence:
            pass
        elif run[0] == "`":
            if not self._code:
                self._code = run
            elif self._code == run:
                self._code = ""
        elif not self._code:
            self._end_emphasis(run, after)
        self._line_start = False

    def _end_emphasis(self, run: str, after: str) -> None:
        if run in self._emphasis:
            if not self._before_run.isspace():
                self._emphasis.discard(run)
        elif not after.isspace() and not self._before_run.isalnum():
            self._emphasis.add(run)

    def _follow_link(self, char: str) -> None:
        """Keep in `_link` the bracket that ends what is open, or "]" just after one closed."""
        if self._link == "?":  # after "]": a target may follow
            self._link = ")" if char == "(" else ""
        if self.fence or self._code:
            return
        if char == "[" and not self._link:
            self._link = "]"
        elif char == self._link:
            self._link = "?" if char == "]" else ""
