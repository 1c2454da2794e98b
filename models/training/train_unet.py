"""Stage 2: trains UNet and text encoder together on the latents of drawn scenes. Resumes by itself; a larger --minutes extends it."""
import argparse
import random
import shutil

import torch

import captions
import common
import draw
import model
import train_vae
from optimizer import Muon

CHECKPOINT = common.WORK / "unet.pt"
EARLY = common.WORK / "unet-early.pt"  # the first checkpoint under EARLY_LOSS; the judge learns from its blobs
EARLY_LOSS = 0.17


def latents(count, seed):
    """Scenes and their latents [n, c, 16, 16] in half precision, encoded once and kept in the work folder."""
    scenes = draw.dataset(count, seed)
    path = common.WORK / f"latents-{count}-{seed}.pt"
    if not path.exists():
        vae = train_vae.Vae()
        common.load_weights(vae, train_vae.CHECKPOINT)
        encoder = vae.encoder.eval().to(common.DEVICE, memory_format=torch.channels_last)
        parts = []
        workers = max(1, min(8, (torch.get_num_threads() or 2) - 1))
        with common.concurrent.futures.ProcessPoolExecutor(workers) as pool, torch.no_grad(), common.autocast():
            for pictures in pool.map(common.draw_all, [scenes[i:i + 64] for i in range(0, count, 64)]):
                parts.append(encoder(common.to_tensor(pictures)).half().cpu())
        torch.save(torch.cat(parts), path.with_suffix(".part"))
        path.with_suffix(".part").rename(path)
    return scenes, torch.load(path)


class Painter(torch.nn.Module):
    """Text encoder and UNet, trained as one."""

    def __init__(self, words):
        super().__init__()
        self.text, self.unet = model.TextEncoder(words), model.UNet()

    def forward(self, sample, timestep, ids):
        return self.unet(sample, timestep, self.text(ids))


def load_grown(module, state):
    """Loads a state dict whose word table may be shorter than the module's."""
    words = state["text.words.weight"]
    table = module.state_dict()["text.words.weight"].clone()
    table[:len(words)] = words
    module.load_state_dict(state | {"text.words.weight": table})


def targets(x, t, noise, alphas):
    """Noised latents and v for timesteps t."""
    a = alphas[t][:, None, None, None]
    return a.sqrt() * x + (1 - a).sqrt() * noise, a.sqrt() * noise - (1 - a).sqrt() * x


def loss_weights(t, alphas, gamma=6.0):
    """Min-SNR for v, with SNR + 1 so that the last step, of SNR 0, still counts."""
    whole = 1 / (1 - alphas[t]).clamp(min=1e-6)
    return whole.clamp(max=gamma) / whole


@torch.no_grad()
def test_loss(painter, x, ids, alphas):
    """Mean v loss on fixed noise, and the same with captions shuffled."""
    generator = torch.Generator().manual_seed(5)
    t = torch.linspace(0, 999, len(x)).long()[torch.randperm(len(x), generator=generator)]
    noised, v = targets(x.cpu(), t, torch.randn(x.shape, generator=generator), alphas.cpu())
    losses = []
    for order in (ids, ids.roll(1, 0)):
        parts = []
        for i in range(0, len(x), 64):
            move = lambda value: value[i:i + 64].to(common.DEVICE)
            with common.autocast():
                parts.append((painter(move(noised), move(t), move(order)).float() - move(v)).square().mean((1, 2, 3)))
        losses.append(torch.cat(parts).mean().item())
    return losses


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--minutes", type=float, default=65)
    parser.add_argument("--scenes", type=int, default=16000)
    parser.add_argument("--batch", type=int, default=48 if common.DEVICE.type == "cpu" else 512, help="over all workers")
    parser.add_argument("--rate", type=float, default=1.2e-3)
    parser.add_argument("--decay", type=float, default=0.999, help="of the averaged weights")
    parser.add_argument("--prepare", action="store_true", help="only draw and encode the scenes")
    args = parser.parse_args()

    rank, world = (0, 1) if args.prepare else common.workers()
    torch.manual_seed(0)
    words = captions.token_list(common.SHIPPED / "tokenizer" / "tokenizer.json")
    ids = {word: i for i, word in enumerate(words)}
    scenes, train = latents(args.scenes, seed=3)
    test_scenes, test = latents(128, seed=4)
    if args.prepare:
        return
    test_ids = torch.tensor([captions.encode(captions.plain_prompt(s), ids) for s in test_scenes])
    alphas = model.alphas_cumprod().to(common.DEVICE)
    train, test = train.to(common.DEVICE), test.float()

    painter = Painter(len(words)).to(common.DEVICE, memory_format=torch.channels_last)
    optimizer = Muon(painter, lr=args.rate, weight_decay=0.01)
    average = common.Average(painter, args.decay)
    step, spent = 0, 0.0
    if state := common.load(CHECKPOINT):
        load_grown(painter, state["model"])
        if "optimizer" in state and state["words"] == words:
            optimizer.load_state_dict(state["optimizer"])
        average_painter = Painter(len(words))
        load_grown(average_painter, state["average"])
        average.values = {k: v.to(common.DEVICE) for k, v in average_painter.state_dict().items()}
        step, spent = state["step"], state["seconds"]
    clock, batch = common.Clock(args.minutes, spent), args.batch // world
    if world > 1 or not state:
        torch.manual_seed(step * world + rank)
    rng = random.Random((7000 + step) * world + rank)
    print(f"{sum(p.numel() for p in painter.parameters()) / 1e6:.2f} M parameters, {len(words)} words", flush=True)

    def keep():
        common.save(CHECKPOINT, {"model": painter.state_dict(), "average": average.values, "optimizer": optimizer.state_dict(),
                                 "words": words, "step": step, "seconds": clock.seconds()})

    saved, order, total, ended = clock.seconds(), [], 0.0, clock.progress() >= 1
    while not ended:
        if len(order) < batch:
            order = torch.randperm(len(train)).tolist()
        chosen, order = order[:batch], order[batch:]
        tokens = torch.tensor([captions.encode(captions.caption(scenes[i], rng), ids) for i in chosen]).to(common.DEVICE)
        x = train[chosen].float().contiguous(memory_format=torch.channels_last)
        t = ((torch.arange(batch) + torch.rand(batch)) * (1000 / batch)).long().to(common.DEVICE)
        noised, v = targets(x, t, torch.randn_like(x), alphas)
        with common.autocast():
            out = painter(noised, t, tokens)
        loss = ((out.float() - v).square().mean((1, 2, 3)) * loss_weights(t, alphas)).mean()
        optimizer.zero_grad()
        loss.backward()
        rate, ended = clock.rate(args.rate, step), clock.progress() >= 1
        if world > 1:
            rate, ended = common.average_over_workers(list(painter.parameters()), rate, float(ended))
        for group in optimizer.param_groups:
            group["lr"] = rate
        torch.nn.utils.clip_grad_norm_(painter.parameters(), 1.0)
        optimizer.step()
        average.update(painter, step)
        step += 1
        total += loss.item()
        if step % 100 == 0 and rank == 0:
            print(f"step {step} {clock.seconds():.0f}s loss {total / 100:.4f}", flush=True)
            total = 0.0
        if rank == 0 and (clock.seconds() - saved > 180 or ended):
            live = {k: v.clone() for k, v in painter.state_dict().items()}
            painter.load_state_dict(average.values)
            right, wrong = test_loss(painter, test, test_ids, alphas)
            print(f"step {step} {clock.seconds():.0f}s test {right:.4f}, captions shuffled {wrong:.4f}", flush=True)
            painter.load_state_dict(live)
            keep()
            if right < EARLY_LOSS and not EARLY.exists():
                shutil.copy(CHECKPOINT, EARLY)
            saved = clock.seconds()


if __name__ == "__main__":
    main()
