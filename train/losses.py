"""What the network is asked to get right, as one number per document and task."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional

from dragoman.read.labels import ARCS, LAYERS
from train.heads import Reader

NEVER = -1e4


def pooled(scores: Tensor, group: Tensor, n_groups: int) -> Tensor:
    """Soft maximum of the scores of each group, float32 (n_groups,)."""
    highest = torch.full((n_groups,), NEVER).scatter_reduce(0, group, scores.detach(), "amax")
    total = torch.zeros(n_groups).index_add(0, group, torch.exp(scores - highest[group]))
    return highest + torch.log(total)


def tag_loss(scores: Tensor, tags: Tensor, taught: Tensor | None = None) -> Tensor:
    """Cross entropy of the tags, or of their chances, summed over taught layers, mean over pieces."""
    truth = tags.reshape(-1, 3) if tags.is_floating_point() else tags.reshape(-1)
    losses = functional.cross_entropy(scores.reshape(-1, 3), truth, reduction="none")
    by_layer = losses.view(-1, len(LAYERS))
    return (by_layer if taught is None else by_layer * taught).sum(1).mean()


def same_loss(scores: Tensor, put: dict[str, Tensor]) -> Tensor:
    """Marginal likelihood of an antecedent (Lee et al. 2017), mean over spans that have a candidate."""
    back = put["same_back"]
    left = put["same_left"][back]
    if not len(left):
        return torch.zeros(())
    values, truth = scores[back, 0], put["same_truth"][back]
    n = int(put["same_left"].max()) + 1
    everything = torch.cat([torch.zeros(n), values])
    group = torch.cat([torch.arange(n), left])
    total = pooled(everything, group, n)
    has = torch.zeros(n, dtype=torch.bool).index_fill(0, left[truth], True)
    right = torch.cat(
        [torch.where(has, torch.tensor(NEVER), torch.tensor(0.0)), torch.where(truth, values, NEVER)]
    )
    gold = pooled(right, group, n)
    seen = torch.unique(left)
    member = functional.binary_cross_entropy_with_logits(scores[:, 1], put["member_truth"], reduction="sum")
    return ((total - gold)[seen].sum() + 0.5 * member) / max(1, len(seen))


def arc_loss(scores: Tensor, put: dict[str, Tensor]) -> tuple[Tensor, Tensor]:
    """Binary cross entropy of every (thing, arc, thing), per anchor; and of the part taken in an event."""
    truth, arc, group = put["group_truth"], put["group_arc"], put["cell_group"]
    if not len(truth):
        return torch.zeros(()), torch.zeros(())
    values = scores[put["cell_row"], arc[group]]
    found = pooled(values, group, len(truth))
    losses = functional.binary_cross_entropy_with_logits(found, truth, reduction="sum")
    n_anchors = max(1, len(torch.unique(put["arc_left"])))
    known = put["group_part"] >= 0
    part = torch.zeros(())
    if known.any():
        wide = scores[put["cell_row"], len(ARCS) :]
        best = torch.full((len(truth),), NEVER).scatter_reduce(0, group, values.detach(), "amax")
        top = values.detach() >= best[group]
        cells = torch.zeros(len(truth), wide.shape[1]).index_add(0, group[top], wide[top])
        part = functional.cross_entropy(cells[known], put["group_part"][known], reduction="sum") / n_anchors
    return losses / n_anchors, part


def class_loss(model: Reader, spans: Tensor, put: dict[str, Tensor]) -> Tensor:
    """Cross entropy of kinds, statuses, modes and flags, mean over the spans that have one."""
    total = torch.zeros(())
    for name in ("kind", "status", "claim", "mode"):
        known = put[name] >= 0
        if known.any():
            total = total + functional.cross_entropy(model.classes[name](spans[known]), put[name][known])
    known = put["flags"][:, 0] >= 0
    if known.any():
        scores = model.classes["flags"](spans[known])
        total = total + functional.binary_cross_entropy_with_logits(scores, put["flags"][known])
    return total
