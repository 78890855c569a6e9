"""What happens to files, in plain words."""

WORDS = {
    "files.file.checked": "File checked for viruses",
    "files.file.infected": "Virus found in a file, which was removed",
    "files.file.made": "File made by the portal",
    "files.file.received": "File uploaded",
    "files.files.forgotten": "Files removed because nobody may keep them longer",
    "files.leftovers.removed": "Files that belong to nothing removed",
    "files.pages.drawn": "Pages of a file made ready to be looked at",
    "files.pages.given_up": "Pages of a file could not be made ready",
}

THINGS = {"files.file": "File", "files.pages": "Pages of a file"}
