"""A small Ray: a head with a node table, node daemons, actors, and nothing of an object store.

Processes: ``gcs`` (head only), ``raylet`` (every node), ``actor`` (started by a raylet), and a
driver that connects to the head. All speak JSON lines over TCP (``channel``).
"""
