"""The collector of reference cycles, paused while a large model is read."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def collector_paused() -> Iterator[None]:
    """Keep Python from looking for cycles: a model has none, and many objects that live to the end.

    Looking through them again and again as they grow doubles the time of a large model, and lets it grow
    faster than the model. Measured with bench/model_size.py.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
