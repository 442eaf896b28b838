"""Coming in by program: a token for a login and a password."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from ninja import Field, Router, Schema

from ronghe.domain.alliances.rules import is_only_partner
from ronghe.kernel.access.login import log_in
from ronghe.kernel.access.models import TokenScope
from ronghe.kernel.access.tokens import issue_token
from ronghe.kernel.errors import DomainError
from ronghe.kernel.words import N_

router = Router(tags=["session"])


class WrongLogin(DomainError):
    code = "wrong_login"
    sentence = N_("登录名或密码不对。")
    status = 403


class TokenForPartner(DomainError):
    code = "token_for_partner"
    sentence = N_("外部联系人只在网页上办联盟的事，不发接口令牌；要用数据，请向联盟牵头的党组织提出。")
    status = 403


class TokenRequest(Schema):
    login: str
    password: str
    name: str = Field("API", max_length=40, description="给令牌起的名字")
    days: int = Field(1, ge=1, le=365, description="多少天后失效")
    scope: TokenScope = TokenScope.WRITE


class TokenAnswer(Schema):
    token: str
    expires_at: datetime


class MeAnswer(Schema):
    login: str
    name: str | None
    administrator: str | None


@router.post("/tokens", auth=None, response=TokenAnswer, summary="换取令牌")
def create_token(request: HttpRequest, wanted: TokenRequest) -> dict[str, Any]:  # noqa: ARG001 - ninja passes it
    now = timezone.now()
    account = log_in(login=wanted.login, password=wanted.password, at=now)
    if account is None:
        raise WrongLogin
    if is_only_partner(account.actor, now):
        raise TokenForPartner
    token, text = issue_token(account, name=wanted.name, at=now, lasts=timedelta(days=wanted.days), scope=wanted.scope)
    return {"token": text, "expires_at": token.expires_at}


@router.get("/me", response=MeAnswer, summary="我是谁")
def me(request: HttpRequest) -> dict[str, Any]:
    account: Any = request.user
    actor = account.actor
    return {"login": account.login, "name": actor.name if actor else None, "administrator": account.administrator}
