"""`python cli.py …` equals the `supplyrisk …` command."""

from supplyrisk.cli.main import run

if __name__ == "__main__":
    run()
