"""Four small programs, one process each, each with its own storage, ids, times, paging and keys. No Django.

python -m workspace.demo.systems.shop --port 9101 --db var/demo/shop.sqlite --token-file var/demo/keys/shop
"""

NAMES = ("shop", "warehouse", "finance", "policy")
