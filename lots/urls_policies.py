"""Addresses of a framework's policies, and of quality standards."""

from django.urls import path

from lots.views import policies, standard_parts, standards

urlpatterns = [
    path("frameworks/<int:pk>/policies/", policies.framework_policies, name="framework_policies"),
    path("frameworks/<int:pk>/policies/<slug:topic>/", policies.framework_policy, name="framework_policy"),
    path("frameworks/<int:pk>/setup/standards/", standards.framework_standards, name="framework_standards"),
    path("standards/", standards.standard_sets, name="standard_sets"),
    path("standards/<int:pk>/", standards.standard_set, name="standard_set"),
    path("standards/<int:pk>/begin/", standards.begin_standards, name="begin_standards"),
    path("standards/versions/<int:pk>/", standards.standards_version, name="standards_version"),
    path("standards/versions/<int:pk>/changes/", standards.standards_changes, name="standards_changes"),
    path("standards/versions/<int:pk>/copy/", standards.adopt_standards, name="adopt_standards"),
    path("standards/versions/<int:pk>/fix/", standards.fix_standards, name="fix_standards"),
    path("standards/versions/<int:pk>/discard/", standards.discard_standards, name="discard_standards"),
    path("standards/versions/<int:pk>/parts/add/", standard_parts.add_theme, name="add_theme"),
    path("standards/parts/<int:pk>/change/", standard_parts.change_theme, name="change_theme"),
    path("standards/parts/<int:pk>/remove/", standard_parts.remove_theme, name="remove_theme"),
    path("standards/parts/<int:pk>/add/", standard_parts.add_standard, name="add_standard"),
    path("standards/versions/<int:pk>/measures/add/", standard_parts.add_measure, name="add_measure"),
    path("standards/measures/<int:pk>/change/", standard_parts.change_measure, name="change_measure"),
    path("standards/measures/<int:pk>/remove/", standard_parts.remove_measure, name="remove_measure"),
    path("standards/one/<int:pk>/change/", standard_parts.change_standard, name="change_standard"),
    path("standards/one/<int:pk>/remove/", standard_parts.remove_standard, name="remove_standard"),
    path("standards/one/<int:pk>/evidence/add/", standard_parts.add_evidence, name="add_evidence"),
    path("standards/evidence/<int:pk>/change/", standard_parts.change_evidence, name="change_evidence"),
    path("standards/evidence/<int:pk>/remove/", standard_parts.remove_evidence, name="remove_evidence"),
]
