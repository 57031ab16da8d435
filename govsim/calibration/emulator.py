"""Emulators: what a simulator would give where it was not run, and how uncertain that is."""

from __future__ import annotations

import warnings

import numpy as np

from govsim.config.check import ConfigError

__all__ = ["Emulator"]

_JITTER = 1e-6  # of the variance: what keeps a covariance matrix invertible where runs hardly differ


class Emulator:
    """A Gaussian process with a linear trend and a length scale for each parameter (Rasmussen & Williams 2006).

    A parameter that does not matter gets a long scale. The noise of the runs is known, and taken out.
    """

    def __init__(self, x: np.ndarray, y: np.ndarray, noise: float) -> None:
        """Fit it.

        Args:
            x: where the simulator was run, each parameter scaled to 0..1: (runs, parameters).
            y: what it gave: (runs,).
            noise: variance of each of these values around what the simulator gives on average.

        Raises:
            ConfigError: scikit-learn is not installed.
        """
        try:
            from sklearn.exceptions import ConvergenceWarning
            from sklearn.gaussian_process import GaussianProcessRegressor
            from sklearn.gaussian_process.kernels import RBF, ConstantKernel, DotProduct
            from threadpoolctl import threadpool_limits
        except ImportError:
            raise ConfigError("calibrate: scikit-learn is not installed; pip install 'govsim[calibration]'") from None
        self._mean, self._sd = float(y.mean()), float(y.std()) or 1.0
        kernel = ConstantKernel(1.0, (1e-4, 1e3)) * DotProduct(0.0, "fixed") + ConstantKernel(0.5, (1e-4, 1e2)) * RBF(
            [1.0] * x.shape[1], (0.1, 50.0)
        )
        process = GaussianProcessRegressor(kernel, alpha=noise / self._sd**2 + _JITTER)
        self._one_thread = threadpool_limits  # sums of several threads differ in the last digit, and then what is drawn
        with self._one_thread(1), warnings.catch_warnings():
            # a scale at its bound only says that a parameter does not matter
            warnings.simplefilter("ignore", ConvergenceWarning)
            self._process = process.fit(_centred(x), (y - self._mean) / self._sd)

    def __call__(self, x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """What the simulator gives on average, and the variance of not knowing it: each (points,)."""
        with self._one_thread(1):
            mean, sd = map(np.asarray, self._process.predict(_centred(x), return_std=True)[:2])
        return self._mean + self._sd * mean, (self._sd * sd) ** 2


def _centred(x: np.ndarray) -> np.ndarray:
    return 2.0 * x - 1.0
