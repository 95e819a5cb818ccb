"""Counts what there is to learn from: the table of training/README.md.

.venv/bin/python training/card.py
"""

from __future__ import annotations

import json
import tomllib
from collections import Counter
from pathlib import Path

HERE = Path(__file__).parent


def main() -> None:
    print("| material | reports | claims | words |\n| --- | --- | --- | --- |")
    total = Counter[str]()
    kinds = Counter[str]()
    for path in sorted((HERE / "texts").glob("*.toml")):
        cases = tomllib.loads(path.read_text(encoding="utf-8"))["case"]
        claims = [claim for case in cases for claim in case["claims"]]
        words = sum(len(case["text"].split()) for case in cases)
        print(f"| {path.stem} | {len(cases):,} | {len(claims):,} | {words:,} |")
        total.update(reports=len(cases), claims=len(claims), words=words)
        kinds.update(claim["kind"] for claim in claims)
    print(f"| all texts | {total['reports']:,} | {total['claims']:,} | {total['words']:,} |")
    rows = [json.loads(line) for line in (HERE / "annotated.jsonl").read_text(encoding="utf-8").splitlines()]
    marked = Counter(claim["kind"] for row in rows for claim in row["claims"])
    print(f"| annotated | {len(rows):,} | {marked.total():,} | |")
    for title, counts in (("texts", kinds), ("annotated", marked)):
        print(f"{title}: " + ", ".join(f"{kind} {100 * n / counts.total():.0f} %" for kind, n in counts.most_common()))


if __name__ == "__main__":
    main()
