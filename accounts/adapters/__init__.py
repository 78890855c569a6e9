"""How allauth fits this house. Named in settings; each part stands in its own file."""

from accounts.adapters.account import AccountAdapter
from accounts.adapters.second_step import SecondStepAdapter
from accounts.adapters.social import SocialAdapter

__all__ = ["AccountAdapter", "SecondStepAdapter", "SocialAdapter"]
