"""统一社会信用代码 (GB 32100): 18 signs, the last a check over the others."""

from __future__ import annotations

SIGNS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)


def credit_code_of(text: str) -> str:
    """Return a code as it is kept: half-width capitals without blanks."""
    return "".join(text.split()).upper()


def is_credit_code(code: str) -> bool:
    """Tell whether a code has the right signs, length and check."""
    if len(code) != 18 or any(sign not in SIGNS for sign in code):
        return False
    total = sum(weight * SIGNS.index(sign) for weight, sign in zip(WEIGHTS, code[:17], strict=True))
    return SIGNS[(31 - total % 31) % 31] == code[17]
