"""What the inventory refuses. Each leaf names its cause; each message says what to do next."""


class InventoryError(Exception):
    """Root of the room's errors."""


class UnreadableFileError(InventoryError):
    """A file that is no table: wrong format, broken bytes, no heading. `line` is 0 for the whole file."""

    def __init__(self, problem: str, remedy: str = "", line: int = 0) -> None:
        super().__init__(f"{problem} {remedy}".rstrip())
        self.problem = problem
        self.remedy = remedy
        self.line = line


class CellError(InventoryError):
    """A cell that cannot be read; `problem` and `remedy` are whole sentences for the person who wrote it."""

    def __init__(self, problem: str, remedy: str = "") -> None:
        super().__init__(f"{problem} {remedy}".rstrip())
        self.problem = problem
        self.remedy = remedy
