"""Paints with diffusers' schedulers and onnxruntime on a model folder, for comparison with the embedded engine.

    pip install torch==2.13.0 diffusers==0.42.0 transformers onnxruntime pillow

Golden data of tests/nodes/services/embedded/pipeline.test.ts, on the random model of tests/tools/random-model.ts:

    npx tsx tests/tools/random-model.ts /tmp/tiny
    python tests/tools/golden-pipeline.py /tmp/tiny tests/golden/embedded/pipeline.json

Any other folder: cases from a JSON list of {name, prompt, negative, seed, steps, cfg, sampler, karras, repeat}, one PNG each,
with the (median) time on stdout:

    python tests/tools/golden-pipeline.py models/planograph-demo OUT cases.json

Noise is Philox 4x32-10 (Salmon et al. 2011) with Box-Muller, written here anew from the paper, so that the engine's own is
checked too.
"""
import importlib
import json
import pathlib
import sys
import time

import diffusers
import numpy as np
import onnxruntime
import torch
from PIL import Image
from tokenizers import Tokenizer

SCHEDULERS = {
    "DDIM": "DDIMScheduler", "Euler": "EulerDiscreteScheduler", "Euler a": "EulerAncestralDiscreteScheduler",
    "DPM++ 2M": "DPMSolverMultistepScheduler", "LCM": "LCMScheduler",
}


def philox(counter, key):
    counter, key = [c.astype(np.uint64) for c in counter], [np.uint64(k) for k in key]
    mask = np.uint64(0xFFFFFFFF)
    for _ in range(10):
        first, second = counter[0] * np.uint64(0xD2511F53), counter[2] * np.uint64(0xCD9E8D57)
        counter = [(second >> np.uint64(32)) ^ counter[1] ^ key[0], second & mask,
                   (first >> np.uint64(32)) ^ counter[3] ^ key[1], first & mask]
        key = [(key[0] + np.uint64(0x9E3779B9)) & mask, (key[1] + np.uint64(0xBB67AE85)) & mask]
    return counter


def noise(seed, block, shape):
    """Block n of a seed's stream of standard normal numbers."""
    size = int(np.prod(shape))
    index, zero = np.arange(size), np.zeros(size)
    words = philox([np.full(size, block), zero, index, zero], [seed & 0xFFFFFFFF, seed >> 32])
    u, v = [(w.astype(np.float64) + 0.5) / 2**32 for w in words[:2]]
    return (np.sqrt(-2 * np.log(u)) * np.sin(2 * np.pi * v)).astype(np.float32).reshape(shape)


class Pipeline:
    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        options = onnxruntime.SessionOptions()
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")  # as the engine has it
        load = lambda part: onnxruntime.InferenceSession(str(self.folder / part / "model.onnx"), options, ["CPUExecutionProvider"])
        self.text, self.unet, self.encoder, self.decoder = map(load, ["text_encoder", "unet", "vae_encoder", "vae_decoder"])
        read = lambda path: json.loads((self.folder / path).read_text())
        self.vae, self.scheduler = read("vae_decoder/config.json"), read("scheduler/scheduler_config.json")
        self.limits = read("tokenizer/tokenizer_config.json")
        self.factor = 2 ** (len(self.vae["block_out_channels"]) - 1)
        sample = read("unet/config.json")["sample_size"]
        self.shape = (1, self.vae["latent_channels"], sample, sample)

    def ids(self, text):
        tokenizer = Tokenizer.from_file(str(self.folder / "tokenizer/tokenizer.json"))
        tokenizer.no_padding()
        tokenizer.no_truncation()
        special = {key: tokenizer.token_to_id(self.limits[key]) for key in ["bos_token", "eos_token", "pad_token", "unk_token"]}
        words = [i for i in tokenizer.encode(text, add_special_tokens=False).ids if i != special["unk_token"]]
        length = self.limits["model_max_length"]
        row = [special["bos_token"], *words, special["eos_token"]]
        assert len(row) <= length
        return row + [special["pad_token"]] * (length - len(row))

    def embed(self, prompt):
        """A text, or chunks of (ids, weights): each weighted, its mean restored, and all joined along the tokens."""
        chunks = [(self.ids(prompt), None)] if isinstance(prompt, str) else prompt
        dtype = np.int32 if self.text.get_inputs()[0].type == "tensor(int32)" else np.int64
        rows = []
        for ids, weights in chunks:
            row = self.text.run(None, {"input_ids": np.array([ids], dtype)})[0].astype(np.float32)
            if weights is not None:
                mean = row.mean()
                row = row * np.array(weights, np.float32)[None, :, None]
                row = row * (mean / row.mean())
            rows.append(row)
        return np.concatenate(rows, 1)

    def encode(self, picture):
        pixels = (np.asarray(picture, np.float32) / 127.5 - 1).transpose(2, 0, 1)[None]
        return self.encoder.run(None, {"sample": pixels})[0] * self.vae["scaling_factor"]

    def paint(self, case, picture=None, mask=None):
        karras = {"use_karras_sigmas": True} if case.get("karras") else {}
        scheduler = getattr(diffusers, SCHEDULERS[case["sampler"]]).from_config(self.scheduler | karras)
        seed, steps = case["seed"], case["steps"]
        blocks = iter(range(1, 1000))
        module = importlib.import_module(type(scheduler).__module__)
        if hasattr(module, "randn_tensor"):
            module.randn_tensor = lambda *args, **kwargs: torch.from_numpy(noise(seed, next(blocks), self.shape))
        scheduler.set_timesteps(steps)
        first = steps - int(steps * case["denoise"]) if picture is not None else 0
        if hasattr(scheduler, "set_begin_index"):
            scheduler.set_begin_index(first)
        timesteps = scheduler.timesteps[first:]
        start = torch.from_numpy(noise(seed, 0, self.shape))
        if picture is None:
            sample = start * scheduler.init_noise_sigma
        else:
            latents = torch.from_numpy(self.encode(picture))
            sample = scheduler.add_noise(latents, start, timesteps[:1])
        guided = case["cfg"] > 1
        hidden = np.concatenate([self.embed(case["negative"]), self.embed(case["prompt"])]) if guided else self.embed(case["prompt"])
        dtype = np.int64 if self.unet.get_inputs()[1].type == "tensor(int64)" else np.float32
        for index, t in enumerate(timesteps):
            shown = scheduler.scale_model_input(sample, t).numpy().astype(np.float32)
            shown = np.concatenate([shown, shown]) if guided else shown
            output = self.unet.run(None, {"sample": shown, "timestep": np.array([t], dtype), "encoder_hidden_states": hidden})[0]
            if guided:
                output = output[:1] + case["cfg"] * (output[1:] - output[:1])
            sample = scheduler.step(torch.from_numpy(output), t, sample).prev_sample
            if mask is not None:
                last = index + 1 == len(timesteps)
                kept = latents if last else scheduler.add_noise(latents, start, timesteps[index + 1:index + 2])
                sample = mask * sample + (1 - mask) * kept
        pixels = self.decoder.run(None, {"latent_sample": sample.numpy().astype(np.float32) / self.vae["scaling_factor"]})[0]
        image = np.clip(pixels[0].transpose(1, 2, 0) / 2 + 0.5, 0, 1)
        return sample.numpy()[0], (image * 255).round().astype(np.uint8)


def tiny_cases(pipe):
    """Words of the tiny tokenizer have ids from 4 on, in the order of `tinyWords`; 1 begins, 2 ends, 0 fills up."""
    row = lambda *words: [1, *words, 2] + [0] * (14 - len(words))
    weigh = lambda *weights: [1.0, *weights, *[1.0] * (15 - len(weights))]
    base = dict(prompt="a red house at night", negative="a blue tree", seed=5, steps=8, cfg=3.0, sampler="DDIM")
    yield base | dict(name="DDIM")
    yield base | dict(name="Euler", sampler="Euler")
    yield base | dict(name="Euler a", sampler="Euler a")
    yield base | dict(name="DPM++ 2M", sampler="DPM++ 2M")
    yield base | dict(name="DPM++ 2M Karras", sampler="DPM++ 2M", karras=True)
    yield base | dict(name="LCM", sampler="LCM", steps=4, cfg=1.5)
    yield base | dict(name="without guidance", cfg=1.0)
    yield base | dict(name="a large seed", seed=2**64 - 3)
    # a=4 house=5 red=6 blue=7 tree=8 at=9 night=10 sea=11 the=12 ,=13 cat=14 very=15
    yield base | dict(name="weights", text="a (red:1.3) house [at night]",
                      prompt=[(row(4, 6, 5, 9, 10), weigh(1, 1.3, 1, 1 / 1.1, 1 / 1.1))])
    yield base | dict(name="BREAK", text="a red house BREAK the sea", negative=[(row(4, 7, 8), None), (row(), None)],
                      negative_text="a blue tree", prompt=[(row(4, 6, 5), None), (row(12, 11), None)])
    long = [4, 6, 5] * 5
    yield base | dict(name="more words than fit", text="a red house " * 5, negative=[(row(4, 7, 8), None), (row(), None)],
                      negative_text="a blue tree", prompt=[(row(*long[:14]), None), (row(*long[14:]), None)])
    commas = [4, 6, 5, 13, 4, 7, 8, 13, 9, 10, 15, 15, 15, 15, 11]
    yield base | dict(name="cut at a comma", text="a red house, a blue tree, at night very very very very sea",
                      negative=[(row(4, 7, 8), None), (row(), None)], negative_text="a blue tree",
                      prompt=[(row(*commas[:8]), None), (row(*commas[8:]), None)])
    yield base | dict(name="img2img", denoise=0.5, picture=True)
    yield base | dict(name="img2img with Euler a", sampler="Euler a", denoise=0.75, picture=True)
    yield base | dict(name="inpaint", denoise=0.75, picture=True, mask=True, sampler="DPM++ 2M")


def test_picture():
    """64×64: red rises to the right, green downwards, blue is 100. Masked: columns and rows 16 to 39."""
    y, x = np.mgrid[0:64, 0:64]
    return np.stack([x * 4, y * 4, np.full_like(x, 100)], -1).astype(np.uint8)


def main():
    pipe = Pipeline(sys.argv[1])
    if len(sys.argv) > 3:
        out = pathlib.Path(sys.argv[2])
        out.mkdir(parents=True, exist_ok=True)
        for case in json.loads(pathlib.Path(sys.argv[3]).read_text()):
            times = []
            for _ in range(case.get("repeat", 1)):
                start = time.perf_counter()
                pixels = pipe.paint(case)[1]
                times.append(time.perf_counter() - start)
            Image.fromarray(pixels).save(out / f"{case['name']}.png")
            print(f"{case['name']}: {sorted(times)[len(times) // 2]:.3f} s")
        return
    mask = torch.zeros(1, 1, 8, 8)
    mask[:, :, 2:5, 2:5] = 1
    cases = []
    for case in tiny_cases(pipe):
        picture = test_picture() if case.pop("picture", False) else None
        masked = case.pop("mask", False)
        latents, pixels = pipe.paint(case, picture, mask if masked else None)
        case["prompt"], case["negative"] = case.pop("text", case["prompt"]), case.pop("negative_text", case["negative"])
        # The decoder enlarges each latent to a square, so one pixel of each says all.
        cases.append(case | {"seed": str(case["seed"]), "masked": masked, "pixels": pixels[::8, ::8].flatten().tolist()})
    pathlib.Path(sys.argv[2]).write_text(json.dumps(cases).replace('{"prompt"', '\n{"prompt"') + "\n")


main()
