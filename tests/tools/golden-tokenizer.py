"""Token ids of transformers' CLIPTokenizer for tests/golden/embedded/clip-ids.json.

    pip install transformers
    npx tsx tests/tools/random-model.ts /tmp/sd15 sd15
    python tests/tools/golden-tokenizer.py /tmp/sd15/tokenizer > tests/golden/embedded/clip-ids.json
"""
import json
import sys

import transformers

TEXTS = [
    "", "the cat", "The CAT and the house, red!", "a red house being red", "  many   spaces\n and\tlines ", "don't we'll it's",
    "1999 houses at 4:30", "naïve café – ÉCOLE", "日本の猫", "cat😀cat", "(red:1.2) [house]", "a,b,c...d", "<|endoftext|> cat",
    "cat's cats' hou se", "e\u0301", "under_score-dash",
]
tokenizer = transformers.CLIPTokenizer.from_pretrained(sys.argv[1])
rows = [{"text": text, "ids": tokenizer(text, add_special_tokens=False).input_ids} for text in TEXTS]
print(json.dumps(rows, ensure_ascii=True).replace('{"text"', '\n{"text"'))
