"""The bootstrap: means over samples drawn again with replacement (B. Efron, Ann. Stat. 7, 1 (1979)).

A sample keeps all its temperatures and observables when it is drawn: these come from one configuration of the
disorder, and replica exchange correlates them.
"""
import numpy as np

RESAMPLES = 400
SEED = 1


def weights(random, samples, resamples=RESAMPLES):
    """resamples x samples: how often each sample is drawn, over the number of samples."""
    return random.multinomial(samples, np.full(samples, 1 / samples), size=resamples) / samples


def resampled(weight, samples):
    """resamples x ...: means of samples (n x ...) under each row of weights."""
    flat = samples.reshape(len(samples), -1)
    return (weight @ flat).reshape(len(weight), *samples.shape[1:])


def spread(estimates, axis=0):
    """One standard deviation, from the central 68 % where estimates exist: a few wild fits do not count."""
    low, high = np.nanpercentile(estimates, (15.8655, 84.1345), axis=axis)
    return (high - low) / 2
