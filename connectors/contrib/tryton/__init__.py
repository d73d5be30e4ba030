"""Tryton as the warehouse: sales, parcels, returns and credit notes."""
