"""Why what is dark is dark: the smallest set of causes that explains the pattern of dark and lit, event by event.

`NetworkGraph.of(inventory)` is the network as numbers, `RootCause(graph)` takes events and gives explanations.
Pure: no clock, no database; evidence, settle windows and incidents are the desk's.
"""

from alerts.rootcause.explain import Explanation
from alerts.rootcause.graph import NetworkGraph
from alerts.rootcause.lights import Beat, Light, Port
from alerts.rootcause.redundancy import LostRedundancy
from alerts.rootcause.rootcause import RootCause

__all__ = ["Beat", "Explanation", "Light", "LostRedundancy", "NetworkGraph", "Port", "RootCause"]
