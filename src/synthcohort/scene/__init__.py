"""What a population is: the model as data, its files, the catalogue of bundled scenes."""

from synthcohort.scene.description import describe
from synthcohort.scene.loading import load_scene
from synthcohort.scene.model import Scene
from synthcohort.scene.problems import Problem, SceneError, SceneWarning
from synthcohort.scene.schema import json_schema
from synthcohort.scene.serialization import digest, to_dict, to_json, to_toml

__all__ = [
    "Problem",
    "Scene",
    "SceneError",
    "SceneWarning",
    "describe",
    "digest",
    "json_schema",
    "load_scene",
    "to_dict",
    "to_json",
    "to_toml",
]
