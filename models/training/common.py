"""What every stage shares: the work folder, the device, drawings on disk, checkpoints, a budget on the clock."""
import concurrent.futures
import contextlib
import math
import os
import pathlib
import time

import numpy as np
import torch
import torch.distributed

import draw

WORK = pathlib.Path(os.environ.get("PLANOGRAPH_TRAINING", pathlib.Path.home() / ".cache" / "planograph-training"))
SHIPPED = pathlib.Path(__file__).parent.parent / "planograph-demo"
DEVICE = torch.device("cuda", int(os.environ.get("LOCAL_RANK", 0))) if torch.cuda.is_available() else torch.device("cpu")


def autocast():
    """bf16 where it is fast: every recent GPU, and CPUs with AVX512-BF16 or AMX."""
    fast = DEVICE.type == "cuda" or torch.cpu.get_capabilities().get("avx512_bf16", False)
    return torch.autocast(DEVICE.type, torch.bfloat16) if fast else contextlib.nullcontext()


def workers():
    """(rank, count) of this process; more than one under `torchrun`, where each works on its own batches."""
    count = int(os.environ.get("WORLD_SIZE", 1))
    if count == 1:
        return 0, 1
    torch.distributed.init_process_group("nccl" if DEVICE.type == "cuda" else "gloo")
    return torch.distributed.get_rank(), count


def average_over_workers(parameters, *numbers):
    """Averages gradients over all workers, and the given numbers too, which are returned."""
    grads = [p.grad for p in parameters]
    flat = torch.cat([*(g.flatten() for g in grads), torch.tensor(numbers, device=DEVICE)])
    torch.distributed.all_reduce(flat)
    flat /= torch.distributed.get_world_size()
    for g, part in zip(grads, flat.split([g.numel() for g in grads] + [len(numbers)])):
        g.copy_(part.view_as(g))
    return flat[-len(numbers):].tolist()


def draw_all(scenes):
    return np.stack([draw.draw(scene) for scene in scenes])


def drawings(name, scenes):
    """The pictures of `scenes` as a uint8 memory map [n, 256, 256, 3], drawn once and kept in the work folder."""
    WORK.mkdir(parents=True, exist_ok=True)
    path = WORK / f"{name}-{len(scenes)}.npy"
    if not path.exists():
        temporary = path.with_suffix(".part.npy")
        out = np.lib.format.open_memmap(temporary, "w+", np.uint8, (len(scenes), draw.SIZE, draw.SIZE, 3))
        parts = [scenes[i:i + 128] for i in range(0, len(scenes), 128)]
        with concurrent.futures.ProcessPoolExecutor() as pool:
            for i, part in enumerate(pool.map(draw_all, parts)):
                out[i * 128:i * 128 + len(part)] = part
        out.flush()
        temporary.rename(path)
    return np.load(path, mmap_mode="r")


def to_tensor(pictures):
    """uint8 [n, h, w, 3] to float [n, 3, h, w] in -1..1, channels last."""
    return torch.from_numpy(np.array(pictures)).to(DEVICE).permute(0, 3, 1, 2).float().div(127.5).sub(1)


class Clock:
    """A budget of wall-clock minutes over all runs of a stage; the learning rate follows it as a cosine."""

    def __init__(self, minutes, spent=0.0):
        self.minutes, self.spent, self.start = minutes, spent, time.time()

    def seconds(self):
        return self.spent + time.time() - self.start

    def progress(self):
        return min(1.0, self.seconds() / (60 * self.minutes))

    def rate(self, peak, step, warm_up=200, floor=0.02):
        return peak * min(1.0, (step + 1) / warm_up) * (floor + (1 - floor) * 0.5 * (1 + math.cos(math.pi * self.progress())))


class Average:
    """An exponential moving average of a module's parameters and buffers."""

    def __init__(self, module, decay=0.999):
        self.decay, self.values = decay, {k: v.detach().clone() for k, v in module.state_dict().items()}

    @torch.no_grad()
    def update(self, module, step):
        decay = min(self.decay, (1 + step) / (10 + step))
        for key, value in module.state_dict().items():
            if value.is_floating_point():
                self.values[key].lerp_(value, 1 - decay)
            else:
                self.values[key].copy_(value)


def save(path, state):
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_suffix(".part")
    torch.save(state | {"torch_rng": torch.get_rng_state(), "numpy_rng": np.random.get_state()}, temporary)
    temporary.rename(path)


def load(path):
    """The checkpoint, with the random generators set back; None if there is none."""
    if not path.exists():
        return None
    state = torch.load(path, map_location="cpu", weights_only=False)
    torch.set_rng_state(state["torch_rng"])
    np.random.set_state(state["numpy_rng"])
    return state


def load_weights(module, *paths):
    """Loads the averaged weights of the first checkpoint that exists."""
    for path in paths:
        if path.exists():
            module.load_state_dict(torch.load(path, map_location="cpu", weights_only=False)["average"])
            return path
    raise SystemExit(f"no weights: run the earlier stage first ({paths[0].name})")
