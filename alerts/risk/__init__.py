"""Single points of failure: what goes dark if one thing fails, for everything that can be a root cause. Pure."""

from alerts.risk.ranking import Risk, rank_risks

__all__ = ["Risk", "rank_risks"]
