"""Captions of scenes: varied ones for training, other wording for the test, and the word tokenizer."""
import json
import random
import re

import draw
from model import TEXT_LENGTH

VOCABULARY = draw.VOCABULARY
PAD, BOS, EOS, UNKNOWN = range(4)
SPECIAL = ["<pad>", "<bos>", "<eos>", "<unk>"]


def split(text):
    return re.findall(r"[a-z]+", text.lower())


def vocabulary_words():
    """Every single word of the vocabulary, sorted."""
    words = set(VOCABULARY["other"]) | set(VOCABULARY["plurals"]) | set(VOCABULARY["plurals"].values())
    for kind in ("subjects", "colours", "settings", "times", "styles"):
        for name, entry in VOCABULARY[kind].items():
            for phrase in [name, entry.get("plural", name), *entry["synonyms"]]:
                words |= set(split(phrase))
    return sorted(words)


def token_list(shipped):
    """The words by token id. Words keep the ids they have in a shipped tokenizer.json; new ones are added at the end."""
    if shipped.exists():
        known = json.loads(shipped.read_text())["model"]["vocab"]
        words = sorted(known, key=known.get)
    else:
        words = list(SPECIAL)
    return words + [w for w in vocabulary_words() if w not in words]


def encode(text, ids):
    """Token ids, padded to TEXT_LENGTH: <bos> words <eos> <pad>..."""
    tokens = [ids.get(word, UNKNOWN) if word != "unk" else UNKNOWN for word in split(text)][:TEXT_LENGTH - 2]
    return [BOS, *tokens, EOS] + [PAD] * (TEXT_LENGTH - 2 - len(tokens))


ADJECTIVES = "big large huge great little small tiny old lovely pretty beautiful nice cute charming cosy happy quiet sweet wonderful bright dark deep pale".split()
NOUN = ["{c} {s}", "{c} {s}", "a {c} {s}", "a {c} {s}", "the {c} {s}", "one {c} {s}", "a {a} {c} {s}", "{a} {c} {s}", "a {c} {a} {s}", "a {s} in {c}", "{s} {c}",
        "a {s} painted {c}", "a {s} that is {c}", "a {c} coloured {s}", "a {s} of {c} colour", "the {s} is {c}", "{c} is the {s}", "some {c} {p}", "{c} {p}"]
BARE = ["{s}", "a {s}", "the {s}", "a {a} {s}", "{a} {s}", "{p}"]
PLACE = ["{x}", "{x}", "on a {x}", "on the {x}", "in the {x}", "in a {x}", "by the {x}", "at the {x}", "near the {x}", "above the {x}", "over the {x}", "beside the {x}",
         "with the {x} behind", "{x} in the background", "a {x} landscape", "{x} scene", "standing on the {x}", "sitting in the {x}", "floating over the {x}"]
TIME = ["{x}", "{x}", "at {x}", "at {x}", "in the {x}", "during the {x}", "{x} light", "{x} sky", "under the {x} sky", "it is {x}", "by {x}", "late {x}"]
STYLE = ["{x}", "{x}", "{x} style", "in {x} style", "{x} illustration", "{x} picture", "in a {x} style", "as a {x} drawing", "{x} look", "{x} art"]
LEAD = ["a picture of", "picture of", "an illustration of", "a painting of", "a drawing of", "a postcard of", "please draw", "show me", "a scene with", "an image of"]


def name(kind, value, rng, plain=0.4):
    """The value itself or one of its synonyms."""
    synonyms = VOCABULARY[kind][value]["synonyms"]
    return value if rng.random() < plain else rng.choice(synonyms)


def caption(scene, rng):
    """A random caption for training; one in ten is empty, and any attribute may be left out."""
    if rng.random() < 0.1:
        return ""
    fill = {"c": name("colours", scene.colour, rng), "s": name("subjects", scene.subject, rng, 0.5),
            "p": VOCABULARY["subjects"][scene.subject]["plural"], "a": rng.choice(ADJECTIVES)}
    parts = []
    if rng.random() > 0.02:
        parts.append(rng.choice(NOUN if rng.random() > 0.05 else BARE).format(**fill))
    for kind, value, patterns, left_out in (("settings", scene.setting, PLACE, 0.07), ("times", scene.time, TIME, 0.07), ("styles", scene.style, STYLE, 0.12)):
        if rng.random() > left_out:
            parts.append(rng.choice(patterns).format(x=name(kind, value, rng)))
    if rng.random() < 0.45:
        rng.shuffle(parts)
    if rng.random() < 0.25:
        parts.insert(0, rng.choice(LEAD))
    words = " ".join(parts).split()
    if rng.random() < 0.3:
        for _ in range(rng.randint(1, 4)):
            words.insert(rng.randint(0, len(words)), rng.choice(VOCABULARY["other"]) if rng.random() < 0.8 else "unk")
    return " ".join(words)


# Wording that training never uses: other sentence frames, mostly synonyms, words the tokenizer does not know.
TEST_FRAMES = [
    "I'd love a {c} {s} at {t}, {x} all around, {st} please",
    "{t} over the {x}; a lonely {c} {s} waits there ({st})",
    "Could you make a {st} of my grandmother's {c} {s}? {x}, {t}.",
    "our {s}, which is {c}, somewhere near the {x} when it was {t} - {st}",
    "{st}: {x} + {t} + {s} ({c})",
    "what a wonderful {t}! the {x} looks calm and the {c} {s} too. make it {st}",
    "a {st} print where one {c} {s} rests upon the {x} around {t}",
    "the {x} at {t} with a charming little {s}, coloured {c}, {st} art",
    "{c} {s}, {x}, {t}, {st}, best quality, detailed",
    "once upon a time, at {t}, there was a {c} {s} by the {x}. {st} book page",
]


def test_prompts(count, seed, only_held_out=False):
    """(scene, prompt) pairs in unseen wording; layout fields of the scene mean nothing here."""
    rng = random.Random(seed)
    result = []
    while len(result) < count:
        scene = draw.random_scene(rng, allow_held_out=only_held_out)
        if only_held_out and not draw.held_out(scene.subject, scene.colour):
            continue
        words = {"c": name("colours", scene.colour, rng, 0.3), "s": name("subjects", scene.subject, rng, 0.3), "x": name("settings", scene.setting, rng, 0.3),
                 "t": name("times", scene.time, rng, 0.3), "st": name("styles", scene.style, rng, 0.3)}
        result.append((scene, TEST_FRAMES[len(result) % len(TEST_FRAMES)].format(**words)))
    return result


def plain_prompt(scene):
    return f"a {scene.colour} {scene.subject}, {scene.setting}, {scene.time}, {scene.style} style"
