"""Build hook: the wheel carries the default config, which stands at the top of the checkout."""

from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py


class BuildWithConfig(build_py):
    """Copies config.yaml beside data and models of the built package."""

    def run(self) -> None:
        """Build the packages, then add the config."""
        super().run()
        if not self.editable_mode:
            self.copy_file("config.yaml", str(Path(self.build_lib) / "supplyrisk" / "config.yaml"))


setup(cmdclass={"build_py": BuildWithConfig})
