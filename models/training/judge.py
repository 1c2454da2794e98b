"""The judge: a CNN at full resolution that names the subject, or says "not recognisable".

The last class is trained on blurred, warped, cut-up and doubled drawings and on samples of an early checkpoint.
"""
import argparse

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

import captions
import common
import draw
import model
import train_unet
import train_vae

CHECKPOINT = common.WORK / "judge.pt"
UNRECOGNISABLE = len(draw.SUBJECTS)


class Judge(nn.Module):
    def __init__(self):
        super().__init__()
        step = lambda a, b, size=3, stride=1: [nn.Conv2d(a, b, size, stride, size // 2, bias=False), nn.BatchNorm2d(b), nn.ReLU()]
        self.layers = nn.Sequential(*step(3, 32, 5, 2), *step(32, 48, 3, 2), *step(48, 96, 3, 2), *step(96, 96), *step(96, 160, 3, 2), *step(160, 160),
                                    *step(160, 192, 3, 2), *step(192, 192))
        self.subject = nn.Linear(2 * 192, len(draw.SUBJECTS) + 1)

    def forward(self, x):
        x = self.layers(x)
        return self.subject(torch.cat([x.mean((2, 3)), x.amax((2, 3))], 1).float())


def blurred(x, rng):
    small = F.interpolate(x, size=int(rng.integers(8, 17)), mode="area")
    return F.interpolate(small, size=draw.SIZE, mode="bicubic", align_corners=False)


def warped(x, rng):
    grid = F.affine_grid(torch.eye(2, 3, device=x.device)[None].expand(len(x), -1, -1), x.shape, align_corners=False)
    cells = int(rng.integers(5, 10))
    bend = torch.randn(len(x), 2, cells, cells, device=x.device) * rng.uniform(0.16, 0.3)
    bend = F.interpolate(bend, size=draw.SIZE, mode="bicubic", align_corners=False).permute(0, 2, 3, 1)
    return F.grid_sample(x, grid + bend, padding_mode="reflection", align_corners=False)


def cut_up(x, rng):
    size = int(rng.choice([16, 32, 64]))
    parts = F.unfold(x, size, stride=size)
    return F.fold(parts[..., torch.randperm(parts.shape[-1], device=x.device)], draw.SIZE, size, stride=size)


def doubled(x, rng):
    """Two pictures at once, shifted apart."""
    other = x.roll(1, 0).roll(int(rng.integers(-40, 40)), 3)
    return 0.5 * x + 0.5 * other


SPOILERS = (blurred, warped, cut_up, doubled)


def softened(x, rng):
    """Still recognisable: a slight blur and noise, so that the judge does not mind a soft decoder."""
    size = int(rng.integers(110, 257))
    x = F.interpolate(F.interpolate(x, size=size, mode="area"), size=draw.SIZE, mode="bilinear", align_corners=False)
    return x + torch.randn_like(x) * rng.uniform(0, 0.06)


@torch.no_grad()
def early_samples(count):
    """Samples of the first UNet checkpoint, without guidance: mostly blobs."""
    path = common.WORK / f"early-samples-{count}.npy"
    if path.exists():
        return np.load(path)
    state = torch.load(train_unet.EARLY, map_location="cpu", weights_only=False)
    painter, vae = train_unet.Painter(len(state["words"])), train_vae.Vae()
    painter.load_state_dict(state["average"])
    common.load_weights(vae, train_vae.CHECKPOINT)
    painter, vae = painter.eval().to(common.DEVICE), vae.eval().to(common.DEVICE)
    ids, scenes = {w: i for i, w in enumerate(state["words"])}, draw.dataset(count, seed=21)
    alphas, pictures = model.alphas_cumprod().to(common.DEVICE), []
    for i in range(0, count, 50):
        tokens = torch.tensor([captions.encode(captions.plain_prompt(s), ids) for s in scenes[i:i + 50]], device=common.DEVICE)
        x = torch.randn(len(tokens), model.LATENT_CHANNELS, 16, 16, device=common.DEVICE)
        times = list(range(999, 0, -100))
        for now, after in zip(times, [*times[1:], None]):
            a, b = alphas[now], alphas[after] if after is not None else torch.ones((), device=common.DEVICE)
            with common.autocast():
                v = painter(x, torch.full((len(x),), now, device=common.DEVICE), tokens).float()
            x = b.sqrt() * (a.sqrt() * x - (1 - a).sqrt() * v) + (1 - b).sqrt() * (a.sqrt() * v + (1 - a).sqrt() * x)
        with common.autocast():
            pictures.append(to_pictures(vae.decoder(x)))
    np.save(path, np.concatenate(pictures))
    return np.concatenate(pictures)


@torch.no_grad()
def reconstructions(count, seed):
    """Drawings that went through the VAE, so that the judge does not take the decoder's hand for a flaw; and their subjects."""
    scenes = draw.dataset(count, seed, allow_held_out=True)
    path = common.WORK / f"reconstructions-{count}-{seed}.npy"
    if not path.exists():
        vae = train_vae.Vae()
        common.load_weights(vae, train_vae.CHECKPOINT)
        vae, parts = vae.eval().to(common.DEVICE, memory_format=torch.channels_last), []
        for i in range(0, count, 32):
            with common.autocast():
                made = vae.decoder(vae.encoder(common.to_tensor(common.draw_all(scenes[i:i + 32]))))
            parts.append(to_pictures(made))
        np.save(path, np.concatenate(parts))
    return np.load(path), np.array([draw.SUBJECTS.index(s.subject) for s in scenes])


def to_pictures(x):
    return ((x.float().clamp(-1, 1) + 1) * 127.5).round().byte().permute(0, 2, 3, 1).cpu().numpy()


def batch(drawn, rebuilt, early, count, rng):
    """A third drawings, half of them softened; a sixth reconstructions; a third spoiled drawings; the rest early samples."""
    (pictures, labels), (made, made_labels) = drawn, rebuilt
    chosen = rng.integers(0, len(pictures), count)
    x, y = common.to_tensor(pictures[np.sort(chosen)]), torch.from_numpy(labels[np.sort(chosen)]).to(common.DEVICE)
    order = torch.randperm(count, device=x.device)
    x, y = x[order], y[order]
    good, spoiled, again = count // 2, count // 3, count // 6
    picked = rng.integers(0, len(made), again)
    x[:again], y[:again] = common.to_tensor(made[picked]), torch.from_numpy(made_labels[picked]).to(y)
    x[again:2 * again] = softened(x[again:2 * again], rng)
    for i, part in enumerate(torch.arange(good, good + spoiled).chunk(len(SPOILERS))):
        x[part] = SPOILERS[i](x[part], rng)
    x[good + spoiled:] = common.to_tensor(early[rng.integers(0, len(early), count - good - spoiled)])
    y[good:] = UNRECOGNISABLE
    flip = torch.rand(count, 1, 1, 1, device=x.device) < 0.5
    return torch.where(flip, x.flip(3), x).clamp(-1, 1), y


def names(judge, pictures):
    """Subject indices for uint8 pictures."""
    with torch.no_grad():
        return torch.cat([judge(common.to_tensor(pictures[i:i + 50])).argmax(1) for i in range(0, len(pictures), 50)]).cpu().numpy()


def held_out_scores(judge, early):
    """Shares right on drawings never trained on: clean, softened, spoiled of each kind, and early samples kept aside."""
    scenes = draw.dataset(300, seed=22, allow_held_out=True)
    pictures, labels = common.drawings("judge-test", scenes), np.array([draw.SUBJECTS.index(s.subject) for s in scenes])
    rng = np.random.default_rng(23)
    scores = {"drawings": float((names(judge, pictures) == labels).mean())}
    x = common.to_tensor(pictures[:200])
    scores["softened drawings"] = float((names(judge, to_pictures(softened(x, rng))) == labels[:200]).mean())
    made, made_labels = reconstructions(100, seed=25)
    scores["reconstructions"] = float((names(judge, made) == made_labels).mean())
    for spoil in SPOILERS:
        scores[f"{spoil.__name__} refused"] = float((names(judge, to_pictures(spoil(x, rng))) == UNRECOGNISABLE).mean())
    scores["early samples refused"] = float((names(judge, early) == UNRECOGNISABLE).mean())
    return scores


def load_judge():
    state = torch.load(CHECKPOINT, map_location="cpu", weights_only=False)
    judge = Judge()
    judge.load_state_dict(state["model"])
    return judge.eval().to(common.DEVICE), state["scores"]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--minutes", type=float, default=5)
    parser.add_argument("--batch", type=int, default=36)
    parser.add_argument("--rate", type=float, default=2e-3)
    args = parser.parse_args()
    torch.manual_seed(0)
    rng = np.random.default_rng(20)
    scenes = draw.dataset(10000, seed=1)
    pictures, labels = common.drawings("train", scenes), np.array([draw.SUBJECTS.index(s.subject) for s in scenes])
    drawn, rebuilt = (pictures, labels), reconstructions(600, seed=24)
    early = early_samples(400)
    judge = Judge().to(common.DEVICE, memory_format=torch.channels_last)
    if CHECKPOINT.exists():
        judge.load_state_dict(torch.load(CHECKPOINT, map_location="cpu", weights_only=False)["model"])
    optimizer = torch.optim.AdamW(judge.parameters(), lr=args.rate, weight_decay=0.01, fused=True)
    clock, step = common.Clock(args.minutes), 0
    while clock.progress() < 1:
        for group in optimizer.param_groups:
            group["lr"] = clock.rate(args.rate, step, warm_up=50)
        x, y = batch(drawn, rebuilt, early[:320], args.batch, rng)
        with common.autocast():
            loss = F.cross_entropy(judge(x.contiguous(memory_format=torch.channels_last)), y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        step += 1
        if step % 50 == 0:
            print(f"step {step} {clock.seconds():.0f}s loss {loss.item():.4f}", flush=True)
    judge.eval()
    scores = held_out_scores(judge, early[320:])
    common.save(CHECKPOINT, {"model": judge.state_dict(), "scores": scores})
    print(scores)


if __name__ == "__main__":
    main()
