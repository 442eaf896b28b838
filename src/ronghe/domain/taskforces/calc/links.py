"""Links to a messenger group: only addresses that a browser or the messenger itself opens harmlessly."""

from __future__ import annotations

from urllib.parse import urlsplit

SCHEMES = frozenset({"https", "wxwork", "wecom", "dingtalk"})
LONGEST = 300


def messenger_link(text: str) -> str:
    """Return the link without the space around it, "" for none.

    :raises ValueError: another scheme, no address behind it, or signs that no address holds

    >>> messenger_link(" dingtalk://dingtalkclient/action/joingroup?code=v1 ")
    'dingtalk://dingtalkclient/action/joingroup?code=v1'
    """
    link = text.strip()
    if not link:
        return ""
    if len(link) > LONGEST or any(sign.isspace() or not sign.isprintable() or sign in "\"'<>\\`" for sign in link):
        raise ValueError(link)
    parts = urlsplit(link)
    if parts.scheme not in SCHEMES or not parts.hostname or "@" in parts.netloc:
        raise ValueError(link)
    return link
