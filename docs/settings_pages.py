"""Write what is made from the model of the settings: their table, typed keywords, options.

``python -m docs.settings_pages`` in the repository; a test holds that all are up to date.
"""

from __future__ import annotations

import subprocess
import sys
import textwrap
from pathlib import Path

from pydantic.fields import FieldInfo

from synthcohort.scene.model import Experiment
from synthcohort.scene.run_settings import RunOptions, settings_for, use_of
from synthcohort.scene.setting_words import (
    bounds,
    choices,
    default,
    description,
    flag_of,
    kind,
    python_type,
)

ROOT = Path(__file__).parent.parent
_VERBS = ("run", "cluster")
_FIELDS = RunOptions.model_fields | Experiment.model_fields
_REPEATABLE = {"biomarkers": "str", "preprocessings": "str", "resolutions": "float"}

_TABLE = """# Settings of a run

Made from the model of the settings by `python -m docs.settings_pages`.

In Python each is a keyword of `run` or `cluster`, on the command line an option of that command.
What has a yes in the fourth column can be written into the `[experiment]` of a scene or a settings
file too; a keyword or an option goes before it.

| setting | option | of | in `[experiment]` | what | allowed | default |
| --- | --- | --- | --- | --- | --- | --- |
"""
_KEYWORDS = '''"""Keywords of `run` and `cluster`, for type checkers and editors.

Made from the model of the settings by ``python -m docs.settings_pages``: change that.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Literal, TypedDict
'''
_OPTIONS = '''"""Options of `run` and `cluster`: written out, since the model is slow to load.

Made from the model of the settings by ``python -m docs.settings_pages``: change that.
"""

from __future__ import annotations

from typing import Annotated, Any

import typer

OPTIONS: dict[str, Any] = {
'''


def table() -> str:
    """Return the page with a row for each setting."""
    rows = []
    for name, field in _FIELDS.items():
        option = "`--base`, `-k`" if name == "base" else f"`{flag_of(name, field)}`"
        allowed = choices(field) or f"{kind(field.annotation)} {bounds(field)}".strip()
        own = "yes" if name in Experiment.model_fields else ""
        verbs = ", ".join(use_of(field).verbs)
        cells = [f"`{name}`", option, verbs, own, description(field), allowed, default(field)]
        rows.append(f"| {' | '.join(cells)} |\n")
    return _TABLE + "".join(rows)


def keywords() -> str:
    """Return the module with a class of keywords for each verb."""
    lines = [_KEYWORDS]
    for verb in _VERBS:
        lines.append(f"class {verb.title()}Keywords(TypedDict, total=False):")
        lines.append(f'    """Keywords of `{verb}`; docs/settings.md says what they mean."""\n')
        for name, field in settings_for(verb).items():
            hint = python_type(field.annotation)
            lines.append(f"    {name}: {hint if hint.endswith('None') else f'{hint} | None'}")
    return _formatted("\n".join(lines))


def options() -> str:
    """Return the module with the options of the command line."""
    lines = [_OPTIONS]
    for name, field in _FIELDS.items():
        if name == "base":
            lines.append(_entry("base", "list[str]", ["--base"], "Base clusterer; with -k."))
            about = f"{description(field)} ({_remarks('base', field)})"
            lines.append(_entry("k", "list[int]", ["-k", "--k"], about))
            continue
        about = f"{description(field)} ({_remarks(name, field)})"
        lines.append(_entry(name, _option_type(name, field), [_switch(name, field)], about))
    lines.append("}\n\nOPTIONS_OF: dict[str, list[str]] = {")
    for verb in _VERBS:
        names = [n for name in settings_for(verb) for n in _options_of(name)]
        lines.append(f"    {verb!r}: {names!r},")
    return _formatted("\n".join([*lines, "}\n"]))


def _options_of(name: str) -> list[str]:
    return ["base", "k"] if name == "base" else [name]


def _entry(name: str, kind_: str, flags: list[str], about: str) -> str:
    flags_ = ", ".join(map(repr, flags))
    text = "\n".join(repr(line + " ") for line in textwrap.wrap(about, 75))
    text = text[::-1].replace(" ", "", 1)[::-1]
    return f"{name!r}: Annotated[{kind_} | None, typer.Option({flags_}, help=({text}))],"


def _remarks(name: str, field: FieldInfo) -> str:
    found = [choices(field), bounds(field), "several with commas" * (name == "formats")]
    repeatable = name in _REPEATABLE or name == "base"
    found += ["repeatable" * repeatable, f"default: {default(field)}"]
    return "; ".join(one for one in found if one)


def _option_type(name: str, field: FieldInfo) -> str:
    """Type of an option; the model checks what the command line can't."""
    if name in _REPEATABLE:
        return f"list[{_REPEATABLE[name]}]"
    if name == "whiten":
        return "bool"
    hints = python_type(field.annotation).split(" | ")
    return next((one for one in ("bool", "int", "float") if one in hints), "str")


def _switch(name: str, field: FieldInfo) -> str:
    flag = flag_of(name, field)
    # What a scene may say yes to, or is found out, one must be able to say no to.
    both = name in Experiment.model_fields or field.default is not False
    no = both and _option_type(name, field) == "bool"
    return f"{flag}/--no-{flag.removeprefix('--')}" if no else flag


def _formatted(code: str) -> str:
    command = [sys.executable, "-m", "ruff", "format", "--line-length", "100", "-"]
    done = subprocess.run(command, input=code, capture_output=True, text=True, check=True)
    return done.stdout


PAGES = {
    ROOT / "docs" / "settings.md": table,
    ROOT / "src" / "synthcohort" / "runs" / "keywords.py": keywords,
    ROOT / "src" / "synthcohort" / "cli" / "setting_options.py": options,
}

if __name__ == "__main__":
    for path, page in PAGES.items():
        path.write_text(page(), encoding="utf-8")
