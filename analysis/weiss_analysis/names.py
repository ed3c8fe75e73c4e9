"""What a model is called, from the parameters that a result file stores."""

KINDS = {"random_regular": "random regular graph", "viana_bray": "Poisson graph", "complete": "complete graph",
         "chain": "chain", "hypergraph": "random hypergraph", "bethe": "Bethe lattice", "file": "given density of states"}


def shared(file, key):
    """The value of a key that all tasks with results share; None where it differs or is absent."""
    values = {task.parameters.get(key) for task in file.finished()}
    return values.pop() if len(values) == 1 else None


def _fully_connected(get):
    kind, p = get("model.fully_connected"), get("model.spins_per_interaction")
    if kind == "random_energy":
        return "random energy model"
    if kind == "ising" and p == 2:
        return "Sherrington-Kirkpatrick model"
    name = {"ising": "Ising", "spherical": "spherical"}.get(kind, "fully connected")
    return f"{name} $p$-spin model" + ("" if p is None else f", $p$ = {p:g}")


def _couplings(get):
    """Of models with weiss-spinglass' keys of disorder: (name, whether it is a ferromagnet)."""
    kind, width, fraction = get("model.couplings"), get("model.coupling_width"), get("model.ferromagnetic_fraction")
    if kind == "gaussian":
        if width == 0:
            return "Ising model", True
        mean = get("model.coupling_mean")
        return "Gaussian spin glass" if mean == 0 else "Ising model with Gaussian couplings", False
    if kind == "bimodal" and fraction in (0.5, None):
        return r"$\pm J$ spin glass", False
    if kind == "bimodal" and fraction == 1:
        return "Ising model", True
    if kind == "bimodal":
        return rf"$\pm J$ model with {100 * fraction:g} % ferromagnetic bonds", False
    return "spin glass", False


def _disordered(get):
    name, ferromagnet = _couplings(get)
    p = get("model.spins_per_interaction")
    if get("lattice.kind") == "hypergraph" and p is not None and p > 2:
        name = f"{name}, {p:g} spins an interaction"
    if get("model.random_field") in ("gaussian", "bimodal") and get("model.random_field_width") != 0:
        return "random-field Ising model" if ferromagnet else f"{name} in random fields"
    return name


def electrons(file):
    """Whether the file is of weiss-hubbard-dmft, whose unit of energy is the user's."""
    return any("model.interaction" in task.parameters for task in file.tasks)


def model(file):
    """The model of a file's tasks."""
    def get(key):
        return shared(file, key)

    keys = {key for task in file.finished() for key in task.parameters}
    if electrons(file):
        return "Hubbard model"
    problem = get("model.problem")
    if problem == "fully_connected":
        return _fully_connected(get)
    if problem == "satisfiability":
        return f"random {get('model.clause_length') or 'K'}-SAT"
    if problem == "ensemble" and get("lattice.kind") == "hypergraph":
        return f"{get('model.spins_per_interaction') or 'p'}-XORSAT"
    if problem == "tap" and get("lattice.kind") == "complete" and get("model.couplings") == "gaussian":
        return "Sherrington-Kirkpatrick model"
    return _disordered(get) if "model.couplings" in keys else "Ising model"


def place(file, without=()):
    """The lattice or graph and its size: 'cubic lattice, L = 8'; nothing for models without."""
    if shared(file, "model.problem") in ("fully_connected", "satisfiability"):
        return ""
    kind = None if "lattice.kind" in without else shared(file, "lattice.kind")
    parts = [] if kind is None else [KINDS.get(kind, f"{kind.replace('_', ' ')} lattice")]
    for key, symbol in (("lattice.L", "$L$"), ("lattice.N", "$N$")):
        if key == "model.hopping" and shared(file, "lattice.kind") == "hopping_file":
            continue  # the file has them all
        value = shared(file, key)
        if value is not None and key not in without:
            parts.append(f"{symbol} = {value}")
    degree = shared(file, "lattice.degree")
    if kind == "random_regular" and degree is not None and "lattice.degree" not in without:
        parts.append(f"$z$ = {degree:g}")
    return ", ".join(parts)


def field(file):
    """A uniform field that is not 0: 'h = 0.3'."""
    value = shared(file, "model.field")
    return f"$h$ = {value:g}" if isinstance(value, float) and value != 0 else ""


ELECTRONS = (("model.hopping", "$t$"), ("model.second_hopping", "$t_2$"), ("model.diagonal_hopping", "$t'$"),
             ("model.crystal_field", r"$\Delta$"), ("model.interaction", "$U$"), ("model.hund_coupling", "$J$"),
             ("model.temperature", "$T$"), ("model.beta", r"$\beta$"), ("model.density", "$n$"),
             ("model.chemical_potential", r"$\mu$"))
MAY_VANISH = ("model.chemical_potential", "model.diagonal_hopping", "model.crystal_field", "model.hund_coupling")
SOLVERS = {"perturbation": "perturbation theory", "exact_diagonalization": "exact diagonalisation", "ct_hyb": "CT-HYB"}


def _electron_facts(file, without):
    """What all tasks of a Hubbard model share: 't = 0.5', 'U = 2', the solver."""
    facts = []
    for key, symbol in ELECTRONS:
        if key == "model.hopping" and shared(file, "lattice.kind") == "hopping_file":
            continue  # the file has them all
        value = shared(file, key)
        if value is not None and key not in without and (value != 0 or key not in MAY_VANISH):
            facts.append(f"{symbol} = {value:g}")
    solver = shared(file, "algorithm.solver")
    return facts + ([SOLVERS[solver]] if solver in SOLVERS and "algorithm.solver" not in without else [])


def title(file, without=()):
    facts = _electron_facts(file, without) if electrons(file) else [field(file)]
    return ", ".join(part for part in [model(file), place(file, without)] + facts if part)
