from .report import Comparison as Comparison
from .report import compare as compare
