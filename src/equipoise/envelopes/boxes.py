"""The two boxes: a share wrapped for one recipient, and an arm locked under a data key. Algorithms live here only.

Wrap: libsodium's sealed box, X25519 and XSalsa20-Poly1305. Lock: XChaCha20-Poly1305 with associated data; its key is
keyed BLAKE2b of the two shares' exclusive or, so either share alone is independent of it. The key of a code break is
keyed BLAKE2b of the card's secret and the release, one after the other, 256 bits of which nobody holds more than half.
"""

import hashlib
from typing import Final

import nacl.bindings
from nacl.exceptions import CryptoError
from nacl.public import Box, PublicKey, SealedBox
from nacl.public import PrivateKey as BoxKey

from equipoise.envelopes.keys import KEY_BYTES, PrivateKey, RandomSource, RoleKey

SHARE_BYTES: Final = 32
NONCE_BYTES: Final = 24
_PURPOSE: Final = b"equipoise.slot.1"
_BREAK: Final = b"equipoise.break1"


def wrap(share: bytes, recipient: RoleKey, random: RandomSource) -> bytes:
    """The share in a sealed box only the recipient opens.

    The format is crypto_box_seal: a fresh public key, then the box under the nonce BLAKE2b-192(fresh ‖ recipient).
    It is put together here, and not by `SealedBox`, because the fresh key must come from the source handed in.
    """
    fresh = BoxKey(random(KEY_BYTES))
    public = bytes(fresh.public_key)
    nonce = hashlib.blake2b(public + recipient.public, digest_size=NONCE_BYTES).digest()
    return public + Box(fresh, PublicKey(recipient.public)).encrypt(share, nonce).ciphertext


def unwrap(wrapped: bytes, key: PrivateKey) -> bytes | None:
    """The share, or None if it was not wrapped for this key or is not what was wrapped."""
    try:
        share = SealedBox(BoxKey(key.secret)).decrypt(wrapped)
    except CryptoError:
        return None
    return share if len(share) == SHARE_BYTES else None


def data_key(first: bytes, second: bytes, context: bytes) -> bytes:
    """The key of one slot, from its two shares and what the slot is."""
    both = bytes(a ^ b for a, b in zip(first, second, strict=True))
    return hashlib.blake2b(context, key=both, person=_PURPOSE, digest_size=32).digest()


def break_key(card: bytes, release: bytes, context: bytes) -> bytes:
    """The key of one slot's code break, from the card's secret, the release and what the slot is."""
    return hashlib.blake2b(context, key=card + release, person=_BREAK, digest_size=32).digest()


def lock(message: bytes, key: bytes, context: bytes, random: RandomSource) -> bytes:
    """The message, readable and changeable only with the key, and only as part of its context."""
    nonce = random(NONCE_BYTES)
    return nonce + nacl.bindings.crypto_aead_xchacha20poly1305_ietf_encrypt(message, context, nonce, key)


def unlock(locked: bytes, key: bytes, context: bytes) -> bytes | None:
    """The message, or None if the key or the context is another, or a single bit was changed."""
    nonce, ciphertext = locked[:NONCE_BYTES], locked[NONCE_BYTES:]
    try:
        return nacl.bindings.crypto_aead_xchacha20poly1305_ietf_decrypt(ciphertext, context, nonce, key)
    except CryptoError:
        return None
