from .between import Between as Between
from .between import between as between
from .probe import Probe as Probe
from .story import Line as Line
from .story import Story as Story
