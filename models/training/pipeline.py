"""Paints with the exported ONNX files: DDIM (eta 0), trailing time steps, classifier-free guidance."""
import json

import numpy as np
import onnxruntime
from tokenizers import Tokenizer


class Pipeline:
    def __init__(self, folder):
        open_part = lambda name: onnxruntime.InferenceSession(str(folder / name / "model.onnx"), providers=onnxruntime.get_available_providers())
        self.text, self.unet, self.encoder, self.decoder = (open_part(n) for n in ("text_encoder", "unet", "vae_encoder", "vae_decoder"))
        self.tokenizer = Tokenizer.from_file(str(folder / "tokenizer" / "tokenizer.json"))
        config = json.loads((folder / "scheduler" / "scheduler_config.json").read_text())
        betas = np.linspace(config["beta_start"] ** 0.5, config["beta_end"] ** 0.5, config["num_train_timesteps"]) ** 2
        root = np.cumprod(1 - betas) ** 0.5
        self.alphas = ((root - root[-1]) * root[0] / (root[0] - root[-1])) ** 2
        self.channels = json.loads((folder / "unet" / "config.json").read_text())["in_channels"]

    def read(self, prompts):
        ids = np.array([e.ids for e in self.tokenizer.encode_batch(prompts)], np.int32)
        return self.text.run(None, {"input_ids": ids})[0]

    def latents(self, prompts, seeds, steps=20, guidance=3.0):
        """Latents [n, c, 16, 16]; each picture depends on its own prompt and seed only."""
        text, empty = self.read(prompts), self.read([""] * len(prompts))
        x = np.stack([np.random.default_rng(seed).standard_normal((self.channels, 16, 16)) for seed in seeds]).astype(np.float32)
        times = np.round(np.arange(1000, 0, -1000 / steps)).astype(int) - 1
        for now, after in zip(times, [*times[1:], -1]):
            a, b = self.alphas[now], self.alphas[after] if after >= 0 else 1.0
            both = {"sample": np.concatenate([x, x]), "timestep": np.array([now], np.float32), "encoder_hidden_states": np.concatenate([empty, text])}
            without, wanted = np.split(self.unet.run(None, both)[0], 2)
            v = without + guidance * (wanted - without)
            clean, noise = a ** 0.5 * x - (1 - a) ** 0.5 * v, a ** 0.5 * v + (1 - a) ** 0.5 * x
            x = (b ** 0.5 * clean + (1 - b) ** 0.5 * noise).astype(np.float32)
        return x

    def decode(self, latents):
        """uint8 pictures [n, 256, 256, 3]."""
        pictures = self.decoder.run(None, {"latent_sample": latents})[0]
        return np.clip(np.round((pictures + 1) * 127.5), 0, 255).astype(np.uint8).transpose(0, 2, 3, 1)

    def paint(self, prompts, seeds, batch=10, **options):
        parts = [self.decode(self.latents(prompts[i:i + batch], seeds[i:i + batch], **options)) for i in range(0, len(prompts), batch)]
        return np.concatenate(parts)
