"""What every section of the settings is, and values that several of them have."""

from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict

from domain.language import _


class Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


def _reached_by_http(value: str) -> str:
    if value and not value.startswith(("http://", "https://")):
        raise ValueError(_("write a web address that begins with https:// or http://"))
    return value


WebAddress = Annotated[str, AfterValidator(_reached_by_http)]
"""Empty, or http:// or https:// and more."""
