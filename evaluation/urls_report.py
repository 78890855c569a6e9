"""Addresses of the evaluation report and the price check of a spreadsheet."""

from django.urls import path

from evaluation.views import price_file, report

urlpatterns = [
    path("check-prices/", price_file.check_prices, name="check_prices"),
    path("evaluations/<int:pk>/report/", report.evaluation_report, name="evaluation_report"),
    path("evaluations/<int:pk>/report/pdf/", report.evaluation_report_pdf, name="evaluation_report_pdf"),
    path("evaluations/<int:pk>/report/make/", report.make_evaluation_report, name="make_evaluation_report"),
    path("evaluations/<int:pk>/report/xlsx/", report.evaluation_report_xlsx, name="evaluation_report_xlsx"),
    path("evaluation-reports/<int:pk>/", report.evaluation_report_copy, name="evaluation_report_copy"),
]
