"""Policies of a framework: all of them as they stand, and one topic to decide with its worked example."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render

from accounts.forms.fields import posted
from core import access, clock
from core.access import guard
from lots import permissions
from lots.actions import policies as actions
from lots.forms.policies import PolicyForm
from lots.models import Framework
from lots.queries import policies as queries
from lots.rules.policies import WHO_WINS
from lots.rules.policy_list import TOPIC, TOPICS
from lots.rules.worked_examples import example
from lots.states import FrameworkState
from lots.views.setting_up import tried


@guard(permissions.can_see_inside, on=Framework)
def framework_policies(request, framework):
    """Every policy as it stands, who decided it and why."""
    policies = queries.policies_of(framework)
    blocks = queries.blocks_of(framework, policies, queries.standing_decisions(framework))
    context = {
        "framework": framework,
        "policies": policies,
        "headings": [
            (heading, [block for block in blocks if block.topic.heading == heading])
            for heading in dict.fromkeys(topic.heading for topic in TOPICS)
        ],
        "owed": sum(block.owed for block in blocks),
        "from_notice": bool(framework.ocid),
        "can_manage": permissions.can_manage_framework(request.user, framework),
        "can_decide": _can_decide(request, framework, policies),
    }
    return render(request, "lots/framework_policies.html", context)


def _can_decide(request, framework, policies) -> bool:
    being_set_up = policies.locked_at is None and framework.state == FrameworkState.DRAFT
    return being_set_up and permissions.can_manage_framework(request.user, framework)


@guard(permissions.can_see_inside, on=Framework)
def framework_policy(request, framework, topic):
    """One topic: what it decides, its worked example under the values in the form, who decided it before. With
    `preview` the example alone is worked out, for htmx and for the button beside the form."""
    if topic not in TOPIC:
        raise Http404
    topic = TOPIC[topic]
    if request.method == "POST" and not permissions.can_manage_framework(request.user, framework):
        raise access.Denied
    policies = queries.policies_of(framework)
    values, standing = queries.values_of(policies), queries.standing_decisions(framework)
    last = next((standing[policy.code] for policy in topic.policies if policy.code in standing), None)
    to_all = bool(framework.ocid) and any(policy.code in WHO_WINS for policy in topic.policies)
    words = {"reason": last.reason, "clarification": last.clarification} if last else {}
    form = PolicyForm(posted(request), topic=topic, values=values, to_all=to_all, initial=words)
    if request.method == "POST":
        understood = form.is_valid()
        values |= form.values()
        if "preview" not in request.POST and understood and tried(form, _decide(request, framework, topic, form)):
            messages.success(request, f"“{topic.title}” was saved")
            return redirect("framework_policies", framework.pk)
    wrong = form.is_bound and any(policy.code in form.errors for policy in topic.policies)
    context = {
        "framework": framework,
        "policies": policies,
        "topic": topic,
        "form": form,
        "example": None if wrong else example(topic.slug, values),
        "lines": next(
            block.lines for block in queries.blocks_of(framework, policies, standing) if block.topic is topic
        ),
        "history": queries.history_of(framework, topic),
        "can_decide": _can_decide(request, framework, policies),
    }
    return render(request, "lots/framework_policy.html", context)


def _decide(request, framework, topic, form):
    return lambda: actions.decide_policies(
        framework=framework,
        topic=topic,
        values=form.values(),
        reason=form.cleaned_data["reason"],
        clarification=form.cleaned_data.get("clarification", ""),
        by=request.user,
        at=clock.now(),
    )
