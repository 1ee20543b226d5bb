"""Run the language host, which is what the engine starts."""

from sandbox.language_host.only_messages import without_the_sdk


def main() -> None:
    """Serve one engine to its end."""
    without_the_sdk()
    from sandbox.language_host.serving import serve  # noqa: PLC0415  # its imports are what is made light

    serve()


if __name__ == "__main__":
    main()
