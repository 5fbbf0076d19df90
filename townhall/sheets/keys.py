"""Natural keys of several parts, as one text."""

from townhall.cells import fold

APART = "\t"  # a folded word holds none, so nobody can type one key that reads as another


def key_from(*parts: object) -> str:
    return APART.join(fold(str(part)) for part in parts)


def parts_of(key: str) -> list[str]:
    """The parts as they were folded."""
    return key.split(APART)
