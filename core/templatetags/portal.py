"""Template tags of the whole portal (built in: no `{% load %}` needed)."""

from django import template

register = template.Library()
