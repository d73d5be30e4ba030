"""What questions share: matters and their parcels, policies, days, values, gaps, and how an answer is put together.

A question is a table of situations with its texts; :class:`answering.Rules` names them, ``answering.compose`` does the
rest. Nothing here reads a clock: ``Reading.at`` is the instant of the evidence.
"""
