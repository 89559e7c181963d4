"""Keys that are bound to one site: what they are given in the place of other sites' first shares.

Every envelope has a first lock of one size for every recipient, so nothing in the list says which site it is for. In
the lock of a recipient bound to another site lie 32 random bytes: to whoever unwraps them they are as good as a share,
and with no second lock do they open anything. A key is bound by what it never had, and not by a permission.
"""

from collections.abc import Iterable, Sequence

from equipoise.envelopes.boxes import SHARE_BYTES
from equipoise.envelopes.errors import SealError
from equipoise.envelopes.keys import RandomSource, RoleKey


def site_of(stratum: str) -> str:
    """The site of a stratum (`site=01|sex=female`), or "" where the site is no factor of it."""
    factors = dict(factor.partition("=")[::2] for factor in stratum.split("|"))
    return factors.get("site", "")


def share_for(recipient: RoleKey, first: bytes, stratum: str, random: RandomSource) -> bytes:
    """What is wrapped for a recipient: the first share, or other random bytes if they are bound to another site.

    For who is bound as much is drawn whatever the stratum is, so that nothing but the bytes in the box depends on it.
    """
    if not recipient.site:
        return first
    decoy = random(SHARE_BYTES)
    return first if recipient.site == site_of(stratum) else decoy


def refuse_sites(recipients: Sequence[RoleKey], strata: Iterable[str]) -> None:
    """Raise SealError where somebody is bound to a site that none of these strata is of."""
    sites = {site_of(stratum) for stratum in strata} - {""}
    for each in recipients:
        if each.site and not sites:
            raise SealError("envelopes.E100", role=each.recipient, site=each.site)
        if each.site and each.site not in sites:
            raise SealError("envelopes.E101", role=each.recipient, site=each.site, sites=", ".join(sorted(sites)))
