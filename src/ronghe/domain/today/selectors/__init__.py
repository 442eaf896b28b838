"""What a person owes today, and how much lies on whom."""

from ronghe.domain.today.selectors.day import MyDay, my_day

__all__ = ["MyDay", "my_day"]
