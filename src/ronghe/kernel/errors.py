"""The one error that users see, with three faces: a page, an API answer, a command's message.

A `DomainError` says what was refused, where, and what to do. Its `code` is stable and for programs,
its `sentence` is for people and is translated when it is shown, not when it is raised.
"""

from __future__ import annotations

from typing import Any, ClassVar

from ronghe.kernel.words import N_, _


class DomainError(Exception):
    """An act that cannot be done. Subclasses name the refusal (`UnitInsideItself`), never the mechanism.

    >>> class HuddleClosed(DomainError):
    ...     code = "huddle_closed"
    ...     sentence = N_("%(title)s已于%(time)s结束，不能再签到。")
    """

    code: ClassVar[str] = "refused"
    sentence: ClassVar[str] = N_("现在不能这样做。")
    status: ClassVar[int] = 409
    """HTTP status of the API answer: 409 refused, 403 no right, 404 unseen, 422 shape."""

    def __init__(self, **details: Any) -> None:
        super().__init__(self.code)
        self.details = details

    def __str__(self) -> str:
        return _(self.sentence) % self.details if self.details else _(self.sentence)


class NotAllowed(DomainError):
    """The person lacks the right for this act on this thing."""

    code = "not_allowed"
    sentence = N_("您没有做这件事的权限。需要时请联系本单位党组织书记。")
    status = 403


class NotLoggedIn(DomainError):
    """Nobody is known to be asking."""

    code = "not_logged_in"
    sentence = N_("请先登录，或带上有效的令牌。")
    status = 401


class NotFound(DomainError):
    """Nothing there that this person may see; absent and unseen answer alike."""

    code = "not_found"
    sentence = N_("没有找到，或者您不能查看。")
    status = 404


class Stale(DomainError):
    """Somebody else was first: the thing is no longer in the state the act starts from."""

    code = "stale"
    sentence = N_("刚才已有人处理过，请刷新后再看。")


class Unreadable(DomainError):
    """A file that cannot be read at all (wrong type, damaged, locked): nothing of it was used."""

    code = "unreadable"
    sentence = N_("文件读不出来：%(reason)s")
    status = 422
