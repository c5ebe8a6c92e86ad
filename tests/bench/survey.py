"""Makes up a survey campaign: schools of every size in municipalities, answers that came in time and late.

One seed, one campaign. Many schools are villages, where a grade is a handful of pupils and there is one
psychologist or none; some schools did not take part at all; now and then everybody asked answers.
"""

import numpy as np
import polars as pl

AUDIENCES = (  # audience, grade, who is asked: at least, at most in a village, at most in a town
    ("teacher", None, 3, 15, 70),
    ("parent", None, 0, 40, 300),
    ("psychologist", None, 0, 2, 4),
    ("pupil", 6, 1, 15, 120),
    ("pupil", 9, 1, 15, 120),
)
OPTIONS = ("option_1", "option_2", "option_3", "option_4")
COUNTS = {**dict.fromkeys(OPTIONS, "respondents"), "yes": "asked"}
LATE = 0.08  # of the answers come after the first publication, about half of them after the second


def schools(count: int, seed: int = 1) -> pl.DataFrame:
    """Make up schools with their places and settlements; municipalities and regions are of unequal size."""
    random = np.random.default_rng(seed)
    municipalities = max(count // 12, 2)
    where = random.choice(municipalities, count, p=random.dirichlet(np.full(municipalities, 0.9)))
    rural = random.random(count) < random.uniform(0.1, 0.9, municipalities)[where]
    return pl.DataFrame(
        {
            "school": [f"s{number:05}" for number in range(count)],
            "municipality": [f"m{number:04}" for number in where],
            "region": [f"r{number % max(municipalities // 8, 1):02}" for number in where],
            "settlement": np.where(rural, "rural", "urban"),
        }
    )


def campaign(places: pl.DataFrame, seed: int = 1) -> pl.DataFrame:
    """Make up who answered what, a row for each group and wave: what ``published`` is given."""
    random = np.random.default_rng(seed)
    parts = [_audience(places, random, *one) for one in AUDIENCES]
    return pl.concat(parts).sample(fraction=1.0, shuffle=True, seed=seed)


def _audience(
    places: pl.DataFrame, random: np.random.Generator, audience: str, grade: int | None, *size: int
) -> pl.DataFrame:
    """Make up the answers of one audience: a score, an option, whether a question was asked."""
    count, rural = len(places), (places["settlement"] == "rural").to_numpy()
    invited = random.integers(size[0], np.where(rural, size[1], size[2]) + 1)
    rate = random.beta(3, 1.5, count) * (random.random(count) > 0.07)
    rate[random.random(count) < 0.12] = 1.0
    answered = random.binomial(invited, rate)
    late = random.binomial(answered, LATE)
    last = random.binomial(late, 0.5)
    waves = (answered - late, late - last, last)
    level = random.normal(45, 12, count)
    made = [_wave(places, random, n, level, wave) for wave, n in enumerate(waves)]
    asked = pl.DataFrame({"school": places["school"], "invited": invited})
    whole = pl.concat(made).join(asked, on="school")
    return whole.with_columns(audience=pl.lit(audience), grade=pl.lit(grade, pl.Int32))


def _wave(places: pl.DataFrame, random: np.random.Generator, n, level, wave: int) -> pl.DataFrame:
    school = np.repeat(np.arange(len(n)), n)
    scores = np.clip(random.normal(level[school], 18), 0, 100)
    option = random.choice(4, len(school), p=[0.1, 0.4, 0.35, 0.15])
    asked = random.random(len(school)) < 0.4

    def total(weights):
        return np.bincount(school, weights=weights, minlength=len(n))

    columns = {name: total(option == place).astype(int) for place, name in enumerate(OPTIONS)}
    columns |= {"asked": total(asked).astype(int), "yes": total(asked & (option < 2)).astype(int)}
    score = np.divide(total(scores), n, out=np.zeros(len(n)), where=n > 0)
    made = places.select("school", "municipality", "region").with_columns(
        respondents=n,
        wave=pl.lit(wave, pl.Int32),
        score=score,
        **{k: pl.Series(v) for k, v in columns.items()},
    )
    return made if wave == 0 else made.filter(pl.col("respondents") > 0)
