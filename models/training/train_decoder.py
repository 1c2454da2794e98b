"""Stage 3: sharpens the decoder on what the UNet really paints; the latent space stays as it is.

Half of the latents were noised half-way and repainted by the UNet, so the decoder learns to draw crisp shapes from
the UNet's slightly wrong latents. The loss adds the judge's features and, if asked for, a small patch discriminator.
"""
import argparse

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

import captions
import common
import draw
import judge as judging
import model
import train_unet
import train_vae

CHECKPOINT = common.WORK / "decoder.pt"


@torch.no_grad()
def repainted(scenes, clean, painter, ids, seed):
    """Latents noised to a random time step and painted back in six DDIM steps with the scene's full caption."""
    generator, alphas, parts = torch.Generator().manual_seed(seed), model.alphas_cumprod().to(common.DEVICE), []
    for i in range(0, len(scenes), 50):
        x = clean[i:i + 50].float().to(common.DEVICE)
        tokens = torch.tensor([captions.encode(captions.plain_prompt(s), ids) for s in scenes[i:i + 50]], device=common.DEVICE)
        start = int(torch.randint(250, 750, (1,), generator=generator))
        noise = torch.randn(x.shape, generator=generator).to(common.DEVICE)
        x = alphas[start].sqrt() * x + (1 - alphas[start]).sqrt() * noise
        times = np.linspace(start, 0, 7).round().astype(int)
        for now, after in zip(times[:-1], times[1:]):
            a, b = alphas[now], alphas[after] if after > 0 else torch.ones((), device=common.DEVICE)
            with common.autocast():
                v = painter(x, torch.full((len(x),), int(now), device=common.DEVICE), tokens).float()
            x = b.sqrt() * (a.sqrt() * x - (1 - a).sqrt() * v) + (1 - b).sqrt() * (a.sqrt() * v + (1 - a).sqrt() * x)
        parts.append(x.half().cpu())
    return torch.cat(parts)


class Discriminator(nn.Sequential):
    """Real or decoded, one verdict per patch of about 40 px."""

    def __init__(self):
        sizes = (3, 32, 64, 96)
        layers = [nn.Sequential(nn.Conv2d(a, b, 4, 2, 1), nn.LeakyReLU(0.2)) for a, b in zip(sizes, sizes[1:])]
        super().__init__(*layers, nn.Conv2d(96, 1, 3, 1, 1))


def feature_loss(judge, made, drawn):
    """L1 between the judge's first activations for both pictures, each scaled by its own size."""
    loss = 0.0
    for layer in list(judge.layers)[:12]:
        made, drawn = layer(made), layer(drawn)
        if isinstance(layer, nn.ReLU):
            loss = loss + F.l1_loss(made, drawn) / (drawn.abs().mean().detach() + 1e-4)
    return loss / 4


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--minutes", type=float, default=9)
    parser.add_argument("--batch", type=int, default=4 if common.DEVICE.type == "cpu" else 48)
    parser.add_argument("--scenes", type=int, default=3000)
    parser.add_argument("--rate", type=float, default=5e-4)
    parser.add_argument("--features", type=float, default=0.1)
    parser.add_argument("--adversarial", type=float, default=0.0)
    args = parser.parse_args()

    torch.manual_seed(30)
    scenes, clean = train_unet.latents(args.scenes, seed=3)
    pictures = common.drawings("decoder", scenes)
    state = torch.load(train_unet.CHECKPOINT, map_location="cpu", weights_only=False)
    painter = train_unet.Painter(len(state["words"]))
    painter.load_state_dict(state["average"])
    ids = {w: i for i, w in enumerate(state["words"])}
    own = repainted(scenes, clean, painter.eval().to(common.DEVICE), ids, seed=31)
    judge, _ = judging.load_judge()
    judge.requires_grad_(False)

    vae = train_vae.Vae()
    common.load_weights(vae, CHECKPOINT, train_vae.CHECKPOINT)
    vae = vae.to(common.DEVICE, memory_format=torch.channels_last)
    decoder = vae.decoder
    average = common.Average(vae, 0.998)
    optimizer = torch.optim.AdamW(decoder.parameters(), lr=args.rate, betas=(0.8, 0.99), weight_decay=1e-4, fused=True)
    critic = Discriminator().to(common.DEVICE, memory_format=torch.channels_last)
    critic_optimizer = torch.optim.AdamW(critic.parameters(), lr=4e-4, betas=(0.5, 0.9), fused=True)
    clock, rng, step = common.Clock(args.minutes), np.random.default_rng(32), 0

    def keep():
        vae.eval()
        common.save(CHECKPOINT, {"model": vae.state_dict(), "average": average.values, "optimizer": optimizer.state_dict(), "step": step, "seconds": clock.seconds()})

    saved = 0.0
    while clock.progress() < 1:
        for group in optimizer.param_groups:
            group["lr"] = clock.rate(args.rate, step, warm_up=50)
        chosen = np.sort(rng.integers(0, len(scenes), args.batch))
        x = common.to_tensor(pictures[chosen])
        z = torch.where(torch.rand(args.batch, 1, 1, 1) < 0.5, own[chosen].float(), clean[chosen].float() + 0.1 * torch.randn(args.batch, *clean.shape[1:])).to(common.DEVICE)
        with common.autocast():
            y = decoder(z.contiguous(memory_format=torch.channels_last))
            features = feature_loss(judge, y, x)
            verdict = critic(y).float().mean() if args.adversarial else 0.0
        y = y.float()
        loss = F.l1_loss(y, x) + 0.5 * train_vae.gradient_loss(y, x) + 0.25 * F.mse_loss(y, x) + args.features * features.float() - args.adversarial * verdict
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(decoder.parameters(), 1.0)
        optimizer.step()
        average.update(vae, step)
        if args.adversarial:
            with common.autocast():
                real, made = critic(x).float(), critic(y.detach()).float()
            critic_loss = F.relu(1 - real).mean() + F.relu(1 + made).mean()
            critic_optimizer.zero_grad()
            critic_loss.backward()
            critic_optimizer.step()
        step += 1
        if step % 50 == 0:
            print(f"step {step} {clock.seconds():.0f}s L1 {F.l1_loss(y, x).item():.4f} features {features.item():.3f}", flush=True)
        if clock.seconds() - saved > 120:
            keep()
            saved = clock.seconds()
    keep()


if __name__ == "__main__":
    main()
