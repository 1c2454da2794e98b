"""Writes the model folder: ONNX files (fp16 weights, fp32 inputs, outputs and arithmetic), configs and tokenizer."""
import argparse
import datetime
import json
import os
import pathlib
import shutil
import tempfile

import numpy as np
import onnx
import onnxruntime
import torch
from onnx import TensorProto, helper, numpy_helper
from tokenizers import Tokenizer

import captions
import common
import model
import train_decoder
import train_unet
import train_vae

MODEL_INDEX = {
    "_class_name": "OnnxStableDiffusionPipeline", "_diffusers_version": "0.30.0", "feature_extractor": [None, None], "requires_safety_checker": False,
    "safety_checker": [None, None], "scheduler": ["diffusers", "DDIMScheduler"], "text_encoder": ["diffusers", "OnnxRuntimeModel"],
    "tokenizer": ["transformers", "PreTrainedTokenizerFast"], "unet": ["diffusers", "OnnxRuntimeModel"],
    "vae_decoder": ["diffusers", "OnnxRuntimeModel"], "vae_encoder": ["diffusers", "OnnxRuntimeModel"]}

SCHEDULER = {
    "_class_name": "DDIMScheduler", "_diffusers_version": "0.30.0", "num_train_timesteps": 1000, "beta_start": 0.00085, "beta_end": 0.012,
    "beta_schedule": "scaled_linear", "trained_betas": None, "prediction_type": "v_prediction", "rescale_betas_zero_snr": True,
    "timestep_spacing": "trailing", "clip_sample": False, "clip_sample_range": 1.0, "set_alpha_to_one": True, "steps_offset": 0,
    "thresholding": False, "dynamic_thresholding_ratio": 0.995, "sample_max_value": 1.0}

UNET = {
    "_class_name": "UNet2DConditionModel", "_diffusers_version": "0.30.0", "sample_size": 16, "in_channels": model.LATENT_CHANNELS,
    "out_channels": model.LATENT_CHANNELS, "cross_attention_dim": model.TEXT_WIDTH, "block_out_channels": [96, 192], "layers_per_block": 2,
    "time_cond_proj_dim": None, "center_input_sample": False}

VAE = {
    "_class_name": "AutoencoderKL", "_diffusers_version": "0.30.0", "in_channels": 3, "out_channels": 3, "latent_channels": model.LATENT_CHANNELS,
    "block_out_channels": [32, 64, 96, 128, 160], "layers_per_block": 2, "sample_size": 256, "scaling_factor": 1.0, "shift_factor": None,
    "encoder_output": "latent_sample: the mean, deterministic, already of unit variance per channel"}


def text_config(words):
    return {"model_type": "planograph_words", "architectures": ["PlanographTextEncoder"], "hidden_size": model.TEXT_WIDTH, "vocab_size": words,
            "max_position_embeddings": model.TEXT_LENGTH, "num_hidden_layers": 2, "num_attention_heads": model.TEXT_WIDTH // 32,
            "pad_token_id": captions.PAD, "bos_token_id": captions.BOS, "eos_token_id": captions.EOS}


def tokenizer_json(words):
    """A WordPiece tokenizer without pieces: it knows whole words, all others become <unk>."""
    special = [{"id": i, "content": w, "single_word": False, "lstrip": False, "rstrip": False, "normalized": False, "special": True}
               for i, w in enumerate(captions.SPECIAL)]
    token = lambda i: {"SpecialToken": {"id": captions.SPECIAL[i], "type_id": 0}}
    entry = lambda i: {"id": captions.SPECIAL[i], "ids": [i], "tokens": [captions.SPECIAL[i]]}
    return {
        "version": "1.0",
        "truncation": {"direction": "Right", "max_length": model.TEXT_LENGTH, "strategy": "LongestFirst", "stride": 0},
        "padding": {"strategy": {"Fixed": model.TEXT_LENGTH}, "direction": "Right", "pad_to_multiple_of": None, "pad_id": captions.PAD,
                    "pad_type_id": 0, "pad_token": captions.SPECIAL[captions.PAD]},
        "added_tokens": special,
        "normalizer": {"type": "Lowercase"},
        "pre_tokenizer": {"type": "Split", "pattern": {"Regex": "[^a-z]+"}, "behavior": "Removed", "invert": False},
        "post_processor": {"type": "TemplateProcessing", "single": [token(captions.BOS), {"Sequence": {"id": "A", "type_id": 0}}, token(captions.EOS)],
                           "pair": [token(captions.BOS), {"Sequence": {"id": "A", "type_id": 0}}, {"Sequence": {"id": "B", "type_id": 0}}, token(captions.EOS)],
                           "special_tokens": {captions.SPECIAL[i]: entry(i) for i in (captions.BOS, captions.EOS)}},
        "decoder": None,
        "model": {"type": "WordPiece", "unk_token": captions.SPECIAL[captions.UNKNOWN], "continuing_subword_prefix": "##",
                  "max_input_chars_per_word": 100, "vocab": {w: i for i, w in enumerate(words)}}}


def tokenizer_config(words):
    names = dict(zip(("pad_token", "bos_token", "eos_token", "unk_token"), captions.SPECIAL))
    return {"tokenizer_class": "PreTrainedTokenizerFast", "model_max_length": model.TEXT_LENGTH, "padding_side": "right", **names}


def halve(path):
    """Stores the fp32 weights as fp16 with a Cast each, which runtimes fold when they load the file."""
    graph_model = onnx.load(path)
    graph = graph_model.graph
    casts = []
    for weight in list(graph.initializer):
        if weight.data_type == TensorProto.FLOAT and np.prod(weight.dims) >= 32:
            values = numpy_helper.to_array(weight)
            graph.initializer.remove(weight)
            graph.initializer.append(numpy_helper.from_array(values.astype(np.float16), weight.name + "_half"))
            casts.append(helper.make_node("Cast", [weight.name + "_half"], [weight.name], to=TensorProto.FLOAT))
    rest = list(graph.node)
    del graph.node[:]
    graph.node.extend(casts + rest)
    onnx.checker.check_model(graph_model, full_check=True)
    onnx.save(graph_model, path)


def write_onnx(folder, module, inputs, names, output, axes):
    """Exports, halves, and compares onnxruntime with torch on the example inputs; returns the largest difference."""
    folder.mkdir(parents=True)
    path = folder / "model.onnx"
    module = module.eval()
    torch.onnx.export(module, inputs, str(path), input_names=names, output_names=[output], dynamic_axes=axes, opset_version=17, dynamo=False,
                      do_constant_folding=False)
    halve(path)
    session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    found = session.run(None, {n: i.numpy() for n, i in zip(names, inputs)})[0]
    with torch.no_grad():
        expected = module(*inputs).numpy()
    return float(np.abs(found - expected).max())


def write_json(path, value):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(value, indent=2) + "\n")


def build(folder, painter, vae, words):
    """The whole model folder, except vocabulary, card and samples."""
    batch_hw = lambda c: {0: "batch", 2: "height", 3: "width"}
    torch.manual_seed(0)
    sample, ids = torch.randn(2, model.LATENT_CHANNELS, 16, 16), torch.randint(0, len(words), (2, model.TEXT_LENGTH), dtype=torch.int32)
    text = torch.randn(2, model.TEXT_LENGTH, model.TEXT_WIDTH)
    picture = torch.rand(2, 3, 256, 256) * 2 - 1
    parts = {
        "text_encoder": (painter.text, (ids,), ["input_ids"], "last_hidden_state",
                         {"input_ids": {0: "batch", 1: "tokens"}, "last_hidden_state": {0: "batch", 1: "tokens"}}),
        "unet": (painter.unet, (sample, torch.tensor([500.0, 3.0]), text), ["sample", "timestep", "encoder_hidden_states"], "out_sample",
                 {"sample": batch_hw(0), "timestep": {0: "steps"}, "encoder_hidden_states": {0: "batch", 1: "tokens"}, "out_sample": batch_hw(0)}),
        "vae_encoder": (vae.encoder, (picture,), ["sample"], "latent_sample", {"sample": batch_hw(0), "latent_sample": batch_hw(0)}),
        "vae_decoder": (vae.decoder, (sample,), ["latent_sample"], "sample", {"latent_sample": batch_hw(0), "sample": batch_hw(0)})}
    for name, (module, inputs, names, output, axes) in parts.items():
        print(f"{name}: largest difference to torch {write_onnx(folder / name, module, inputs, names, output, axes):.4f}")
    write_json(folder / "text_encoder" / "config.json", text_config(len(words)))
    write_json(folder / "unet" / "config.json", UNET)
    write_json(folder / "vae_encoder" / "config.json", VAE)
    write_json(folder / "vae_decoder" / "config.json", VAE)
    write_json(folder / "scheduler" / "scheduler_config.json", SCHEDULER)
    write_json(folder / "tokenizer" / "tokenizer.json", tokenizer_json(words))
    write_json(folder / "tokenizer" / "tokenizer_config.json", tokenizer_config(words))
    check_tokenizer(folder / "tokenizer" / "tokenizer.json", words)
    write_json(folder / "model_index.json", MODEL_INDEX | {"planograph": {
        "name": "Demo model (256 px)", "version": datetime.date.today().isoformat(), "width": 256, "height": 256, "steps": 20, "cfg_scale": 3.0}})


def check_tokenizer(path, words):
    tokenizer, ids = Tokenizer.from_file(str(path)), {w: i for i, w in enumerate(words)}
    for text in ("", "A RED house, snow-white zeppelin!", "the cat's 3 stars at night " * 9):
        assert tokenizer.encode(text).ids == captions.encode(text, ids), text


def replace_folder(new, shipped):
    """Moves each part of `new` into `shipped`, one rename per file."""
    for source in sorted(p for p in new.rglob("*") if p.is_file()):
        target = shipped / source.relative_to(new)
        target.parent.mkdir(parents=True, exist_ok=True)
        os.replace(source, target)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--out", type=pathlib.Path, default=common.SHIPPED)
    parser.add_argument("--untrained", action="store_true", help="random weights, for building against the layout")
    args = parser.parse_args()

    words = captions.token_list(common.SHIPPED / "tokenizer" / "tokenizer.json")
    vae = train_vae.Vae()
    if not args.untrained:
        painter_state = torch.load(train_unet.CHECKPOINT, map_location="cpu", weights_only=False)
        words = painter_state["words"]
        common.load_weights(vae, train_decoder.CHECKPOINT, train_vae.CHECKPOINT)
    painter = train_unet.Painter(len(words))
    if args.untrained:
        torch.nn.init.normal_(painter.unet.leave.weight, std=0.02)
    else:
        painter.load_state_dict(painter_state["average"])

    args.out.mkdir(parents=True, exist_ok=True)
    temporary = pathlib.Path(tempfile.mkdtemp(dir=args.out, prefix=".new-"))
    try:
        build(temporary, painter, vae, words)
        replace_folder(temporary, args.out)
    finally:
        shutil.rmtree(temporary)
    total = sum(p.stat().st_size for p in args.out.rglob("*") if p.is_file())
    print(f"{args.out}: {total / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
