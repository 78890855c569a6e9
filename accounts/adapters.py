"""How allauth fits this house."""

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.usersessions.adapter import DefaultUserSessionsAdapter


class AccountAdapter(DefaultAccountAdapter):
    pass


class SocialAdapter(DefaultSocialAccountAdapter):
    pass


class SecondStepAdapter(DefaultMFAAdapter):
    pass


class SessionsAdapter(DefaultUserSessionsAdapter):
    pass
