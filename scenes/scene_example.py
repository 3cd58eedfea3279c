"""The example population as a flat scene: copy it and change the numbers.

A key of ``params`` that is left out takes the value of the catalogue's `haalsi_example`.
"""

SCENE = {
    "name": "scene_example",
    "seed": 42,
    "N": 10_000,
    "regions": ["rural", "mixed", "urban"],
    "region_probs": [0.3, 0.4, 0.3],
    "sexes": ["female", "male"],
    "sex_probs": [0.5, 0.5],
    "X_mu": {"rural": -1.3, "mixed": 0.0, "urban": 1.3},
    "Y_mu": {"rural": 0.6, "mixed": 0.0, "urban": -0.6},
    "X_sd": 0.4,
    "Y_sd": 0.4,
    "params": {},
}
