"""Scores the exported model: colour at the subject, sky, held-out pairs, and the judge's word on the subject.

Colour and sky are judged by rule, not by a network; `--check` scores the rules themselves on drawn scenes.
"""
import argparse
import dataclasses
import functools
import json
import pathlib

import numpy as np

import captions
import common
import draw
import pipeline
import sheet


def lab(rgb):
    """CIE L*a*b* (D65) of sRGB values 0..255."""
    c = np.asarray(rgb, np.float64) / 255
    c = np.where(c <= 0.04045, c / 12.92, ((c + 0.055) / 1.055) ** 2.4)
    xyz = c @ np.array([[0.4124, 0.2126, 0.0193], [0.3576, 0.7152, 0.1192], [0.1805, 0.0722, 0.9505]]) / np.array([0.9505, 1, 1.089])
    f = np.where(xyz > 0.008856, np.cbrt(xyz), 7.787 * xyz + 16 / 116)
    return np.stack([116 * f[..., 1] - 16, 500 * (f[..., 0] - f[..., 1]), 200 * (f[..., 1] - f[..., 2])], -1)


@functools.cache
def places(subject):
    """Masks of the subject's main colour for every place, size and side it is drawn in."""
    base = draw.Scene(subject, "red", "hill", "day", "flat")
    options = [dataclasses.replace(base, shift=shift, scale=scale, mirror=mirror) for shift in (-1, 0, 1) for scale in (0.9, 1.0, 1.1) for mirror in (False, True)]
    return [draw.draw(scene, mask=True)[1] for scene in options]


def colour_at(picture, scene):
    """The palette colour at the subject: that of most pixels, at the place where the subject fits best (most of one colour)."""
    palette = lab([draw.subject_rgb(c, scene.time, scene.style) for c in draw.COLOURS])
    nearest = np.linalg.norm(lab(picture)[:, :, None] - palette, axis=-1).argmin(-1)
    best = max((np.bincount(nearest[mask], minlength=10) for mask in places(scene.subject)), key=lambda count: count.max() / count.sum())
    return draw.COLOURS[best.argmax()]


def sky_of(picture, style):
    """The time of day whose sky most pixels of the upper strip are near to; None if hardly any pixel is near to any."""
    rows = np.arange(20, 48)
    skies = []
    for time in draw.TIMES:
        top, low = draw.VOCABULARY["times"][time]["sky"]
        colours = [draw.mix(top, low, (y + 0.5) / 190) for y in rows]
        skies.append([draw.mix(c, (255, 255, 255), 0.12) if style == "watercolour" else c for c in colours])
    distance = np.linalg.norm(lab(picture[rows, 18:238])[:, :, None] - lab(np.array(skies)).transpose(1, 0, 2)[:, None], axis=-1)
    near = distance.argmin(-1)[distance.min(-1) < 16]
    return draw.TIMES[np.bincount(near, minlength=4).argmax()] if near.size > 600 else None


def score(pictures, scenes, judge):
    import judge as judging
    named = judging.names(judge, pictures)
    colour = np.array([colour_at(p, s) == s.colour for p, s in zip(pictures, scenes)])
    sky = np.array([sky_of(p, s.style) == s.time for p, s in zip(pictures, scenes)])
    subject = named == np.array([draw.SUBJECTS.index(s.subject) for s in scenes])
    return {"colour": colour.mean(), "sky": sky.mean(), "subject by the judge": subject.mean(), "not recognisable": (named == judging.UNRECOGNISABLE).mean(),
            "colour and subject": (colour & subject).mean(), "all three": (colour & sky & subject).mean()}, named


def check_rules():
    """How often the rules accept the right colour and sky on drawings, and a wrong colour."""
    scenes = draw.dataset(300, 31, allow_held_out=True)
    pictures = [draw.draw(s) for s in scenes]
    found = [colour_at(p, s) for p, s in zip(pictures, scenes)]
    for s, f in zip(scenes, found):
        if f != s.colour:
            print("  colour rule:", s.subject, s.colour, s.setting, s.time, s.style, "read as", f)
    sky = [sky_of(p, s.style) == s.time for p, s in zip(pictures, scenes)]
    print(f"rules on drawings: colour {np.mean([f == s.colour for s, f in zip(scenes, found)]):.3f}, sky {np.mean(sky):.3f}")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--model", type=pathlib.Path, default=common.SHIPPED)
    parser.add_argument("--guidance", type=float, default=3.0)
    parser.add_argument("--steps", type=int, default=20)
    parser.add_argument("--count", type=int, default=100)
    parser.add_argument("--check", action="store_true", help="score the rules on drawings first")
    parser.add_argument("--sheet", type=pathlib.Path, help="also write the first 64 pictures, as sheet.py does")
    parser.add_argument("--out", type=pathlib.Path, help="also write the scores as JSON")
    args = parser.parse_args()
    if args.check:
        check_rules()

    import judge as judging
    judge, judge_scores = judging.load_judge()
    print("the judge on held-out drawings:", {k: round(v, 3) for k, v in judge_scores.items()})
    pipe = pipeline.Pipeline(args.model)
    result = {"judge": judge_scores}
    for title, seed, only in (("100 reworded captions", 11, False), ("100 reworded captions of held-out pairs", 12, True)):
        prompts = captions.test_prompts(args.count, seed, only)
        pictures = pipe.paint([p for _, p in prompts], range(args.count), steps=args.steps, guidance=args.guidance)
        scores, named = score(pictures, [s for s, _ in prompts], judge)
        result[title] = {k: float(v) for k, v in scores.items()}
        print(title, {k: round(float(v), 3) for k, v in scores.items()})
        asked = np.array([draw.SUBJECTS.index(s.subject) for s, _ in prompts])
        print("  subject by the judge:", {n: f"{(named[asked == k] == k).sum()}/{(asked == k).sum()}" for k, n in enumerate(draw.SUBJECTS)})
        if args.sheet and not only:
            sheet.write(pictures[:64], args.sheet)
    if args.out:
        args.out.write_text(json.dumps(result, indent=2) + "\n")


if __name__ == "__main__":
    main()
