"""作业许可: who may do what."""

from ronghe.domain.permits.rules.rights import (
    EDIT_PERMIT,
    KEEP_SITE,
    LEAD_PERMIT,
    MAKE_SITE,
    REJECT_PERMIT,
    REQUEST_PERMIT,
    SEE_PERMIT,
    SEE_SITE,
    SIGN_PERMIT,
    STOP_PERMIT,
    TEST_GAS,
    WATCH_SITE,
)

__all__ = [
    "EDIT_PERMIT",
    "KEEP_SITE",
    "LEAD_PERMIT",
    "MAKE_SITE",
    "REJECT_PERMIT",
    "REQUEST_PERMIT",
    "SEE_PERMIT",
    "SEE_SITE",
    "SIGN_PERMIT",
    "STOP_PERMIT",
    "TEST_GAS",
    "WATCH_SITE",
]
