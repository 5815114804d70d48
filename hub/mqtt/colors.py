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


def kelvin_to_mireds(kelvin: float) -> int:
    """Convert a colour temperature; the same formula converts back."""
    return round(1_000_000 / max(kelvin, 1.0))


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else float(((part + 0.055) / 1.055) ** 2.4)
