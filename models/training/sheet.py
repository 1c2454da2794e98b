"""Writes the sheet of unpicked samples: the first 64 reworded test prompts, seeds 0 to 63."""
import argparse
import pathlib

import numpy as np
from PIL import Image

import captions
import common
import pipeline


def grid(pictures, columns=8):
    rows = [np.concatenate(list(pictures[i:i + columns]), 1) for i in range(0, len(pictures), columns)]
    return np.concatenate(rows, 0)


def write(pictures, path):
    """Half size, 256 colours: a small PNG."""
    image = Image.fromarray(grid(pictures))
    image = image.resize((image.width // 2, image.height // 2), Image.LANCZOS)
    image.quantize(256, dither=Image.Dither.NONE).save(path, optimize=True)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--model", type=pathlib.Path, default=common.SHIPPED)
    parser.add_argument("--out", type=pathlib.Path, default=common.SHIPPED / "samples.png")
    parser.add_argument("--count", type=int, default=64)
    parser.add_argument("--guidance", type=float, default=3.0)
    args = parser.parse_args()
    prompts = [prompt for _, prompt in captions.test_prompts(args.count, seed=11)]
    pictures = pipeline.Pipeline(args.model).paint(prompts, range(args.count), guidance=args.guidance)
    write(pictures, args.out)


if __name__ == "__main__":
    main()
