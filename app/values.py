"""What a single value may be, whatever it is for."""


def is_sound(text: str) -> str:
    """Refuse NUL, which no store keeps, naming its position."""
    position = text.find("\x00")
    if position >= 0:
        raise ValueError(f"NUL character at position {position}; remove it")
    return text


def is_number(value: object) -> object:
    """Refuse true and false where a number is wanted, which Python takes for 1 and 0."""
    is_truth = isinstance(value, bool)
    if is_truth:
        raise ValueError("a number is wanted, not true or false")
    return value


def is_not_blank(text: str) -> str:
    """Refuse nothing but white space."""
    if not text.strip():
        raise ValueError("nothing but white space; give the words")
    return text
