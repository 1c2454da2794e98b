"""Numbers of diffusers' schedulers for tests/golden/embedded/schedulers.json.

Every trajectory runs a fixed formula in place of a UNet on fixed inputs, so a test in any language can repeat it.
Samples are recorded as the UNet would read them (scale_model_input), and the last one as it leaves the scheduler.

    pip install torch==2.13.0 diffusers==0.42.0
    python tests/tools/golden-schedulers.py > tests/golden/embedded/schedulers.json
"""
import importlib
import json

import diffusers
import numpy as np
import torch

SIZE = 12
BASE = dict(beta_start=0.00085, beta_end=0.012, beta_schedule="scaled_linear", num_train_timesteps=1000)
CONFIGS = {
    "sd15": BASE | dict(prediction_type="epsilon", steps_offset=1, set_alpha_to_one=False, clip_sample=False),
    "sd21-v": BASE | dict(prediction_type="v_prediction", steps_offset=1, set_alpha_to_one=False, clip_sample=False),
    "leading": BASE | dict(prediction_type="epsilon", steps_offset=1, clip_sample=False, timestep_spacing="leading"),
    "linspace": BASE | dict(prediction_type="epsilon", clip_sample=False, timestep_spacing="linspace"),
    "turbo": BASE | dict(prediction_type="epsilon", clip_sample=False, timestep_spacing="trailing"),
    "zero-snr": BASE | dict(prediction_type="v_prediction", clip_sample=False, timestep_spacing="trailing",
                            rescale_betas_zero_snr=True),
    "clipped": BASE | dict(prediction_type="v_prediction", clip_sample=True, clip_sample_range=0.8),
    "cosine": BASE | dict(prediction_type="v_prediction", clip_sample=False, beta_schedule="squaredcos_cap_v2"),
    "linear": BASE | dict(prediction_type="sample", clip_sample=False, beta_schedule="linear"),
}
SAMPLERS = {
    "DDIM": ("DDIMScheduler", {}),
    "Euler": ("EulerDiscreteScheduler", {}),
    "Euler Karras": ("EulerDiscreteScheduler", {"use_karras_sigmas": True}),
    "Euler a": ("EulerAncestralDiscreteScheduler", {}),
    "DPM++ 2M": ("DPMSolverMultistepScheduler", {}),
    "DPM++ 2M Karras": ("DPMSolverMultistepScheduler", {"use_karras_sigmas": True}),
    "LCM": ("LCMScheduler", {}),
}


def draw(block):
    """Stands for noise: block n of the stream."""
    return torch.tensor(np.sqrt(2) * np.sin(12.9898 * np.arange(1, SIZE + 1) + 78.233 * (block + 1)), dtype=torch.float32)


def unet(sample, timestep):
    return 0.8 * torch.sin(1.3 * sample + 0.01 * float(timestep)) + 0.1 * sample


def patch_noise(scheduler):
    module = importlib.import_module(type(scheduler).__module__)
    blocks = iter(range(1, 1000))
    if hasattr(module, "randn_tensor"):
        module.randn_tensor = lambda *args, **kwargs: draw(next(blocks))


def run(name, config, steps, strength=1.0):
    cls, extra = SAMPLERS[name]
    allowed = getattr(diffusers, cls)
    scheduler = allowed.from_config(CONFIGS[config] | extra)
    scheduler.set_timesteps(steps)
    patch_noise(scheduler)
    first = steps - min(int(steps * strength), steps)
    timesteps = scheduler.timesteps[first:]
    if hasattr(scheduler, "set_begin_index"):
        scheduler.set_begin_index(first)  # else equal timesteps of a Karras schedule are taken for one another
    if strength < 1:
        latents = torch.cos(torch.arange(SIZE, dtype=torch.float32))
        sample = scheduler.add_noise(latents[None], draw(0)[None], timesteps[:1])[0]
    else:
        sample = draw(0) * scheduler.init_noise_sigma
    trajectory = []
    for t in timesteps:
        shown = scheduler.scale_model_input(sample, t)
        trajectory.append(shown)
        sample = scheduler.step(unet(shown, t), t, sample).prev_sample
    trajectory.append(sample)
    result = {"sampler": name, "config": config, "steps": steps, "strength": strength,
              "timesteps": [float(t) for t in timesteps],
              "trajectory": [[round(float(v), 7) for v in s] for s in trajectory]}
    if hasattr(scheduler, "sigmas"):
        result["sigmas"] = [float(s) for s in scheduler.sigmas[first:]]
    return result


def main():
    cases = []
    for config in ["sd15", "sd21-v", "leading", "linspace", "turbo", "zero-snr", "clipped", "cosine", "linear"]:
        for name in SAMPLERS:
            if name == "Euler a" and config == "linear":
                continue  # diffusers' one does not take models that predict the sample
            if config == "cosine" and ("Euler" in name or "Karras" in name):
                continue  # ratios of 20,000 leave diffusers, in single precision, less than four digits
            if name == "LCM" and config == "clipped":
                continue  # clipping is DDIM's here
            cases.append(run(name, config, 20))
    for config in ["sd15", "zero-snr"]:
        for name in SAMPLERS:
            cases.append(run(name, config, 20, 0.5))
    for steps in [1, 4, 7, 16, 30]:
        for name, config in [("Euler", "turbo"), ("DPM++ 2M", "zero-snr"), ("DDIM", "zero-snr"), ("LCM", "sd15")]:
            cases.append(run(name, config, steps))
    text = json.dumps({"diffusers": diffusers.__version__, "torch": torch.__version__, "configs": CONFIGS, "cases": cases})
    print(text.replace('{"sampler"', '\n{"sampler"'))


main()
