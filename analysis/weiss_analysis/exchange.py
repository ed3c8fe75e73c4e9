"""Is a set of temperatures good for replica exchange, and which would be better?

If energies are Gaussian with variance sigma^2, neighbours at inverse temperatures d beta apart swap with probability
erfc(sigma d beta / 2), the limit of small gaps (D. A. Kofke, J. Chem. Phys. 117, 6911 (2002); C. Predescu, M. Predescu,
C. V. Ciobanu, J. Chem. Phys. 120, 4119 (2004)). So d = erfc^-1(acceptance) adds up along beta as -ln(acceptance) does not:
its sum is interpolated monotonically in beta, and temperatures at equal steps of it have equal acceptance.
"""
import numpy as np
from scipy.interpolate import PchipInterpolator
from scipy.special import erfc, erfcinv

from weiss_analysis.files import BadRequest

LEAST, MOST = 1e-4, 1 - 1e-4  # acceptances beyond are known as bounds only


def lengths(acceptance):
    """The distance between neighbours, additive along beta."""
    return erfcinv(np.clip(acceptance, LEAST, MOST))


def equal_acceptance(temperatures, acceptance, count=None, target=None):
    """(temperatures, their acceptance): as many as given, or `count`, or as few as `target` allows."""
    if len(temperatures) < 2 or len(acceptance) != len(temperatures) - 1:
        raise BadRequest("a temperature set needs two temperatures and the acceptance of every pair")
    beta = 1 / temperatures[::-1]
    total = np.concatenate([[0.0], np.cumsum(lengths(acceptance[::-1]))])
    if target is not None:
        count = 1 + int(np.ceil(total[-1] / lengths(target) - 1e-9))
    count = max(2, count or len(temperatures))
    steps = np.linspace(0, total[-1], count)
    new = 1 / PchipInterpolator(total, beta)(steps)[::-1]
    new[0], new[-1] = temperatures[0], temperatures[-1]
    return new, float(erfc(total[-1] / (count - 1)))


def deck_line(temperatures):
    """Enough digits to keep neighbours apart."""
    digits = 4
    while len({f"{t:.{digits}g}" for t in temperatures}) < len(temperatures):
        digits += 1
    ends = {0: temperatures[0], len(temperatures) - 1: temperatures[-1]}
    return "temperatures = " + ", ".join(f"{t:.12g}" if i in ends else f"{t:.{digits}g}"
                                         for i, t in enumerate(temperatures))


def temperatures_of(task):
    """All temperatures: the acceptance of a pair is stored with its lower one."""
    if "exchange_acceptance" not in task.results:
        raise BadRequest(f"task {task.id} has no exchange_acceptance: it ran without replica exchange")
    return task.results["fraction_from_hot"].axes["temperature"]
