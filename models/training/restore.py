"""Rebuilds checkpoints from the shipped ONNX files (fp16 weights, no optimizer state), to continue training when the work folder is lost."""
import numpy as np
import onnx
import torch
from onnx import numpy_helper

import captions
import common
import train_unet
import train_vae


def weights(part, prefix):
    """The initializers of one ONNX file under their torch names."""
    graph = onnx.load(common.SHIPPED / part / "model.onnx").graph
    return {prefix + w.name.removesuffix("_half"): torch.from_numpy(numpy_helper.to_array(w).astype(np.float32)) for w in graph.initializer}


def fill(module, found):
    """Loads `found`; the encoder's BatchNorm was folded into the convolution before it and starts again as identity."""
    missing, _ = module.load_state_dict(found, strict=False)
    lost = [name for name in missing if ".norm.running" not in name and "num_batches" not in name]
    assert not lost, f"not in the ONNX files: {lost}"
    return module.state_dict()


def main():
    words = captions.token_list(common.SHIPPED / "tokenizer" / "tokenizer.json")
    count = len(weights("text_encoder", "")["words.weight"])
    vae = fill(train_vae.Vae(), weights("vae_encoder", "encoder.") | weights("vae_decoder", "decoder."))
    painter = fill(train_unet.Painter(count), weights("text_encoder", "text.") | weights("unet", "unet."))
    for path, state in ((train_vae.CHECKPOINT, vae), (train_unet.CHECKPOINT, painter)):
        if path.exists():
            print(f"{path} exists and is kept")
            continue
        common.save(path, {"model": state, "average": state, "words": words[:count], "step": 1000, "seconds": 0.0})
        print(f"wrote {path}")


if __name__ == "__main__":
    main()
