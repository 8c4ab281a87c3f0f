"""What Kentongan says to people: templates in Indonesian and English, and what fills them. Sends nothing."""

from alerts.texts.surroundings import Links, Spot, Surroundings
from alerts.texts.wording import Digest, Said, Wording

__all__ = ["Digest", "Links", "Said", "Spot", "Surroundings", "Wording"]
