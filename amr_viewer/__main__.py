"""`python -m amr_viewer` is the command `amr-viewer`."""

from amr_viewer.cli import main

if __name__ == "__main__":
    main()
