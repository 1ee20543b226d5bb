"""The policy pack as the engine starts it; everything it holds is in `identity_guard`."""

from identity_guard.pack.registration import start

if __name__ == "__main__":
    start()
