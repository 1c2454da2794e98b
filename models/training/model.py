"""The parts of the demo model: text encoder, UNet and VAE. Norms run over channels, so channels-last memory stays fast."""
import math

import torch
import torch.nn.functional as F
from torch import nn

LATENT_CHANNELS = 16
LATENT_FACTOR = 16
TEXT_WIDTH = 128
TEXT_LENGTH = 32


class ChannelNorm(nn.Module):
    """LayerNorm over the channels of [b, c, h, w]."""

    def __init__(self, channels):
        super().__init__()
        self.norm = nn.LayerNorm(channels, eps=1e-5)

    def forward(self, x):
        return self.norm(x.permute(0, 2, 3, 1)).permute(0, 3, 1, 2)


# ---- VAE: no norms, as in TAESD ----

class PlainBlock(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.first = nn.Conv2d(channels, channels, 3, padding=1)
        self.second = nn.Conv2d(channels, channels, 3, padding=1)
        nn.init.zeros_(self.second.bias)
        self.second.weight.data.mul_(0.3)

    def forward(self, x):
        return F.relu(x + self.second(F.relu(self.first(x))))


class Encoder(nn.Module):
    """Pictures in -1..1 to latents of zero mean and unit variance per channel (BatchNorm without affine)."""

    def __init__(self):
        super().__init__()
        self.layers = nn.Sequential(
            nn.Conv2d(3, 64, 4, stride=4), nn.ReLU(), PlainBlock(64),
            nn.Conv2d(64, 96, 2, stride=2), nn.ReLU(), PlainBlock(96), PlainBlock(96),
            nn.Conv2d(96, 128, 2, stride=2), nn.ReLU(), PlainBlock(128), PlainBlock(128),
            nn.Conv2d(128, LATENT_CHANNELS, 1))
        self.norm = nn.BatchNorm2d(LATENT_CHANNELS, affine=False, momentum=0.01)

    def forward(self, x):
        return self.norm(self.layers(x).float())


class Up(nn.Sequential):
    def __init__(self, before, after):
        super().__init__(nn.Conv2d(before, after, 1), nn.Upsample(scale_factor=2, mode="nearest"))


class Decoder(nn.Module):
    def __init__(self):
        super().__init__()
        self.layers = nn.Sequential(
            nn.Conv2d(LATENT_CHANNELS, 160, 3, padding=1), nn.ReLU(), *(PlainBlock(160) for _ in range(3)),
            Up(160, 96), *(PlainBlock(96) for _ in range(3)),
            Up(96, 64), *(PlainBlock(64) for _ in range(2)),
            Up(64, 32), *(PlainBlock(32) for _ in range(2)),
            nn.Conv2d(32, 12, 3, padding=1), nn.PixelShuffle(2))

    def forward(self, latent):
        return self.layers(3 * torch.tanh(latent / 3))


# ---- text ----

class Attention(nn.Module):
    """Multi-head attention over tokens [b, n, c]; `context` is what is attended to."""

    def __init__(self, width, context=None, head=32):
        super().__init__()
        self.heads = width // head
        self.query = nn.Linear(width, width, bias=False)
        self.key = nn.Linear(context or width, width, bias=False)
        self.value = nn.Linear(context or width, width, bias=False)
        self.out = nn.Linear(width, width)

    def forward(self, x, context=None):
        context = x if context is None else context
        split = lambda t: t.reshape(t.shape[0], t.shape[1], self.heads, -1).transpose(1, 2)
        q, k, v = split(self.query(x)), split(self.key(context)), split(self.value(context))
        weights = (q @ k.transpose(-1, -2) * (q.shape[-1] ** -0.5)).softmax(-1)
        return self.out((weights @ v).transpose(1, 2).flatten(2))


class FeedForward(nn.Sequential):
    def __init__(self, width, factor):
        super().__init__(nn.Linear(width, width * factor), nn.GELU(), nn.Linear(width * factor, width))


class TextBlock(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.norm1, self.attention = nn.LayerNorm(width), Attention(width)
        self.norm2, self.feed = nn.LayerNorm(width), FeedForward(width, 3)

    def forward(self, x):
        x = x + self.attention(self.norm1(x))
        return x + self.feed(self.norm2(x))


class TextEncoder(nn.Module):
    """Token ids [b, n] to [b, n, TEXT_WIDTH]; n up to TEXT_LENGTH."""

    def __init__(self, words):
        super().__init__()
        self.words = nn.Embedding(words, TEXT_WIDTH)
        self.places = nn.Parameter(torch.randn(TEXT_LENGTH, TEXT_WIDTH) * 0.02)
        self.blocks = nn.ModuleList(TextBlock(TEXT_WIDTH) for _ in range(2))
        self.norm = nn.LayerNorm(TEXT_WIDTH)
        nn.init.normal_(self.words.weight, std=0.3)

    def forward(self, ids):
        x = self.words(ids) + self.places[:ids.shape[1]]
        for block in self.blocks:
            x = block(x)
        return self.norm(x)


# ---- UNet ----

def position_codes(height, width, device):
    """[1, 14, h, w]: x, y in -1..1 and sines and cosines of them, so that there is only one sun."""
    y = ((torch.arange(height, device=device, dtype=torch.float32) + 0.5) / height * 2 - 1)[:, None].expand(height, width)
    x = ((torch.arange(width, device=device, dtype=torch.float32) + 0.5) / width * 2 - 1)[None, :].expand(height, width)
    codes = [x, y]
    for k in (1, 2, 4):
        codes += [torch.sin(math.pi * k * x), torch.cos(math.pi * k * x), torch.sin(math.pi * k * y), torch.cos(math.pi * k * y)]
    return torch.stack(codes)[None]


class ResBlock(nn.Module):
    def __init__(self, before, after, time):
        super().__init__()
        self.norm1, self.conv1 = ChannelNorm(before), nn.Conv2d(before, after, 3, padding=1)
        self.time = nn.Linear(time, 2 * after)
        self.norm2, self.conv2 = ChannelNorm(after), nn.Conv2d(after, after, 3, padding=1)
        self.skip = nn.Conv2d(before, after, 1) if before != after else nn.Identity()
        nn.init.zeros_(self.conv2.weight)

    def forward(self, x, time):
        h = self.conv1(F.silu(self.norm1(x)))
        scale, shift = self.time(time)[:, :, None, None].chunk(2, 1)
        h = self.conv2(F.silu(self.norm2(h) * (1 + scale) + shift))
        return self.skip(x) + h


class CrossBlock(nn.Module):
    """Reads the text; with `whole` the pixels also look at each other and pass a feed-forward."""

    def __init__(self, width, whole):
        super().__init__()
        self.whole = whole
        if whole:
            self.norm1, self.own = nn.LayerNorm(width), Attention(width)
            self.norm3, self.feed = nn.LayerNorm(width), FeedForward(width, 3)
        self.norm2, self.cross = nn.LayerNorm(width), Attention(width, TEXT_WIDTH)

    def forward(self, x, text):
        height, width = x.shape[2:]
        x = x.permute(0, 2, 3, 1).flatten(1, 2)
        if self.whole:
            x = x + self.own(self.norm1(x))
        x = x + self.cross(self.norm2(x), text)
        if self.whole:
            x = x + self.feed(self.norm3(x))
        return x.reshape(x.shape[0], height, width, -1).permute(0, 3, 1, 2)


class TextPool(nn.Module):
    """A few learned questions to the text, answered into one vector that joins the time code."""

    def __init__(self, out, questions=6):
        super().__init__()
        self.questions = nn.Parameter(torch.randn(questions, TEXT_WIDTH) * 0.1)
        self.key = nn.Linear(TEXT_WIDTH, TEXT_WIDTH, bias=False)
        self.out = nn.Linear(questions * TEXT_WIDTH, out)

    def forward(self, text):
        weights = (self.questions @ self.key(text).transpose(-1, -2) * TEXT_WIDTH ** -0.5).softmax(-1)
        return self.out((weights @ text).flatten(1))


class UNet(nn.Module):
    """Predicts v. sample [b, 16, h, w] (h, w even), timestep [b] or [1], encoder_hidden_states [b, n, TEXT_WIDTH]."""

    def __init__(self, wide=96, deep=192, time=384):
        super().__init__()
        self.time1, self.time2, self.pool = nn.Linear(128, time), nn.Linear(time, time), TextPool(time)
        self.enter = nn.Conv2d(LATENT_CHANNELS + 14, wide, 3, padding=1)
        self.down1, self.read1 = ResBlock(wide, wide, time), CrossBlock(wide, False)
        self.down2 = ResBlock(wide, wide, time)
        self.shrink = nn.Conv2d(wide, deep, 2, stride=2)
        self.deep1, self.look1 = ResBlock(deep, deep, time), CrossBlock(deep, True)
        self.deep2, self.look2 = ResBlock(deep, deep, time), CrossBlock(deep, True)
        self.deep3 = ResBlock(deep, deep, time)
        self.deep4, self.look4 = ResBlock(2 * deep, deep, time), CrossBlock(deep, True)
        self.grow = nn.Conv2d(deep, wide, 1)
        self.up1, self.read2 = ResBlock(2 * wide, wide, time), CrossBlock(wide, False)
        self.up2 = ResBlock(2 * wide, wide, time)
        self.norm, self.leave = ChannelNorm(wide), nn.Conv2d(wide, LATENT_CHANNELS, 3, padding=1)
        nn.init.zeros_(self.leave.weight)

    def forward(self, sample, timestep, encoder_hidden_states):
        text = encoder_hidden_states
        waves = torch.exp(torch.arange(64, device=sample.device) * (-math.log(10000) / 63))
        angles = timestep.float()[:, None] * waves
        time = self.time2(F.silu(self.time1(torch.cat([angles.sin(), angles.cos()], 1))))
        time = F.silu(time + self.pool(text))

        codes = position_codes(sample.shape[2], sample.shape[3], sample.device).expand(sample.shape[0], -1, -1, -1)
        x = self.enter(torch.cat([sample, codes], 1))
        x = first = self.read1(self.down1(x, time), text)
        x = second = self.down2(x, time)
        x = third = self.look1(self.deep1(self.shrink(x), time), text)
        x = self.look2(self.deep2(x, time), text)
        x = self.deep3(x, time)
        x = self.look4(self.deep4(torch.cat([x, third], 1), time), text)
        x = F.interpolate(self.grow(x), scale_factor=2.0, mode="nearest")
        x = self.read2(self.up1(torch.cat([x, second], 1), time), text)
        x = self.up2(torch.cat([x, first], 1), time)
        return self.leave(F.silu(self.norm(x)))


def alphas_cumprod():
    """1000 steps of Stable Diffusion's scaled-linear betas, rescaled to zero terminal SNR (Lin et al. 2023, algorithm 1)."""
    betas = torch.linspace(0.00085 ** 0.5, 0.012 ** 0.5, 1000, dtype=torch.float64) ** 2
    root = torch.cumprod(1 - betas, 0).sqrt()
    first, last = root[0].clone(), root[-1].clone()
    return (((root - last) * first / (first - last)) ** 2).float()
