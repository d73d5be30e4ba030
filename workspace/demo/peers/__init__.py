"""Programs that nobody here wrote, to point connectors at: Tryton as the warehouse, localstripe as finance.

Each is installed in a virtual environment of its own and talked to over HTTP alone; none is ever imported.
"""
