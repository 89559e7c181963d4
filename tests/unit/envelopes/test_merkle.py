"""The tree of RFC 6962 against known values and a second, slow definition."""

import hashlib

import pytest

from equipoise.envelopes import merkle

# Entries and roots of the test vectors that certificate-transparency implementations share (RFC 6962 reference tree).
ENTRIES = [bytes.fromhex(entry) for entry in (
    "", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f",
)]  # fmt: skip
ROOTS = {
    0: "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    1: "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    2: "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    3: "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    4: "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    5: "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    6: "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    7: "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    8: "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
}


@pytest.mark.parametrize("size", ROOTS)
def test_the_roots_are_the_published_ones(size):
    assert merkle.root([merkle.leaf(entry) for entry in ENTRIES[:size]]).hex() == ROOTS[size]


@pytest.mark.parametrize("size", range(1, 20))
def test_each_proof_leads_to_the_root_and_no_other_does(size):
    leaves = [merkle.leaf(str(number).encode()) for number in range(size)]
    root = merkle.root(leaves)
    for index, proof in enumerate(merkle.proofs(leaves)):
        assert [other for other in range(size) if merkle.proven(leaves[other], proof) == root] == [index]


def test_nothing_has_no_proofs():
    assert merkle.proofs([]) == []


def test_an_inner_node_does_not_pass_for_an_entry():
    left, right = merkle.leaf(b"a"), merkle.leaf(b"b")
    assert merkle.leaf(left + right) != merkle.root([left, right]) == hashlib.sha256(b"\x01" + left + right).digest()
