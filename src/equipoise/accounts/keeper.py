"""How secrets of second factors are kept: encrypted under a key that is derived from the deployment's secret."""

from base64 import urlsafe_b64encode

from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings


def _box() -> Fernet:
    key = HKDF(SHA256(), length=32, salt=None, info=b"equipoise second factors").derive(settings.SECRET_KEY.encode())
    return Fernet(urlsafe_b64encode(key))


class Keeper(DefaultMFAAdapter):  # type: ignore[misc]
    """What django-allauth asks of this product about factors."""

    def encrypt(self, text: str) -> str:
        """A secret as it is stored."""
        return _box().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """The secret again. Raises InvalidToken where the deployment's secret has changed."""
        return _box().decrypt(encrypted_text.encode()).decode()
