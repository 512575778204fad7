"""Uses PyTorch in float64 and a loop."""

READS, SEEDS = (2, 8, 32), (0, 1, 2, 3, 4)


def paired_interval(a, b):
    d = torch.tensor(a, dtype=torch.float64) - torch.tensor(b, dtype=torch.float64)
    half = 2 * d.std().item() / len(d) ** 0.5
    return d.mean().item() - half, d.mean().item() + half


def study(unexplained):
    answer = {"intervals": {}, "ends": None}
    for reads in READS:
        a = [unexplained("small dense", reads, seed) for seed in SEEDS]
        b = [unexplained("RigL", reads, seed) for seed in SEEDS]
        answer["intervals"][reads] = paired_interval(a, b)
        if answer["intervals"][reads][0] <= 0 and answer["ends"] is None:
            answer["ends"] = reads
    return answer
