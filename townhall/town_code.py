"""全国地方公共団体コード: five digits and a check digit. Pure."""

OTAKI = "124419"


def check_digit(five: str) -> str:
    """Weights 6, 5, 4, 3, 2; the last digit of 11 − Σ mod 11. Text, for a leading 0 counts."""
    total = sum(int(digit) * weight for digit, weight in zip(five, range(6, 1, -1), strict=True))
    return str((11 - total % 11) % 10)
