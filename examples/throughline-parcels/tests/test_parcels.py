"""The whole suite, for a connector in a package of its own."""

from throughline_parcels.connector import Parcels

from connectors.conformance import suite

TestParcels = suite(Parcels)
