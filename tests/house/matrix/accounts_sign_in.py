"""URLs of signing in that are our own."""

from tests.house.matrix import Row


def _of_nobody(world):
    return (0,)


def _unknown_provider(world):
    return ("nobody",)


ROWS = {
    "held_answers": Row(others=200),
    "usersessions_list": Row(others=200),
    "end_session": Row(others=404, args=_of_nobody, method="post"),
    "end_other_sessions": Row(others=302, method="post"),
    "openid_connect_login": Row(others=404, nobody=404, args=_unknown_provider),
    "openid_connect_callback": Row(others=404, nobody=404, args=_unknown_provider),
}
