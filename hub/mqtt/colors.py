"""Colours as lights speak of them. Ours are red, green and blue, 0 to 255 each."""

import colorsys

Rgb = tuple[int, int, int]


def rgb_to_hs(rgb: Rgb) -> tuple[float, float]:
    """Return hue in degrees and saturation in percent."""
    hue, saturation, _ = colorsys.rgb_to_hsv(*(part / 255 for part in rgb))
    return round(hue * 360, 1), round(saturation * 100, 1)


def hs_to_rgb(hue_degrees: float, saturation_percent: float) -> Rgb:
    """Return the colour at full brightness."""
    red, green, blue = colorsys.hsv_to_rgb(
        (hue_degrees % 360) / 360, min(max(saturation_percent, 0.0), 100.0) / 100, 1.0
    )
    return round(red * 255), round(green * 255), round(blue * 255)


def rgb_to_xy(rgb: Rgb) -> tuple[float, float]:
    """Return the CIE 1931 chromaticity of an sRGB colour (IEC 61966-2-1); D65 white for black."""
    linear = [_linear(part / 255) for part in rgb]
    x = 0.4124 * linear[0] + 0.3576 * linear[1] + 0.1805 * linear[2]
    y = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    z = 0.0193 * linear[0] + 0.1192 * linear[1] + 0.9505 * linear[2]
    total = x + y + z
    return (round(x / total, 4), round(y / total, 4)) if total else (0.3127, 0.3290)


def rgb_to_rgbw(rgb: Rgb) -> tuple[int, int, int, int]:
    """Return a colour for a lamp with a white channel, as bright as it was."""
    white = min(rgb)
    red, green, blue, white = _as_bright((*(part - white for part in rgb), white), max(rgb))
    return red, green, blue, white


def rgb_to_rgbww(rgb: Rgb) -> tuple[int, int, int, int, int]:
    """Return a colour for a lamp with a cold and a warm white channel, as bright as it was."""
    red, green, blue, white = rgb_to_rgbw(rgb)
    return red, green, blue, white, white


def rgbw_to_rgb(red: float, green: float, blue: float, *whites: float) -> Rgb:
    """Return the colour that a lamp with white channels shows, as bright as its brightest part."""
    white = sum(whites) / max(len(whites), 1)
    brightest = max(red, green, blue, white)
    shown = _as_bright((red + white, green + white, blue + white), brightest)
    return shown[0], shown[1], shown[2]


def kelvin_to_mireds(kelvin: float) -> int:
    """Convert a colour temperature; the same formula converts back."""
    return round(1_000_000 / max(kelvin, 1.0))


def _as_bright(parts: tuple[float, ...], brightest: float) -> list[int]:
    """Scale parts so that the greatest is `brightest`, of 255 at most."""
    most = max(parts)
    scale = min(max(brightest, 0), 255) / most if most > 0 else 0
    return [round(max(part, 0) * scale) for part in parts]


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else float(((part + 0.055) / 1.055) ** 2.4)
