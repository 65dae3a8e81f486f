"""Splink on the lists of persons that `eval.resolve` is measured on; writes `eval/rival.json`.

usage: python eval/rival.py    needs `pip install splink`, in an environment of its own
Splink 5 with DuckDB, as its tutorial for people sets it up: Jaro-Winkler on both names with adjustment for
how common a name is, Jaccard of the description, rules trained by expectation maximisation, clusters at the
threshold that is best afterwards, which flatters it.
"""

from __future__ import annotations

import json
import time
from collections import Counter
from pathlib import Path

import pandas
import splink.comparison_library as compare
from splink import DuckDBAPI, Linker, SettingsCreator, block_on

ROOT = Path(__file__).parent.parent
FRUS = ROOT.parent / "shared" / "data" / "frus" / "person_resolution_dev.jsonl"
THRESHOLDS = (0.5, 0.8, 0.9, 0.95, 0.99, 0.999)


def count_pairs(groups: Counter[object]) -> int:
    """How many pairs groups of such sizes hold."""
    return sum(n * (n - 1) // 2 for n in groups.values())


def load_rows() -> pandas.DataFrame:
    """Family name, given name, initial and description of each entry."""
    rows = [json.loads(line) for line in FRUS.read_text(encoding="utf-8").splitlines()]
    parts = [row["name"].casefold().partition(",") for row in rows]
    return pandas.DataFrame(
        {
            "unique_id": [row["mention"] for row in rows],
            "person": [row["person"] for row in rows],
            "family": [family.strip() for family, _, _ in parts],
            "given": [given.strip() or None for _, _, given in parts],
            "initial": [given.strip()[:1] or None for _, _, given in parts],
            "description": [row["description"].casefold()[:80] or None for row in rows],
        }
    )


def measure() -> dict[str, object]:
    """The best pairwise F1, its threshold and the seconds of it all."""
    rows = load_rows()
    start = time.perf_counter()
    settings = SettingsCreator(
        link_type="dedupe_only",
        comparisons=[
            compare.JaroWinklerAtThresholds("family", [0.95, 0.9]).configure(term_frequency_adjustments=True),
            compare.JaroWinklerAtThresholds("given", [0.95, 0.85]).configure(term_frequency_adjustments=True),
            compare.JaccardAtThresholds("description", [0.8, 0.6]),
        ],
        blocking_rules_to_generate_predictions=[
            block_on("family"),
            block_on("substr(family,1,4)", "initial"),
        ],
    )
    linker = Linker(DuckDBAPI().register(rows), settings)
    linker.training.estimate_probability_two_random_records_match([block_on("family", "given")], recall=0.8)
    linker.training.estimate_u_using_random_sampling(max_pairs=1e6, seed=1)
    linker.training.estimate_parameters_using_expectation_maximisation(block_on("family"))
    linker.training.estimate_parameters_using_expectation_maximisation(block_on("given"))
    found = linker.inference.predict(threshold_match_probability=THRESHOLDS[0])
    best = max((score(linker, found, rows, limit) for limit in THRESHOLDS), key=lambda row: row["f1"])
    return {**best, "seconds": round(time.perf_counter() - start, 1)}


def score(linker: Linker, found: object, rows: pandas.DataFrame, limit: float) -> dict[str, float]:
    """Pairwise figures of the clusters at a threshold."""
    clusters = linker.clustering.cluster_pairwise_predictions_at_threshold(found, limit).as_pandas_dataframe()
    homes = dict(zip(clusters["unique_id"], clusters["cluster_id"], strict=True))
    gold = dict(zip(rows["unique_id"], rows["person"], strict=True))
    hits = count_pairs(Counter((homes[i], gold[i]) for i in gold))
    precision = hits / count_pairs(Counter(homes.values()))
    recall = hits / count_pairs(Counter(gold.values()))
    both = 2 * precision * recall / (precision + recall)
    return {"p": round(precision, 4), "r": round(recall, 4), "f1": round(both, 4), "threshold": limit}


if __name__ == "__main__":
    figures = measure()
    print(figures)
    (ROOT / "eval" / "rival.json").write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
