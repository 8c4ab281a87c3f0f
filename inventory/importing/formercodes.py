"""Reads codes of villages that may not exist any more: they are taken if they are written as one."""

import re

from domain.language import _
from domain.network import RegionLevel, is_region_code, level_of
from inventory.errors import CellError
from inventory.importing.cells import Cell
from inventory.importing.findings import shown
from inventory.importing.texts import digits_of, read_text


def read_former_code(cell: Cell) -> str:
    """Dotted. Raises CellError."""
    text = digits_of(cell) if isinstance(cell, int | float) and not isinstance(cell, bool) else read_text(cell)
    digits = re.sub(r"[.\s-]", "", text)
    code = ".".join((digits[:2], digits[2:4], digits[4:6], digits[6:]))
    if not is_region_code(code) or level_of(code) is not RegionLevel.VILLAGE:
        raise CellError(
            _("'{value}' is not written like the code of a village.").format(value=shown(cell)),
            _("A code is written as 32.14.01.2010, or 3214012010."),
        )
    return code
