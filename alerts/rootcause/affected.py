"""How far an event reaches: the nodes, causes and meshes whose part in an explanation it can change.

A device that falls or rises changes what is proven only up to where something else lit proves the same.
"""

from alerts.rootcause.lights import Light, Lights
from alerts.rootcause.ways import NOTHING


class Affected:
    """nodes: zones at them or beside them are made again. causes: whether they are refuted is asked again.

    beliefs: only their cost changed. meshed: nodes of meshes; what was found by searching them is asked again. walked:
    meshes; who stands alone in them is asked again. ports: links.
    """

    def __init__(self, lights: Lights) -> None:
        self._lights = lights
        self.everything = True
        self.clear()

    def clear(self) -> None:
        self.everything = False
        self.nodes: set[int] = set()
        self.causes: set[int] = set()
        self.beliefs: set[int] = set()
        self.meshed: set[int] = set()
        self.walked: set[int] = set()
        self.ports: set[int] = set()

    def __bool__(self) -> bool:
        return bool(self.nodes or self.causes or self.beliefs or self.meshed or self.ports)

    def by_node(self, node: int, *, relit: bool) -> None:
        """relit: it was or will be lit. Asked while it is not (so that it proves nothing itself)."""
        graph, ways = self._lights.graph, self._lights.graph.ways
        self._at(node)
        self._mesh(node)
        if not relit:
            return
        here = node
        while (up := ways.parent[here]) != NOTHING:
            edge = ways.parent_edge[here]
            first = self._lights.first_lit(ways.position[here], ways.size[here])
            if first != NOTHING and ways.position[first] < ways.position[node]:
                return  # it proves the same, and is the one that is named for it
            self.causes.update(graph.causes.of_edge[edge])
            if self._lights.of[up] == Light.LIT:
                return
            self._at(up)
            if ways.mesh[up] != ways.mesh[here] or ways.cut[up] > 1:  # what is lit there may hang on it alone
                self._mesh(up)
            here = up

    def by_link(self, link: int) -> None:
        graph = self._lights.graph
        self.ports.add(link)
        self.causes.update(graph.causes.of_link[link])
        for edge in graph.edges_of_link[link]:
            self.causes.update(graph.causes.of_edge[edge])
            for end in (int(graph.edge_a[edge]), int(graph.edge_b[edge])):
                self._at(end)
                self._mesh(end)
        self.beliefs |= self.causes  # a port also makes causes likelier

    def by_beat(self, node: int) -> None:
        graph = self._lights.graph
        self._at(node)
        for line in graph.heartbeat.get(node, ()):
            self.causes.update(line)
        for at in range(graph.start[node], graph.start[node + 1]):
            self.causes.update(graph.causes.of_edge[graph.edge[at]])

    def _at(self, node: int) -> None:
        if node != self._lights.graph.root:
            self.nodes.add(node)
            self.causes.update(self._lights.graph.causes.of_node[node])

    def _mesh(self, node: int) -> None:
        ways = self._lights.graph.ways
        if ways.mesh_size[ways.mesh[node]] > 1:
            self.meshed.add(node)
            self.walked.add(ways.mesh[node])
