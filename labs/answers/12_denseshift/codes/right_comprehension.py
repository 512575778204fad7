"""Lets Python make the lists."""

free_3 = sorted(s * 2**S for s in (-1, 1) for S in range(4))
zero_3 = sorted({s * q for s in (-1, 1) for q in (0, 1, 2, 4)})
latents_3 = 1 + 3
mean_square_2 = (1 + 4) / 2
