"""Colours of both themes are told apart by everybody: contrast is computed from the tokens themselves."""

import re

import pytest

THEMES = ("light", "dark")
WORDS = [
    ("ink", "paper"),
    ("ink", "ground"),
    ("ink", "hover"),
    ("ink-2", "paper"),
    ("ink-2", "ground"),
    ("ink-2", "accent-soft"),
    ("ink-3", "paper"),
    ("ink-3", "ground"),
    ("ink-3", "hover"),
    ("accent", "paper"),
    ("accent", "ground"),
    ("accent", "accent-soft"),
    ("accent", "hover"),
    ("accent-strong", "paper"),
    ("on-accent", "accent"),
    ("on-accent", "accent-strong"),
    ("on-bar", "bar"),
    ("on-bar-2", "bar"),
    ("trouble", "paper"),
    ("trouble", "ground"),
    ("trouble", "trouble-soft"),
    ("ink", "trouble-soft"),
    ("attention", "paper"),
    ("attention", "attention-soft"),
    ("ink", "attention-soft"),
    ("well", "paper"),
    ("well", "well-soft"),
    ("ink", "well-soft"),
    ("neutral", "neutral-soft"),
    ("neutral", "paper"),
    ("ink", "neutral-soft"),
    ("paper", "ink"),
    *[(f"on-scale-{step}", f"scale-{step}") for step in range(1, 6)],
]
SHAPES = [
    ("line-strong", "paper"),
    ("focus", "paper"),
    ("focus", "ground"),
    ("bar-mark", "bar"),
    ("scale-4", "paper"),
    ("trouble", "trouble-band"),
]


def themes(css):
    """Read the tokens of each theme; the dark one is written twice, and both must say the same."""
    blocks = {
        "light": re.search(r":root \{\s*color-scheme: light;(.*?)\}", css, re.S)[1],
        "dark": re.search(r":root\[data-theme=\"dark\"\] \{(.*?)\}", css, re.S)[1],
        "preferred": re.search(r"prefers-color-scheme: dark\).*?\{.*?\{(.*?)\}", css, re.S)[1],
    }
    return {name: dict(re.findall(r"--o-([\w-]+): ([^;]+);", block)) for name, block in blocks.items()}


def luminance(colour):
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [value / 12.92 if value <= 0.03928 else ((value + 0.055) / 1.055) ** 2.4 for value in channels]
    return sum(part * weight for part, weight in zip(linear, (0.2126, 0.7152, 0.0722), strict=True))


def contrast(one, other):
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


@pytest.fixture
def tokens(ui_folder):
    return themes((ui_folder / "static/ui/tokens.css").read_text())


def test_contrast_is_computed_as_the_guideline_says():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.01)


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize(("words", "ground"), WORDS)
def test_words_are_readable(theme, words, ground, tokens):
    """Любой текст читается: контраст не ниже 4,5 к 1."""
    assert contrast(tokens[theme][words], tokens[theme][ground]) >= 4.5


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize(("shape", "ground"), SHAPES)
def test_shapes_are_seen(theme, shape, ground, tokens):
    assert contrast(tokens[theme][shape], tokens[theme][ground]) >= 3


@pytest.mark.parametrize("theme", THEMES)
def test_steps_of_the_scale_go_one_way(theme, tokens):
    """Больше — темнее на светлой теме и светлее на тёмной, без возвратов."""
    steps = [luminance(tokens[theme][f"scale-{step}"]) for step in range(1, 6)]
    assert steps == sorted(steps, reverse=theme == "light")


def test_the_dark_theme_says_the_same_where_it_is_chosen_and_where_it_is_preferred(tokens):
    assert tokens["dark"] == tokens["preferred"]


def test_both_themes_name_the_same_tokens(tokens):
    assert tokens["light"].keys() == tokens["dark"].keys()


def test_styles_use_only_tokens_that_exist(ui_folder, tokens):
    everything = "".join(path.read_text() for path in ui_folder.glob("static/ui/*.css"))
    defined = set(re.findall(r"--o-([\w-]+):", everything))
    assert set(re.findall(r"var\(--o-([\w-]+)\)", everything)) <= defined


@pytest.mark.parametrize("name", ["frame", "ui", "pictures"])
def test_colours_are_written_in_tokens_only(name, ui_folder):
    """Цвет пишется один раз, в токенах: иначе тёмная тема забудет его поменять."""
    assert not re.findall(
        r"#[0-9a-fA-F]{3,8}\b(?![^{}]*\{)", (ui_folder / f"static/ui/{name}.css").read_text()
    )
