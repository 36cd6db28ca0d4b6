"""A timestamp authority of our own, by ``openssl ts``: a certificate that vouches, one that signs, and a command."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path
from typing import NamedTuple

import pytest

CONFIG = """\
[req]
distinguished_name = nothing
prompt = no
[nothing]
CN = nothing
[root]
basicConstraints = critical, CA:true
keyUsage = critical, keyCertSign
subjectKeyIdentifier = hash
[signer]
basicConstraints = critical, CA:false
keyUsage = critical, digitalSignature
extendedKeyUsage = critical, timeStamping
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
[tsa]
default_tsa = clock
[clock]
dir = {folder}
serial = {folder}/serial
signer_cert = {folder}/signer.pem
signer_key = {folder}/signer.key
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256
ess_cert_id_chain = no
ess_cert_id_alg = sha256
"""


class Authority(NamedTuple):
    """``command`` reads a request and prints the answer; ``root`` vouches for who signs it."""

    command: str
    root: Path


def authority(folder: Path, name: str = "Test TSA") -> Authority:
    """A new one in that folder; the test is passed over where there is no openssl."""
    if shutil.which("openssl") is None:
        pytest.skip("there is no openssl here")
    folder.mkdir()
    config = folder / "tsa.cnf"
    config.write_text(CONFIG.format(folder=folder))
    (folder / "serial").write_text("01\n")
    new = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-config", str(config))
    root, signer = folder / "root.pem", folder / "signer.pem"
    _openssl("req", "-x509", *new, "-days", "30", "-subj", f"/CN={name} root", "-extensions", "root",
             "-keyout", f"{folder}/root.key", "-out", str(root))  # fmt: skip
    _openssl("req", *new, "-subj", f"/CN={name}", "-keyout", f"{folder}/signer.key", "-out", f"{folder}/signer.csr")
    _openssl("x509", "-req", "-in", f"{folder}/signer.csr", "-CA", str(root), "-CAkey", f"{folder}/root.key", "-days", "30",
             "-CAcreateserial", "-extfile", str(config), "-extensions", "signer", "-out", str(signer))  # fmt: skip
    script = folder / "answer.sh"
    script.write_text(
        f"cat >'{folder}/query' && exec openssl ts -reply -config '{config}' -queryfile '{folder}/query' 2>/dev/null\n"
    )
    return Authority(f"sh {script}", root)


def _openssl(*arguments: str) -> None:
    subprocess.run(["openssl", *arguments], check=True, capture_output=True)
