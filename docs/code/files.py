"""Files of a folder that strangers may name."""

import tempfile
from pathlib import Path

from sennit.core.filepath import FilePath, InsecurePath


def answer(folder: FilePath[str], name: str) -> str:
    try:
        page = folder.child(name)
    except InsecurePath as error:
        return f"refused: {error}"
    return page.getContent().decode() if page.isfile() else "not found"


with tempfile.TemporaryDirectory() as temporary:
    site = FilePath(Path(temporary, "site"))
    site.makedirs(ignoreExistingDirectory=True)
    site.child("motd").setContent(b"good morning")

    for name in ("motd", "none", "../../etc/passwd"):
        print(f"{name}: {answer(site, name)}")

    site.child("motd").copyTo(site.child("motd.old"))
    for path in sorted(site.walk()):
        print(path.getPermissions().shorthand()[0], path.basename(), path.isdir())
