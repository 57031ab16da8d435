from .city import City as City
from .config.check import ConfigError as ConfigError
from .study.run import Run as Run
from .study.run import load_run as load_run
from .study.run import simulate as simulate
from .version import __version__ as __version__
