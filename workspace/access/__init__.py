"""Who may do and who sees what. Which route a role may use stands in ``workspace.rights`` and is held to by
``workspace.permissions``; here is who sees which personal field, and who people and programs are.

``fields``   the table of roles and field classes, and ``masked``, which every door asks
``masks``    what a mask looks like, and ``Veil``, which puts masks over a text, JSON or a view; pure
``veil``     the pages' door: every template that is rendered for somebody
``answers``  the API's door: every answer
``files``    what leaves as it came and can't be masked: only for who may see all of it
``written``  the way in: a mask that somebody sends back is refused
``seals``    the way in of forms: what a page hides from its reader, and its form must send back all the same

Recordings of other systems' answers are made harmless elsewhere, by stand-ins: ``workspace.connecting.standins``.
"""
