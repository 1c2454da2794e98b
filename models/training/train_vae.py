"""Stage 1: trains encoder and decoder on random crops. Resumes by itself; a larger --minutes extends it."""
import argparse

import numpy as np
import torch
import torch.nn.functional as F

import common
import draw
import model
from optimizer import Muon

CHECKPOINT = common.WORK / "vae.pt"


def crops(pictures, count, size, rng):
    """Random crops whose corners lie on the latent grid."""
    corner = lambda: 16 * int(rng.integers(0, (draw.SIZE - size) // 16 + 1))
    parts = []
    for i in rng.integers(0, len(pictures), count):
        y, x = corner(), corner()
        parts.append(pictures[i, y:y + size, x:x + size])
    return common.to_tensor(np.stack(parts))


def gradient_loss(a, b):
    dx = lambda t: t[..., 1:] - t[..., :-1]
    dy = lambda t: t[..., 1:, :] - t[..., :-1, :]
    return (dx(a) - dx(b)).abs().mean() + (dy(a) - dy(b)).abs().mean()


class Vae(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.encoder, self.decoder = model.Encoder(), model.Decoder()

    def forward(self, pictures, noise):
        latent = self.encoder(pictures)
        spread = torch.rand(len(latent), 1, 1, 1, device=latent.device) * noise
        return self.decoder(latent + spread * torch.randn_like(latent))


@torch.no_grad()
def quality(vae, pictures):
    """Mean PSNR in dB of whole pictures."""
    vae.eval()
    errors = []
    for i in range(0, len(pictures), 16):
        x = common.to_tensor(pictures[i:i + 16])
        with common.autocast():
            y = vae.decoder(vae.encoder(x)).float().clamp(-1, 1)
        errors.append((x - y).square().mean((1, 2, 3)) / 4)
    vae.train()
    return (-10 * torch.cat(errors).log10()).mean().item()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--minutes", type=float, default=35)
    parser.add_argument("--batch", type=int, default=16 if common.DEVICE.type == "cpu" else 128)
    parser.add_argument("--crop", type=int, default=128)
    parser.add_argument("--rate", type=float, default=1.5e-3)
    parser.add_argument("--noise", type=float, default=0.2, help="largest noise on the latents, so that the decoder forgives the UNet")
    args = parser.parse_args()

    torch.manual_seed(0)
    train = common.drawings("train", draw.dataset(10000, seed=1))
    test = common.drawings("test", draw.dataset(64, seed=2, allow_held_out=True))
    vae = Vae().to(common.DEVICE, memory_format=torch.channels_last)
    optimizer = Muon(vae, lr=args.rate, weight_decay=1e-4)
    average = common.Average(vae)
    step, spent = 0, 0.0
    if state := common.load(CHECKPOINT):
        vae.load_state_dict(state["model"])
        if "optimizer" in state:
            optimizer.load_state_dict(state["optimizer"])
        average.values = {k: v.to(common.DEVICE) for k, v in state["average"].items()}
        step, spent = state["step"], state["seconds"]
    clock = common.Clock(args.minutes, spent)
    rng = np.random.default_rng(1000 + step)

    def keep():
        common.save(CHECKPOINT, {"model": vae.state_dict(), "average": average.values, "optimizer": optimizer.state_dict(), "step": step, "seconds": clock.seconds()})

    saved = clock.seconds()
    while clock.progress() < 1:
        for group in optimizer.param_groups:
            group["lr"] = clock.rate(args.rate, step)
        x = crops(train, args.batch, args.crop, rng).contiguous(memory_format=torch.channels_last)
        with common.autocast():
            y = vae(x, args.noise)
        y = y.float()
        loss = F.l1_loss(y, x) + 0.5 * gradient_loss(y, x) + 0.5 * F.mse_loss(y, x)
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(vae.parameters(), 1.0)
        optimizer.step()
        average.update(vae, step)
        step += 1
        if step % 100 == 0:
            print(f"step {step} {clock.seconds():.0f}s loss {loss.item():.4f}", flush=True)
        if clock.seconds() - saved > 180 or clock.progress() >= 1:
            live = {k: v.clone() for k, v in vae.state_dict().items()}
            vae.load_state_dict(average.values)
            print(f"step {step} {clock.seconds():.0f}s test {quality(vae, test):.2f} dB", flush=True)
            vae.load_state_dict(live)
            keep()
            saved = clock.seconds()
    keep()


if __name__ == "__main__":
    main()
