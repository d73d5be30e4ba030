"""The ledger's own words, without a database: signed anchors, keys, bundles, and their verification offline."""
