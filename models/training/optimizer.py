"""Muon (Jordan et al. 2024) for matrices and convolutions, AdamW for everything else, as one optimizer.

Updates of matrices are made orthogonal by a Newton-Schulz iteration and scaled to AdamW's usual size (Liu et al. 2025), so
both parts share one learning rate.
"""
import torch


def orthogonal(matrix, steps=5):
    x = matrix.bfloat16()
    x = x / (x.norm() + 1e-7)
    tall = x.shape[0] > x.shape[1]
    x = x.T if tall else x
    for _ in range(steps):
        a = x @ x.T
        x = 3.4445 * x + (-4.7750 * a + 2.0315 * a @ a) @ x
    return (x.T if tall else x).float()


class Muon(torch.optim.AdamW):
    """AdamW whose first group, the matrices, is updated by Muon."""

    def __init__(self, module, lr, weight_decay=0.01, momentum=0.95):
        tables = {id(m.weight) for m in module.modules() if isinstance(m, torch.nn.Embedding)}
        matrices = [p for p in module.parameters() if p.ndim >= 2 and id(p) not in tables]
        chosen = {id(p) for p in matrices}
        rest = [p for p in module.parameters() if id(p) not in chosen]
        super().__init__(rest, lr=lr, betas=(0.9, 0.99), weight_decay=0.0, fused=True)
        self.matrices, self.momentum, self.decay = matrices, momentum, weight_decay
        self.moving = [torch.zeros_like(p) for p in matrices]

    def zero_grad(self):
        super().zero_grad()
        for p in self.matrices:
            p.grad = None

    @torch.no_grad()
    def step(self):
        super().step()
        lr = self.param_groups[0]["lr"]
        for p, moving in zip(self.matrices, self.moving):
            if p.grad is None:
                continue
            moving.lerp_(p.grad, 1 - self.momentum)
            update = orthogonal(p.grad.lerp(moving, self.momentum).flatten(1))
            p.mul_(1 - lr * self.decay)
            p.add_(update.view(p.shape), alpha=-lr * 0.2 * max(update.shape) ** 0.5)

    def state_dict(self):
        return super().state_dict() | {"moving": self.moving}

    def load_state_dict(self, state):
        for mine, saved in zip(self.moving, state["moving"], strict=True):
            mine.copy_(saved)
        super().load_state_dict({k: v for k, v in state.items() if k != "moving"})
