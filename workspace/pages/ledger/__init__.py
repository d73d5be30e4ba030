"""The ledger for those who oversee: whether history holds, who looked at whose data, and cases to take along."""
