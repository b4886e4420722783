#!/usr/bin/env python3
"""Makes a wheel of the Python package, without network and build tools.

Usage: make_wheel.py LIBRARY DIR

LIBRARY is libfinder.so.1, built to find its libraries beside it; those that are
neither of the C library nor of GCC are copied into the wheel with it. The wheel
is put into DIR, and its path printed. The same inputs make the same bytes.
"""

import base64
import ctypes
import hashlib
import os
import pathlib
import re
import subprocess
import sys
import sysconfig
import zipfile

HERE = pathlib.Path(__file__).resolve().parent
# What every Linux with the same or a newer C library has.
OF_THE_SYSTEM = re.compile(
    r"(libc|libm|libgcc_s|libstdc\+\+|libpthread|ld-linux\S*)\.so"
)


def libraries(path):
    """The shared objects that `path` needs, and that not every system has."""
    told = subprocess.run(
        ["ldd", path], check=True, capture_output=True, text=True
    ).stdout
    found = re.findall(r"^\s*(\S+) => (/\S+)", told, re.MULTILINE)
    return {
        name: pathlib.Path(file)
        for name, file in found
        if not OF_THE_SYSTEM.match(name)
    }


def licences(files):
    """Yields (package, bytes): the copyright that Debian's packages come with.

    Of the packages that have one of `files`, as far as dpkg knows.
    """
    packages = set()
    for file in files:
        for name in {file, file.resolve(), pathlib.Path("/usr", *file.parts[1:])}:
            told = subprocess.run(
                ["dpkg-query", "-S", str(name)],
                check=False,
                capture_output=True,
                text=True,
            ).stdout
            packages |= {line.split(":")[0] for line in told.splitlines()}
    for package in sorted(packages):
        text = pathlib.Path("/usr/share/doc", package, "copyright")
        if text.exists():
            yield package, text.read_bytes()


def version_of(path):
    """As the library itself says."""
    library = ctypes.CDLL(str(path))
    library.finder_version.restype = ctypes.c_char_p
    return library.finder_version().decode()


def contents(library, version, tag):
    """Yields (name, bytes, mode) of each file of the wheel."""
    for source in sorted((HERE / "finder").iterdir()):
        if source.suffix in (".py", ".typed"):
            yield f"finder/{source.name}", source.read_bytes(), 0o644
    yield "finder/libfinder.so.1", library.read_bytes(), 0o755
    info = f"finder-{version}.dist-info"
    found = libraries(library)
    for name, file in sorted(found.items()):
        yield f"finder/{name}", file.read_bytes(), 0o755
    for package, text in licences(found.values()):
        yield f"{info}/licenses/{package}", text, 0o644
    yield f"{info}/licenses/LICENSE", (
        HERE.parents[2] / "LICENSE"
    ).read_bytes(), 0o644
    metadata = (
        f"Metadata-Version: 2.1\nName: finder\nVersion: {version}\n"
        "Summary: list the files of large trees, fast from the second time\n"
        "License: Apache-2.0\nRequires-Python: >=3.9\n"
    )
    yield f"{info}/METADATA", metadata.encode(), 0o644
    wheel = (
        "Wheel-Version: 1.0\nGenerator: finder\n"
        f"Root-Is-Purelib: false\nTag: {tag}\n"
    )
    yield f"{info}/WHEEL", wheel.encode(), 0o644


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    library, to = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
    version = version_of(library.resolve())
    platform = re.sub(r"[-.]", "_", sysconfig.get_platform())
    tag = f"py3-none-{platform}"
    os.makedirs(to, exist_ok=True)
    path = to / f"finder-{version}-{tag}.whl"
    record = []
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as wheel:

        def add(name, data, mode):
            info = zipfile.ZipInfo(name, (2020, 1, 1, 0, 0, 0))
            info.external_attr = (0o100000 | mode) << 16
            info.compress_type = zipfile.ZIP_DEFLATED
            wheel.writestr(info, data)

        for name, data, mode in contents(library, version, tag):
            add(name, data, mode)
            digest = base64.urlsafe_b64encode(hashlib.sha256(data).digest())
            text = digest.rstrip(b"=").decode()
            record.append(f"{name},sha256={text},{len(data)}\n")
        name = f"finder-{version}.dist-info/RECORD"
        add(name, "".join([*record, f"{name},,\n"]).encode(), 0o644)
    print(path)


if __name__ == "__main__":
    main()
