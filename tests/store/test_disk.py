"""Where a database may lie."""

from __future__ import annotations

from pathlib import PurePath, PurePosixPath, PureWindowsPath

import pytest

from procdef.store.sqlite.database_file import file_system, is_network

MOUNTS = r"""
/dev/sda1 / ext4 rw,relatime 0 0
proc /proc proc rw 0 0
nas:/team /home nfs4 rw,vers=4.2 0 0
/dev/sdb1 /home/maija/disk ext4 rw 0 0
//office/sales /mnt/Our\040sales cifs rw 0 0
sshfs#host:/ /mnt/host fuse.sshfs rw 0 0
/dev/sdc1 /mnt/twice ext4 rw 0 0
nas:/hiding /mnt/twice nfs rw 0 0
tmpfs /tmp tmpfs rw 0 0
a line cut
"""


@pytest.mark.parametrize(
    ("expected", "network", "path"),
    [
        ("ext4", False, PurePosixPath("/var/log.db")),
        ("ext4", False, PurePosixPath("/homes/log.db")),
        ("nfs4", True, PurePosixPath("/home/maija/log.db")),
        ("ext4", False, PurePosixPath("/home/maija/disk/log.db")),
        ("cifs", True, PurePosixPath("/mnt/Our sales/2026/log.db")),
        ("fuse.sshfs", True, PurePosixPath("/mnt/host/log.db")),
        ("nfs", True, PurePosixPath("/mnt/twice/log.db")),
        ("tmpfs", False, PurePosixPath("/tmp/log.db")),
        ("share", True, PureWindowsPath(r"\\office\sales\log.db")),
        (None, False, PureWindowsPath(r"C:\sales\log.db")),
    ],
)
def test_a_network_file_system_is_told_by_the_deepest_mount(
    expected: str | None, network: bool, path: PurePath
) -> None:
    assert expected == file_system(path, MOUNTS)
    assert network == is_network(file_system(path, MOUNTS))


def test_without_a_list_of_mounts_nothing_is_refused() -> None:
    assert file_system(PurePosixPath("/home/maija/log.db"), "") is None
    assert not is_network(None)
