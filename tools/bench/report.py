"""Writes what was measured as Markdown."""

from plot import milliseconds
from targets import TARGETS, figure_of

CACHE_TEXT = {
    "hot": "Page cache hot",
    "dropped": "Page cache, directory entries and inodes dropped before each "
               "run",
}


def table(head, rows, align):
    lines = [head, align, *rows]
    return ["| " + " | ".join(line) + " |" for line in lines]


def ratio_cell(figure, figures, name):
    for other in figures:
        if other.row.name == name and other.samples:
            return f"{figure.median() / other.median():.2f}"
    return ""


def figures_table(figures):
    """One row a command, with its ratio to each floor and to bfs."""
    against = [name for name in ("stat floor", "stat floor, relative",
                                 "walk floor", "stat floor, -j 2",
                                 "walk floor, -j 2", "bfs", "find")
               if any(f.row.name == name and f.samples for f in figures)]
    if "stat floor" in against and "stat floor, relative" in against:
        against.remove("stat floor, relative")
    head = ["", "median", "min to max", "CPU", "peak memory",
            *(f"/ {name}" for name in against)]
    rows = []
    for figure in figures:
        if figure.failure:
            rows.append([figure.row.name, "failed", *[""] * (len(head) - 2)])
            continue
        rows.append([
            figure.row.name, milliseconds(figure.median()),
            f"{milliseconds(figure.least())} to "
            f"{milliseconds(figure.most())}",
            milliseconds(figure.median("cpu_ms")),
            f"{figure.most('peak_mb'):.1f} MB",
            *(ratio_cell(figure, figures, name) for name in against)])
    return table(head, rows, ["---"] + ["---:"] * (len(head) - 1))


def sizes_table(sizes):
    rows = [[size.name, f"{size.bytes:,}", f"{size.name_bytes:,}",
             f"{size.per_directory():.1f}"] for size in sizes]
    return table(["database of", "bytes", "of them names of files",
                  "other bytes a directory"], rows,
                 ["---", "---:", "---:", "---:"])


def number(figure, unit):
    digits = 1 if unit == "bytes" or figure >= 20 else 2
    return f"{figure:.{digits}f} {unit}"


def targets_table(results):
    """`results`: by scenario's name, its Figures or Sizes by row's name."""
    rows = []
    for target in TARGETS:
        figure = figure_of(target, results)
        if figure is None:
            continue
        rows.append([target.scenario, target.text,
                     number(figure, target.unit),
                     "yes" if target.reached(figure) else "**no**"])
    return table(["scenario", "target", "reached", ""], rows,
                 ["---", "---", "---:", "---"])


def section(outcome):
    scenario = outcome.scenario
    lines = [f"### {scenario.name}", "", f"{sentence(scenario.about)}."]
    if outcome.sizes:
        lines += ["", *sizes_table(outcome.sizes)]
    if outcome.figures:
        lines[-1] += f" {outcome.cache}. {outcome.runs} runs of each."
        lines += ["", *figures_table(outcome.figures)]
    lines.append("")
    notes = [f"- {name}: {note}" for name, note in outcome.notes]
    return [*lines, *notes, ""] if notes else lines


def commands(outcome):
    """The command of each row, with the folder of the bench shortened."""
    return [f"{f.row.name}: {' '.join(map(str, f.row.argv))}"
            for f in outcome.figures]


def sentence(text):
    return text[:1].upper() + text[1:]


def document(outcomes, machine, skipped, shorten, plot_name):
    """The whole page, as text."""
    results = {o.scenario.name: o.by_name() for o in outcomes}
    lines = [
        "# Benchmarks", "",
        "Written by `tools/bench/run`, which measures all of it again. The "
        "programs of a", "scenario run in turn, in another order each round; "
        "output goes to /dev/null.", "Times are wall time of the whole "
        "process; CPU is user and system time of all",
        "threads; memory is the largest of all runs.", "",
        "The *stat floor* only asks for the stamp of every directory, the "
        "*walk floor*", "only opens, stats, lists and closes every one: no "
        "program that does so can be", "faster. (It lists until there is no "
        "more, a call that finder leaves out where the", "file system shows "
        "the end, as ext4 does.) *Relative* is the stat floor with paths",
        "relative to open ancestors.", ""]
    lines += table(["", ""], [[k, v] for k, v in machine], ["---", "---"])
    lines += ["", f"![Medians of every scenario]({plot_name})", "",
              "## Targets", "", *targets_table(results), "", "## Scenarios", ""]
    for outcome in outcomes:
        lines += section(outcome)
    if skipped:
        lines += ["## Skipped", "", *(f"- {why}" for why in skipped), ""]
    lines += ["## Commands", "", "```"]
    for outcome in outcomes:
        if outcome.figures:
            lines += [f"{outcome.scenario.name}:"]
            lines += ["  " + shorten(line) for line in commands(outcome)]
    lines += ["```", ""]
    return "\n".join(lines)
