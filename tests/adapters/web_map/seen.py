"""What a reader sees of a page: its picture as numbers, its text as words."""

import re
from io import BytesIO

import numpy as np
from PIL import Image


def pixels(picture: bytes) -> np.ndarray:
    """Return a picture as rows of red, green and blue."""
    return np.asarray(Image.open(BytesIO(picture)).convert("RGB")).astype(int)


def plain(text: str) -> str:
    """Return shown text without the marks that only order it."""
    return re.sub("[\u200f\u2066-\u2069]", "", text)
