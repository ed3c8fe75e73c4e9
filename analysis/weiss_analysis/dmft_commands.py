"""The verbs for spectra of weiss-hubbard-dmft: spectra, bands, fermi-surface."""
from dataclasses import dataclass

import numpy as np

from weiss_analysis import files, names, tables
from weiss_analysis.glass_commands import figure_path, opened

COMPARED = ("model.", "lattice.", "algorithm.solver", "algorithm.solution_start", "output.continuation", "output.broadening")


METHODS = {"pade": "Pade", "nevanlinna": "Nevanlinna", "maximum_entropy": "maximum entropy"}


@dataclass
class Spectrum:
    name: str
    value: object  # of the swept key, where that is one number
    frequency: np.ndarray
    parts: np.ndarray  # of both spins or orbitals
    error: np.ndarray
    trusted: bool
    orbitals: bool = False

    def differ(self):
        first, second = self.parts
        return np.max(np.abs(first - second)) > 1e-6 * np.max(first)

    def part_names(self):
        return ("first orbital", "second orbital") if self.orbitals else ("spin up of sublattice A", "spin down of sublattice A")

    def listed(self):
        """What a table shows: one row, or one an orbital; its name and its part."""
        if not (self.orbitals and self.differ()):
            return [(self.name, self.parts[0])]
        return [(", ".join(word for word in (self.name, part) if word), values)
                for part, values in zip(self.part_names(), self.parts)]

    def norm(self, part):
        return np.trapz(part, self.frequency)

    def at_zero(self, part):
        low, high = self.frequency[[0, -1]]
        return np.interp(0.0, self.frequency, part) if low <= 0 <= high else np.nan

    def peaks(self, part):
        """Where the spectrum is largest around, if it is 3 % of its maximum above the valleys beside it."""
        from scipy.signal import find_peaks

        found, _ = find_peaks(part, prominence=0.03 * np.max(part))
        return self.frequency[found]


@dataclass
class Map:
    name: str
    x: np.ndarray
    y: np.ndarray
    value: np.ndarray
    trusted: bool
    corners: list = ()  # (name, where on x)
    band: np.ndarray = None
    lattice: str = ""


def together(arguments, more=()):
    """One file with the tasks of all."""
    file = opened(arguments)
    tasks = list(file.tasks)
    for path in more:
        other = files.where(files.read(path), arguments.where)
        if not other.finished():
            raise files.BadRequest(f"{path}: no task has results yet")
        tasks += other.tasks
    return files.ResultFile(file.path, file.attributes, tasks)


def differing(file):
    return [key for key in file.swept() if key.startswith(COMPARED)]


def task_name(task, keys):
    from weiss_analysis.figures import curve_name

    parts = []
    for key in keys:
        value = task.parameters.get(key)
        if key == "output.continuation":
            parts += [METHODS[value]] if value in METHODS else []
        else:
            parts.append(names.SOLVERS[value] if key == "algorithm.solver" else curve_name(key, value))
    return ", ".join(parts)


def trusted(task):
    result = task.results.get("continuation_trusted")
    return result is None or result.mean == 1


def with_result(file, name, remedy):
    tasks = sorted((task for task in file.finished() if name in task.results), key=tables.natural)
    if not tasks:
        raise files.BadRequest(f"{file.path}: no {name}; {remedy}")
    return tasks


def spectra_of(file):
    keys = differing(file)
    found = []
    for task in with_result(file, "spectral_function", "run with algorithm.solver = exact_diagonalization or output.continuation"):
        result = task.results["spectral_function"]
        value = task.parameters.get(keys[0]) if len(keys) == 1 else None
        found.append(Spectrum(task_name(task, keys), value if isinstance(value, (int, float)) else None,
                              result.axes["frequency"], result.mean, result.error, trusted(task), "orbital" in result.axes))
    if all(each.value is not None for each in found):
        found.sort(key=lambda each: each.value)
    return found


def spectra(arguments):
    from weiss_analysis import dmft_figures

    file = together(arguments, arguments.more)
    found = spectra_of(file)
    print(tables.aligned(["spectrum", "A(0)", "integral", "peaks at", ""],
                         [[name.replace("$", "") or "-", f"{each.at_zero(part):.4f}", f"{each.norm(part):.4f}",
                           ", ".join(f"{w:+.2f}" for w in each.peaks(part)), "" if each.trusted else "not trusted"]
                          for each in found for name, part in each.listed()]))
    path = figure_path(arguments, "spectra")
    dmft_figures.spectra_figure(path, found, names.title(file, without=differing(file)), arguments.overlay)
    print(f"figure: {path}")


def bands(arguments):
    from weiss_analysis import dmft_figures

    file = together(arguments)
    keys, found = differing(file), []
    for task in with_result(file, "spectral_function_of_path", "run with output.path = true"):
        result, corners = task.results["spectral_function_of_path"], task.results["path_corners"]
        words = corners.long_name.split("path ")[1].split(";")[0].split("-")
        found.append(Map(task_name(task, keys), result.axes["path"], result.axes["frequency"], result.mean, trusted(task),
                         list(zip(words, np.atleast_1d(corners.mean))), task.results["band_of_path"].mean))
    rows = []
    for each in found:
        for name, at in each.corners:
            column = each.value[np.argmin(np.abs(each.x - at))]
            rows.append([each.name.replace("$", "") or "-", name, f"{each.y[np.argmax(column)]:+.3f}", f"{column.max():.4f}",
                         "" if each.trusted else "not trusted"])
    print(tables.aligned(["spectrum", "corner", "largest at", "A(k, w)", ""], rows))
    path = figure_path(arguments, "bands")
    dmft_figures.bands_figure(path, found, names.title(file, without=keys))
    print(f"figure: {path}")


def fermi_surface(arguments):
    from weiss_analysis import dmft_figures

    file = together(arguments)
    keys, found = differing(file), []
    for task in with_result(file, "fermi_surface", "run with output.fermi_surface = true"):
        result = task.results["fermi_surface"]
        found.append(Map(task_name(task, keys), result.axes["wave_vector_x"], result.axes["wave_vector_y"], result.mean,
                         trusted(task), lattice=task.parameters["lattice.kind"]))
    rows = []
    for each in found:
        x, y = np.unravel_index(np.argmax(each.value), each.value.shape)
        rows.append([each.name.replace("$", "") or "-", f"{each.value.max():.4f}",
                     f"({abs(each.x[x]) / np.pi:.2f}, {abs(each.y[y]) / np.pi:.2f}) pi", f"{each.value.min():.4f}",
                     "" if each.trusted else "not trusted"])
    print(tables.aligned(["spectrum", "largest A(k, 0)", "at k", "smallest", ""], rows))
    path = figure_path(arguments, "fermi_surface")
    dmft_figures.fermi_surface_figure(path, found, names.title(file, without=keys))
    print(f"figure: {path}")


def add_verbs(verb):
    """verb(name, function, text) makes a sub-command."""
    sub = verb("spectra", spectra, "local spectral functions A(w), one curve a task")
    sub.add_argument("more", nargs="*", metavar="FILE", help="further result files")
    sub.add_argument("--overlay", action="store_true", help="on top of each other, not stacked")
    sub.add_argument("-o", "--output", metavar="FIGURE.png")
    sub = verb("bands", bands, "A(k, w) along a path of high symmetry as a map, with the band of free electrons")
    sub.add_argument("-o", "--output", metavar="FIGURE.png")
    sub = verb("fermi-surface", fermi_surface, "A(k, 0) on the plane of wave vectors")
    sub.add_argument("-o", "--output", metavar="FIGURE.png")
