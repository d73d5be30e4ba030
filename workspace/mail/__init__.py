"""The door for letters: from a mailbox over IMAP or from a folder, and out into a folder."""
