"""Covariances of curves that come from the same samples of disorder, and their inverses.

A curve keeps, for each source of samples, one row of deviations a sample: covariance = sum over rows of products, within
an observable and between observables. Neighbouring temperatures are so much alike that the inverse needs care: the
correlations are shrunk towards none, by the share that makes left-out samples most likely (J. P. Hoffbeck, D. A. Landgrebe,
IEEE Trans. Pattern Anal. Mach. Intell. 18, 763 (1996)), and the inverse is scaled by what it is too large on average for a
finite number of samples (J. Hartlap, P. Simon, P. Schneider, Astron. Astrophys. 464, 399 (2007)).
"""
import numpy as np

from weiss_analysis.files import BadRequest

PARTS = 5
FEWEST = 5  # samples more than points
SHARES = np.concatenate([[0.0], np.logspace(-6, 0, 25)])

def stacked(curves):
    """{source: rows x points of all the curves}, 0 where a curve has nothing of a source."""
    sources = {source: len(rows) for curve in curves for source, rows in curve.deviations.items()}
    return {source: np.concatenate([curve.deviations.get(source, np.zeros((number, len(curve.value))))
                                    for curve in curves], axis=1) for source, number in sources.items()}


def of(rows):
    """The covariance matrix of stacked deviations."""
    return sum(each.T @ each for each in rows.values())


def _shrunk_by(share, correlation):
    return (1 - share) * correlation + share * np.eye(len(correlation))


def _surprise(share, trained, tested):
    """-2 ln likelihood a sample of the tested covariance under the trained one."""
    sign, determinant = np.linalg.slogdet(_shrunk_by(share, trained))
    if sign <= 0:
        return np.inf
    return determinant + np.trace(np.linalg.solve(_shrunk_by(share, trained), tested))


def share_to_shrink(rows, scale):
    """The share of the correlations to give up under which parts of the samples are most likely given the others."""
    parts = [of({source: each[start::PARTS] for source, each in rows.items()}) / np.outer(scale, scale)
             for start in range(PARTS)]
    whole = sum(parts)
    total = [sum(_surprise(share, (whole - part) * PARTS / (PARTS - 1), part * PARTS) for part in parts)
             for share in SHARES]
    return SHARES[int(np.argmin(total))]


def shrunk(rows):
    """(covariance, the one to weigh a fit with) of stacked deviations."""
    covariance = of(rows)
    scale = np.sqrt(np.diag(covariance))
    if not np.all(scale > 0):
        raise BadRequest("a fit needs errors above 0 at every temperature")
    points, samples = len(scale), min(map(len, rows.values()))
    if np.count_nonzero(covariance) == points:
        return covariance, covariance  # error bars of independent tasks
    if samples < points + FEWEST:
        raise BadRequest(f"{samples} samples are too few for the covariance of {points} points; use fewer temperatures "
                         "(--from, --to) or one observable")
    weights = _shrunk_by(share_to_shrink(rows, scale), covariance / np.outer(scale, scale)) * np.outer(scale, scale)
    return covariance, weights * (samples - 1) / (samples - points - 2)


def whitening(covariance):
    """W with W^T W the inverse."""
    scale = np.sqrt(np.diag(covariance))
    try:
        return np.linalg.inv(np.linalg.cholesky(covariance / np.outer(scale, scale))) / scale
    except np.linalg.LinAlgError:
        raise BadRequest("too few samples for the covariance between temperatures; use fewer temperatures") from None
