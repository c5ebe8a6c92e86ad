"""The rule, read off the flat tables school by school in plain Python: slow, and easy to believe."""

from fractions import Fraction

from opora.methodology.edition import Edition
from opora.methodology.rule import AllOf, AnyOf, Counted, Failed, Measure, Not, Rank, Same


def meets(left, comparison, right) -> bool:
    return {
        "above": left > right,
        "at least": left >= right,
        "below": left < right,
        "at most": left <= right,
    }[comparison]


class Naive:
    """Evaluates an edition's lists over rows that are plain dictionaries."""

    def __init__(self, edition: Edition, outcomes: list[dict], facts: list[dict], years: list[int]):
        self.edition, self.settled = edition, edition.settle()
        self.years = sorted(years)
        self.rows = [{**r, "of": "low results"} for r in outcomes] + [{**f, "of": "fact"} for f in facts]
        self.schools = sorted({row["school"] for row in self.rows})

    def taken(self, row: dict, measure: Measure) -> bool:
        if (row["of"] == "low results") != (measure.of == "low results") or row["year"] not in self.years:
            return False
        return all("any" in values or str(row[key]) in values for key, values in measure.where)

    def counted(self, row: dict, measure: Measure) -> bool:
        if not self.taken(row, measure):
            return False
        if row["of"] == "fact":
            return measure.of == "value" or row["letter"] in measure.order
        parameter = measure.minimum or self.edition.minimum.takers
        fewest = int(self.settled[parameter].number) if parameter else 1
        return row["takers"] >= max(fewest, 1)

    def failed(self, row: dict, measure: Measure) -> bool:
        if not self.counted(row, measure) or not measure.threshold:
            return False
        standing = self.settled[measure.threshold]
        if measure.of == "value":
            return meets(Fraction(str(row["value"])), standing.comparison, Fraction(standing.number))
        if measure.of == "letter":
            order = measure.order
            return meets(order.index(row["letter"]), standing.comparison, order.index(standing.value))
        share = (
            Fraction(str(row["percent"])) / 100 if row["low"] is None else Fraction(row["low"], row["takers"])
        )
        return meets(share, standing.comparison, Fraction(standing.number))

    def count_meets(self, count: int, parameter: str) -> bool:
        return meets(count, self.settled[parameter].comparison, int(self.settled[parameter].number))

    def last(self, parameter: str) -> list[int]:
        return self.years[-int(self.settled[parameter].number) :] if parameter else self.years

    def needed(self, parameter: str, years: list[int]) -> int:
        return len(years) if parameter == "every" else int(self.settled[parameter].number)

    def measures(self, names) -> list[Measure]:
        return [self.edition.measures[name] for name in names]

    def true(self, node, school) -> bool:
        if isinstance(node, AllOf):
            return all(self.true(part, school) for part in node.parts)
        if isinstance(node, AnyOf):
            return any(self.true(part, school) for part in node.parts)
        if isinstance(node, Not):
            return not self.true(node.part, school)
        if isinstance(node, Rank):
            return school in self.ranked(node)
        years = self.last(node.last)
        test = self.counted if isinstance(node, Counted) else self.failed
        rows = [
            row
            for row in self.rows
            if row["school"] == school
            and row["year"] in years
            and any(test(row, measure) for measure in self.measures(node.measures))
        ]
        if isinstance(node, Same):
            return self.same(node, rows, years)
        if isinstance(node, Failed) and node.in_years:
            met = [self.count_meets(sum(r["year"] == year for r in rows), node.count) for year in years]
            return sum(met) >= self.needed(node.in_years, years)
        return self.count_meets(len(rows), node.count)

    def same(self, node: Same, rows: list[dict], years: list[int]) -> bool:
        seen: dict[tuple, set[int]] = {}
        for row in rows:
            keys = node.by if row["of"] == "low results" else ("indicator", "category")
            seen.setdefault((row["of"], *(row[key] for key in keys)), set()).add(row["year"])
        count = sum(len(each) >= self.needed(node.in_years, years) for each in seen.values())
        return self.count_meets(count, node.count) if node.count else count >= 1

    def ranked(self, node: Rank) -> set[str]:
        """Rank all schools by their pooled share, worst (or best) first."""
        (measure,) = self.measures([node.measure])
        years, shares = self.last(node.last), {}
        for school in self.schools:
            mine = [
                row
                for row in self.rows
                if row["school"] == school and row["year"] in years and self.counted(row, measure)
            ]
            if mine:
                shares[school] = Fraction(sum(r["low"] for r in mine), sum(r["takers"] for r in mine))
        best_first = sorted(shares, key=lambda s: shares[s], reverse=node.kind != "best")
        exact = Fraction(self.settled[node.number].number) * len(best_first) / 100
        rounded = {"down": exact // 1, "up": -(-exact // 1), "half up": (exact + Fraction(1, 2)) // 1}
        place = int(rounded[node.rounding])
        if place == 0:
            return set()
        cut = shares[best_first[place - 1]]
        tied_past = len(best_first) > place and shares[best_first[place]] == cut
        sign = -1 if node.kind == "best" else 1
        if node.ties == "strict" or (node.ties == "none" and tied_past):
            return {s for s in shares if sign * shares[s] > sign * cut}
        return {s for s in shares if sign * shares[s] >= sign * cut}

    def listed(self, of: str) -> set[str]:
        named = self.edition.lists[of]
        measures = self.measures(named.measures)
        judgeable = {r["school"] for r in self.rows if any(self.counted(r, m) for m in measures)}
        return {school for school in judgeable if self.true(named.rule, school)}
