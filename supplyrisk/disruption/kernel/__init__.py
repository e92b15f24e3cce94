"""The monthly step compiled: the same arithmetic as disruption.reference, LANES draws side by side.

Two things make it quick. State holds a row of draws for each node, slot and pool (disruption.lanes), so that looking up
a supplier is one read for all of them. And links have no state while nothing happens at their ends: the suppliers of a
pool that no shock has touched keep their shares among each other, so that one ratio of the pool says what each of them
gets. A link has a ratio of its own only from when its supplier falls short, or a shock acts on it, until it is back at
that of its pool; it then adds its difference, which is exactly zero in draws where nothing happened. Every draw is
hence worked out on its own: results do not depend on which draws share a row, nor on threads.

Arrays come and go in named tuples and are never counted or made in compiled code (``_nrt``): counting who holds each of
sixty would take longer than the sums. What runs for each part of the graph is inlined for the same reason. A month goes
``shocked`` → ``ordering`` → ``making`` and ``delivering`` → settling and ``watching`` (``draws``).
"""
