"""Addresses of prices, enquiries, corrections and runs of the price check."""

from django.urls import path

from evaluation.views import corrections, gate, low_prices, plots, prices

urlpatterns = [
    path("evaluations/<int:pk>/prices/", prices.price_check, name="price_check"),
    path("evaluations/<int:pk>/prices/open/", prices.open_prices, name="open_prices"),
    path("evaluations/<int:pk>/prices/bids/", prices.priced_bids, name="priced_bids"),
    path("evaluations/<int:pk>/prices/check/", gate.ask_run, name="ask_run"),
    path("price-checks/<int:pk>/", gate.run, name="run"),
    path("price-checks/<int:pk>/sign/", gate.sign_run, name="sign_run"),
    path("price-checks/<int:pk>/again/", gate.check_run_again, name="check_run_again"),
    path("averages/<int:pk>/", gate.pool, name="pool"),
    path("averages/<int:pk>/plot.svg", plots.pool_plot, name="pool_plot"),
    path("bids/<int:pk>/prices/", prices.bid_prices, name="bid_prices"),
    path("bids/<int:pk>/prices/<int:price>/ask/", low_prices.ask_low_price, name="ask_low_price"),
    path("bids/<int:pk>/prices/<int:price>/correct/", corrections.propose_correction, name="propose_correction"),
    path("price-questions/<int:pk>/", low_prices.low_price, name="low_price"),
    path("price-questions/<int:pk>/answer/", low_prices.answer_low_price, name="answer_low_price"),
    path("corrections/<int:pk>/", corrections.correction, name="correction"),
    path("corrections/<int:pk>/drop/", corrections.drop_correction, name="drop_correction"),
]
