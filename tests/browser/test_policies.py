"""The worked example of a policy follows what Max chooses: by itself with JavaScript, by a button without."""

from __future__ import annotations

import pytest

from lots.models import Decision, Policies
from tests.frameworks import make_framework


@pytest.mark.parametrize("script", [False, True], ids=["without JavaScript", "with JavaScript"])
def test_the_example_follows_the_margin_and_only_saving_decides(world, window, violations, too_wide, script):
    framework = make_framework(world)
    page = window(world.max, script=script)
    page.goto(f"/frameworks/{framework.pk}/policies/margin/")
    example = page.locator("#example")
    assert "Prices up to £56.10 pass. Damson fails." in example.inner_text()
    page.get_by_label("Reason").fill("Prices here lie close together")

    page.get_by_label("Margin (%)").fill("30")
    if script:
        assert page.get_by_role("button", name="Update the example").count() == 0
    else:
        page.get_by_role("button", name="Update the example").click()

    example.get_by_text("Prices up to £60.77 pass. Nobody fails.").wait_for()
    assert page.get_by_label("Reason").input_value() == "Prices here lie close together"
    assert Decision.objects.count() == 0
    if script:
        assert (violations(page), too_wide(page)) == ([], [])

    page.get_by_label("Both sides").check()
    if script:
        example.get_by_text("Prices from £32.73 up to £60.77 pass").wait_for()
    page.get_by_role("button", name="Save").click()
    page.get_by_text("“The margin” was saved").wait_for()
    policies = Policies.objects.get(framework=framework)
    assert (policies.margin_percent, policies.sides) == (30, "both")
    assert page.complaints == []


def test_a_figure_that_is_none_is_said_in_the_example_while_typing_goes_on(world, window):
    framework = make_framework(world)
    page = window(world.max, width=375)
    page.goto(f"/frameworks/{framework.pk}/policies/margin/")

    page.get_by_label("Margin (%)").fill("300")
    page.locator("#example").get_by_text("cannot be worked out from what is typed").wait_for()
    page.get_by_label("Margin (%)").fill("19")

    page.locator("#example").get_by_text("Up to £39.66").wait_for()
    assert page.complaints == []
