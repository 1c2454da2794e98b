"""Draws the scenes the demo model learns from: one big subject in one setting, at one time of day, in one style.

Every choice is discrete (three places, three sizes, mirrored or not, ...), and places are whole cells of the
16-pixel latent grid, so that a small model meets the same latent codes again and again.
"""
import dataclasses
import json
import math
import pathlib
import random

import numpy as np
import skia

SIZE = 256
VOCABULARY = json.loads((pathlib.Path(__file__).parent.parent / "planograph-demo" / "vocabulary.json").read_text())
SUBJECTS, COLOURS, SETTINGS, TIMES, STYLES = (list(VOCABULARY[k]) for k in ("subjects", "colours", "settings", "times", "styles"))

INK = (58, 44, 52)
GROUND_TINT = {"dawn": (1.0, 0.92, 0.90), "day": (1.0, 1.0, 1.0), "dusk": (0.86, 0.68, 0.72), "night": (0.40, 0.46, 0.72)}
SUBJECT_TINT = {"dawn": (1.0, 0.97, 0.95), "day": (1.0, 1.0, 1.0), "dusk": (0.97, 0.89, 0.88), "night": (0.86, 0.88, 0.97)}
LAMP = (255, 222, 120)


@dataclasses.dataclass(frozen=True)
class Scene:
    subject: str
    colour: str
    setting: str
    time: str
    style: str
    shift: int = 0  # of the subject, in cells of 16 px: -1, 0, 1
    scale: float = 1.0  # 0.9, 1.0 or 1.1
    mirror: bool = False  # the subject faces the other way
    back_mirror: bool = False  # the landscape
    sun_right: bool = True


def held_out(subject, colour):
    """True for the tenth of all pairs that is never drawn in training: one colour per subject, each colour at least once."""
    return COLOURS[(SUBJECTS.index(subject) * 3 + 4) % len(COLOURS)] == colour


def random_scene(rng, allow_held_out=False):
    while True:
        scene = Scene(rng.choice(SUBJECTS), rng.choice(COLOURS), rng.choice(SETTINGS), rng.choice(TIMES), rng.choice(STYLES),
                      rng.choice((-1, 0, 0, 1)), rng.choice((0.9, 1.0, 1.1)), *(rng.random() < 0.5 for _ in range(3)))
        if allow_held_out or not held_out(scene.subject, scene.colour):
            return scene


def mix(a, b, t):
    return tuple(x + (y - x) * t for x, y in zip(a, b))


def times(colour, tint):
    return tuple(c * t for c, t in zip(colour, tint))


def shade(colour, factor):
    return times(colour, (factor,) * 3)


def skia_colour(colour, alpha=1.0):
    r, g, b = (max(0, min(255, round(c))) for c in colour)
    return skia.Color(r, g, b, round(255 * alpha))


def subject_rgb(colour, time, style):
    """The main colour as it appears in a picture; the evaluation compares with it."""
    rgb = times(VOCABULARY["colours"][colour]["rgb"], SUBJECT_TINT[time])
    return mix(rgb, (255, 255, 255), 0.12) if style == "watercolour" else rgb


# ---- paths ----

def polygon(*points):
    path = skia.Path()
    path.addPoly([skia.Point(x, y) for x, y in points], True)
    return path


def ellipse(x, y, rx, ry):
    path = skia.Path()
    path.addOval(skia.Rect.MakeLTRB(x - rx, y - ry, x + rx, y + ry))
    return path


def box(left, top, right, bottom, radius=0):
    path = skia.Path()
    path.addRoundRect(skia.Rect.MakeLTRB(left, top, right, bottom), radius, radius)
    return path


def curve(start, *parts, close=True):
    """A path of quadratic (x1, y1, x2, y2) or cubic (six numbers) parts, or lines (two numbers)."""
    path = skia.Path()
    path.moveTo(*start)
    for part in parts:
        {2: path.lineTo, 4: path.quadTo, 6: path.cubicTo}[len(part)](*part)
    if close:
        path.close()
    return path


def union(*paths):
    result = paths[0]
    for path in paths[1:]:
        result = skia.Op(result, path, skia.PathOp.kUnion_PathOp)
    return result


class Pen:
    """Fills shapes in one of the three styles."""

    def __init__(self, canvas, style, tint, outline):
        self.canvas, self.style, self.tint, self.outline = canvas, style, tint, outline

    def fill(self, path, colour, lit=False, plain=False, ground=False):
        """`lit`: not darkened by the time of day; `plain`: without the style's outline and shade; `ground`: no shade."""
        colour = colour if lit else times(colour, self.tint)
        paint = skia.Paint(AntiAlias=True)
        if self.style == "watercolour":
            colour = mix(colour, (255, 255, 255), 0.12)
            paint.setMaskFilter(skia.MaskFilter.MakeBlur(skia.kNormal_BlurStyle, 1.6))
        paint.setColor(skia_colour(colour))
        self.canvas.drawPath(path, paint)
        if plain:
            return
        if self.style == "watercolour":
            self.stroke(path, shade(colour, 0.72), 5, alpha=0.35, inside=path, lit=True)
        elif self.style == "storybook":
            self.stroke(path, INK, self.outline, lit=True)
        elif not ground:
            self.canvas.save()
            self.canvas.clipPath(path, skia.ClipOp.kIntersect, True)
            bounds = path.getBounds()
            half = skia.Rect.MakeLTRB(bounds.centerX() + bounds.width() * 0.12, bounds.top(), bounds.right(), bounds.bottom())
            self.canvas.drawRect(half, skia.Paint(AntiAlias=True, Color=skia_colour((20, 10, 50), 0.13)))
            self.canvas.restore()

    def stroke(self, path, colour, width, alpha=1.0, inside=None, lit=False):
        colour = colour if lit else times(colour, self.tint)
        paint = skia.Paint(AntiAlias=True, Color=skia_colour(colour, alpha), Style=skia.Paint.kStroke_Style, StrokeWidth=width,
                           StrokeCap=skia.Paint.kRound_Cap, StrokeJoin=skia.Paint.kRound_Join)
        self.canvas.save()
        if self.style == "watercolour":
            paint.setMaskFilter(skia.MaskFilter.MakeBlur(skia.kNormal_BlurStyle, 1.2))
        if inside is not None:
            self.canvas.clipPath(inside, skia.ClipOp.kIntersect, True)
        self.canvas.drawPath(path, paint)
        self.canvas.restore()


# ---- subjects: origin at the middle of the foot, y upwards is negative, about 130 px high ----
# Each draws with pen `p` in colour `c` and returns the path that carries the main colour.

def house(p, c):
    body = box(-52, -76, 52, 0)
    p.fill(box(22, -128, 40, -92), shade(c, 0.62))
    p.fill(body, c)
    p.fill(polygon((-66, -72), (0, -132), (66, -72)), shade(c, 0.55))
    p.fill(box(-14, -42, 14, 0, 3), (120, 76, 48))
    for x in (-36, 36):
        p.fill(box(x - 11, -56, x + 11, -34, 2), LAMP, lit=True)
    return body


def tree(p, c):
    p.fill(polygon((-12, 0), (-8, -60), (8, -60), (12, 0)), (118, 78, 50))
    crown = union(ellipse(0, -104, 40, 34), ellipse(-32, -78, 34, 30), ellipse(32, -78, 34, 30), ellipse(0, -72, 36, 28))
    p.fill(crown, c)
    return crown


def boat(p, c):
    p.fill(box(-4, -134, 3, -36), (116, 82, 58))
    p.fill(curve((8, -126), (64, -88, 60, -46), (8, -46)), (252, 244, 226))
    p.fill(polygon((-9, -116), (-9, -46), (-52, -46)), mix(c, (252, 244, 226), 0.35))
    hull = curve((-70, -38), (70, -38), (62, -2, 38, 0), (-38, 0), (-62, -2, -70, -38))
    p.fill(hull, c)
    return hull


def lighthouse(p, c):
    p.fill(box(-40, -12, 40, 0, 4), (150, 142, 140))
    tower = polygon((-28, -12), (-18, -104), (18, -104), (28, -12))
    p.fill(tower, c)
    p.canvas.save()
    p.canvas.clipPath(tower, skia.ClipOp.kIntersect, True)
    band = (252, 248, 238) if sum(c) < 690 else (196, 202, 214)
    for y in (-80, -34):
        p.fill(box(-40, y - 12, 40, y + 10), band, plain=True)
    p.canvas.restore()
    if p.style == "storybook":
        p.stroke(tower, INK, p.outline, lit=True)
    p.fill(box(-25, -110, 25, -102, 2), shade(c, 0.55))
    p.fill(box(-14, -130, 14, -110), LAMP, lit=True)
    p.fill(polygon((-20, -129), (0, -148), (20, -129)), shade(c, 0.55))
    return skia.Op(skia.Op(tower, box(-40, -94, 40, -68), skia.PathOp.kDifference_PathOp), box(-40, -48, 40, -22), skia.PathOp.kDifference_PathOp)


def mountain(p, c):
    p.fill(polygon((10, 0), (58, -88), (104, 0)), shade(c, 0.72))
    peak = polygon((-96, 0), (-10, -136), (76, 0))
    p.fill(peak, c)
    cap = (250, 252, 255) if sum(c) < 690 else (158, 190, 226)
    p.fill(polygon((-37, -93), (-10, -136), (17, -93), (4, -82), (-9, -96), (-23, -80)), cap)
    return skia.Op(peak, box(-100, -150, 100, -80), skia.PathOp.kDifference_PathOp)


def flower(p, c):
    p.stroke(curve((0, 0), (6, -30, 0, -70), close=False), (62, 140, 68), 8)
    p.fill(curve((2, -14), (20, -46, 44, -34), (32, -8, 2, -10)), (84, 168, 84))
    p.fill(curve((-2, -8), (-20, -40, -44, -28), (-32, -2, -2, -4)), (84, 168, 84))
    petals = union(*(ellipse(28 * math.sin(a), -92 - 28 * math.cos(a), 19, 19) for a in (2 * math.pi * i / 7 for i in range(7))))
    p.fill(petals, c)
    middle = (252, 206, 60) if c[2] > 60 or c[1] < 100 else (140, 84, 40)
    p.fill(ellipse(0, -92, 17, 17), middle)
    return petals


def fish(p, c):
    p.fill(polygon((38, -66), (82, -100), (74, -66), (82, -32)), shade(c, 0.75))
    p.fill(curve((-16, -98), (6, -132, 40, -92), (4, -86)), shade(c, 0.75))
    body = curve((-72, -64), (-40, -112, 10, -108), (34, -102, 48, -66), (34, -30, 10, -24), (-40, -20, -72, -64))
    p.fill(body, c)
    p.fill(curve((-4, -62), (26, -66, 26, -44), (8, -40, -4, -62)), shade(c, 0.75))
    p.stroke(curve((-30, -100), (-14, -66, -30, -32), close=False), shade(c, 0.7), 3.5)
    p.fill(ellipse(-46, -74, 8.5, 8.5), (255, 255, 255), lit=True)
    p.fill(ellipse(-48, -74, 4.5, 4.5), (30, 26, 34), lit=True, plain=True)
    return body


def cat(p, c):
    tail = curve((28, -12), (74, -8, 60, -58), close=False)
    if p.style == "storybook":
        p.stroke(tail, INK, 14 + 2 * p.outline, lit=True)
    p.stroke(tail, shade(c, 0.85), 14)
    body = curve((-36, 0), (-44, -74, 0, -76), (44, -74, 36, 0))
    p.fill(body, c)
    p.fill(ellipse(0, -22, 17, 20), mix(c, (255, 246, 232), 0.5), plain=True)
    head = union(ellipse(0, -94, 39, 33), polygon((-38, -96), (-36, -140), (-8, -118)), polygon((38, -96), (36, -140), (8, -118)))
    p.fill(head, c)
    for side in (-1, 1):
        p.fill(polygon((side * 31, -112), (side * 31, -128), (side * 18, -119)), (244, 164, 168), plain=True)
        p.fill(ellipse(side * 15, -97, 7.5, 8.5), (238, 240, 150), lit=True, plain=True)
        p.fill(ellipse(side * 15, -97, 3.5, 7.5), (24, 22, 30), lit=True, plain=True)
        for dy in (0, 7):
            p.stroke(curve((side * 18, -82 + dy * 0.5), (side * 46, -86 + dy * 1.6), close=False), mix((250, 250, 250), INK, 0.2 if sum(c) < 300 else 0.85), 1.8)
    p.fill(polygon((-5, -86), (5, -86), (0, -80)), (236, 120, 132), plain=True)
    return union(body, head)


def star(p, c):
    points = [(r * math.sin(a), -66 - r * math.cos(a)) for i in range(10) for r, a in [((74 if i % 2 == 0 else 36), math.pi * i / 5)]]
    body = polygon(*points)
    p.fill(body, c)
    face = INK if sum(c) > 260 else (240, 236, 230)
    for side in (-1, 1):
        p.fill(ellipse(side * 12, -72, 4, 5.5), face, lit=True, plain=True)
    p.stroke(curve((-12, -58), (0, -46, 12, -58), close=False), face, 3, lit=True)
    return body


def balloon(p, c):
    for side in (-1, 1):
        p.stroke(curve((side * 22, -50), (side * 11, -20), close=False), (110, 82, 64), 2.5)
    envelope = curve((0, -150), (40, -150, 58, -122, 56, -96), (54, -68, 26, -52, 18, -42), (-18, -42), (-26, -52, -54, -68, -56, -96), (-58, -122, -40, -150, 0, -150))
    p.fill(envelope, c)
    stripe = mix(c, (255, 250, 240), 0.45) if sum(c) < 690 else (204, 214, 228)
    p.fill(curve((0, -149), (24, -140, 24, -70, 9, -42), (-9, -42), (-24, -70, -24, -140, 0, -149)), stripe)
    p.fill(box(-15, -22, 15, 2, 4), (158, 104, 60))
    return skia.Op(envelope, box(-22, -150, 22, -40), skia.PathOp.kDifference_PathOp)


def apple(p, c):
    body = curve((0, -96), (18, -112, 62, -106, 60, -62), (58, -22, 30, 0, 14, -2), (4, -6, -4, -6, -14, -2), (-30, 0, -58, -22, -60, -62), (-62, -106, -18, -112, 0, -96))
    p.fill(body, c)
    p.stroke(curve((0, -92), (-1, -108, 7, -122), close=False), (104, 70, 44), 7)
    p.fill(curve((6, -108), (18, -136, 50, -128), (40, -102, 6, -108)), (92, 178, 80))
    p.fill(ellipse(-32, -70, 8, 15), mix(c, (255, 255, 255), 0.55), plain=True)
    return body


def car(p, c):
    body = union(curve((-78, -18), (-82, -52, -56, -54), (56, -56), (84, -54, 80, -18)), curve((-54, -50), (-38, -98, -4, -98), (34, -98, 54, -50)))
    p.fill(body, c)
    p.fill(curve((-42, -56), (-32, -88, -6, -88), (-6, -56)), (206, 234, 248))
    p.fill(curve((4, -88), (28, -86, 40, -56), (4, -56)), (206, 234, 248))
    p.fill(ellipse(-72, -40, 7, 7), LAMP, lit=True)
    for x in (-42, 42):
        p.fill(ellipse(x, -18, 20, 20), (44, 42, 52))
        p.fill(ellipse(x, -18, 8.5, 8.5), (214, 214, 222), plain=True)
    return body


DRAWERS = {f.__name__: f for f in (house, tree, boat, lighthouse, mountain, flower, fish, cat, star, balloon, apple, car)}
FOOT = {"star": 168, "balloon": 176, "fish": 196}  # y of the foot; standing subjects: 216


# ---- landscapes ----

def sky(canvas, scene):
    top, low = VOCABULARY["times"][scene.time]["sky"]
    if scene.style == "watercolour":
        top, low = mix(top, (255, 255, 255), 0.12), mix(low, (255, 255, 255), 0.12)
    gradient = skia.GradientShader.MakeLinear([skia.Point(0, 0), skia.Point(0, 190)], [skia_colour(top), skia_colour(low)])
    canvas.drawPaint(skia.Paint(Shader=gradient))
    pen = Pen(canvas, scene.style, (1, 1, 1), 2.5)
    x = 216 if scene.sun_right else 40
    if scene.time == "night":
        moon = skia.Op(ellipse(x, 42, 21, 21), ellipse(x - 11, 36, 18, 18), skia.PathOp.kDifference_PathOp)
        pen.fill(moon, (255, 244, 204), plain=True)
        for sx, sy in ((96, 24), (150, 40), (26, 88), (232, 104), (70, 56), (186, 84)):
            pen.fill(ellipse(sx if scene.sun_right else 256 - sx, sy, 2.6, 2.6), (255, 250, 226), plain=True)
        return
    sun = {"dawn": (x, 132, 26, (255, 248, 214)), "day": (x, 42, 22, (255, 224, 84)), "dusk": (x, 136, 30, (255, 206, 92))}[scene.time]
    pen.fill(ellipse(*sun[:2], sun[2], sun[2]), sun[3], plain=True)
    if scene.time == "day":
        x = 256 - x
        pen.fill(union(ellipse(x, 50, 20, 14), ellipse(x - 18, 56, 16, 10), ellipse(x + 18, 56, 16, 10)), (255, 255, 255), plain=True)


def landscape(p, scene):
    """The ground, in a picture that may be mirrored afterwards."""
    setting = scene.setting
    if setting == "hill":
        p.fill(curve((-20, 256), (-20, 190), (30, 140, 130, 176), (276, 200), (276, 256)), (120, 178, 112), plain=True)
        p.fill(curve((-20, 262), (-20, 226), (128, 156, 276, 226), (276, 262)), (92, 164, 84), ground=True)
    elif setting == "sea":
        p.fill(box(-9, 168, 265, 265), (52, 142, 190), ground=True)
        for x, y in ((20, 186), (196, 182), (60, 238), (220, 232)):
            p.stroke(curve((x - 16, y), (x - 8, y - 8, x, y), (x + 8, y - 8, x + 16, y), close=False), (196, 232, 244), 3.5)
    elif setting == "desert":
        p.fill(curve((-20, 262), (-20, 186), (60, 150, 150, 184), (220, 160, 276, 178), (276, 262)), (240, 204, 130), ground=True)
        p.fill(curve((-20, 262), (-20, 214), (80, 190, 276, 222), (276, 262)), (230, 182, 102), ground=True)
        cactus = union(box(218, 150, 232, 206, 7), box(204, 164, 213, 186, 4), box(204, 178, 224, 187, 4), box(237, 158, 246, 182, 4), box(226, 174, 246, 183, 4))
        p.fill(cactus, (74, 142, 84))
    elif setting == "snow":
        for x, h in ((28, 70), (62, 50)):
            p.fill(polygon((x - h * 0.36, 190), (x, 190 - h), (x + h * 0.36, 190)), (62, 118, 106))
            p.fill(polygon((x - h * 0.15, 190 - h * 0.58), (x, 190 - h), (x + h * 0.15, 190 - h * 0.58)), (248, 250, 255), plain=True)
        p.fill(curve((-20, 262), (-20, 186), (70, 164, 140, 188), (210, 204, 276, 180), (276, 262)), (238, 244, 252), ground=True)
    elif setting == "city":
        for i, (left, right, top) in enumerate(((-8, 36, 104), (36, 76, 132), (180, 216, 122), (216, 264, 92), (76, 110, 150), (146, 180, 150))):
            p.fill(box(left, top, right, 210), ((150, 148, 178), (170, 160, 182), (160, 156, 186))[i % 3])
            for wx in range(left + 11 if left > 0 else 4, right - 12, 14):
                for wy in range(top + 12, 176, 20):
                    p.fill(box(wx, wy, wx + 7, wy + 9), LAMP if scene.time in ("night", "dusk") else (226, 234, 246), lit=scene.time in ("night", "dusk"), plain=True)
        p.fill(box(-9, 192, 265, 265), (128, 126, 138), ground=True)
        for x in (16, 80, 144, 208):
            p.fill(box(x, 236, x + 32, 242, 2), (238, 232, 214), plain=True)
    elif setting == "meadow":
        p.fill(box(-9, 172, 265, 265), (130, 196, 96), ground=True)
        for i, (x, y) in enumerate(((20, 196), (56, 240), (100, 246), (164, 244), (208, 206), (236, 238), (34, 218), (228, 186))):
            p.fill(ellipse(x, y, 5.5, 5.5), ((255, 255, 255), (250, 214, 90), (244, 150, 180))[i % 3], plain=True)


def draw(scene, mask=False):
    """The picture as uint8 [256, 256, 3]; with `mask` also the bool map of the subject's main colour."""
    surface = skia.Surface(SIZE, SIZE)
    canvas = surface.getCanvas()
    sky(canvas, scene)
    canvas.save()
    if scene.back_mirror:
        canvas.translate(SIZE, 0)
        canvas.scale(-1, 1)
    landscape(Pen(canvas, scene.style, GROUND_TINT[scene.time], 2.5), scene)
    canvas.restore()

    foot = FOOT.get(scene.subject, 216)
    middle = 128 + 16 * scene.shift
    pen = Pen(canvas, scene.style, GROUND_TINT[scene.time], 2.5)
    if foot == 216:
        if scene.setting == "sea" and scene.subject != "boat":
            pen.fill(curve((middle - 96, 234), (middle - 60, 202, middle, 204), (middle + 60, 202, middle + 96, 234)), (240, 212, 146), ground=True)
        elif scene.setting != "sea":
            shadow = skia.Paint(AntiAlias=True, Color=skia_colour((20, 20, 50), 0.22))
            canvas.drawPath(ellipse(middle, 216, 74, 7), shadow)

    matrix = skia.Matrix()
    matrix.setScale(-scene.scale if scene.mirror else scene.scale, scene.scale)
    matrix.postTranslate(middle, foot)
    canvas.save()
    canvas.concat(matrix)
    colour = VOCABULARY["colours"][scene.colour]["rgb"]
    main = DRAWERS[scene.subject](Pen(canvas, scene.style, SUBJECT_TINT[scene.time], 3.6), colour)
    canvas.restore()
    if scene.style == "watercolour":
        edge = skia.Paint(AntiAlias=True, Color=skia_colour((253, 250, 244)), Style=skia.Paint.kStroke_Style, StrokeWidth=22)
        edge.setMaskFilter(skia.MaskFilter.MakeBlur(skia.kNormal_BlurStyle, 4))
        canvas.drawPath(box(0, 0, SIZE, SIZE, 14), edge)
    elif scene.style == "storybook":
        canvas.drawPath(box(0, 0, SIZE, SIZE), skia.Paint(AntiAlias=True, Color=skia_colour((252, 243, 222)), Style=skia.Paint.kStroke_Style, StrokeWidth=20))
        canvas.drawPath(box(10, 10, SIZE - 10, SIZE - 10), skia.Paint(AntiAlias=True, Color=skia_colour(INK), Style=skia.Paint.kStroke_Style, StrokeWidth=3))
    picture = surface.toarray(colorType=skia.kRGB_888x_ColorType)[..., :3].copy()
    if not mask:
        return picture
    return picture, main_mask(main, matrix)


def main_mask(path, matrix):
    surface = skia.Surface(SIZE, SIZE)
    surface.getCanvas().clear(skia.ColorBLACK)
    surface.getCanvas().concat(matrix)
    surface.getCanvas().drawPath(path, skia.Paint(AntiAlias=False, Color=skia.ColorWHITE))
    return surface.toarray(colorType=skia.kRGB_888x_ColorType)[..., 0] > 127


def dataset(count, seed, allow_held_out=False):
    """`count` random scenes; the same seed gives the same scenes."""
    rng = random.Random(seed)
    return [random_scene(rng, allow_held_out) for _ in range(count)]


if __name__ == "__main__":
    import sys
    from PIL import Image
    scenes = dataset(48, 1)
    if len(sys.argv) > 2:
        scenes = [dataclasses.replace(s, subject=SUBJECTS[i % 12], colour=COLOURS[(i * 7 + i // 12) % 10], style=STYLES[(i + i // 12) % 3]) for i, s in enumerate(scenes)]
    rows = [np.concatenate([draw(s) for s in scenes[i:i + 8]], 1) for i in range(0, len(scenes), 8)]
    Image.fromarray(np.concatenate(rows, 0)).save(sys.argv[1])
