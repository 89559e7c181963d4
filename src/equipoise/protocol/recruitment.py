"""Recruitment: on which consent somebody may be randomised, and how many at most, in all, by country and by site."""

from typing import Annotated

from pydantic import Field, StringConstraints

from equipoise.protocol.parts import Part

Most = Annotated[int, Field(ge=1, le=1_000_000)]


class Recruitment(Part):
    """The limits of recruitment, which the allocator's desk keeps.

    Without `consent_documents` every version of the information counts. A participant counts from randomisation on,
    also one who was randomised in error. The narrowest limit that is reached is what a refusal names.
    """

    consent_documents: tuple[Annotated[str, StringConstraints(min_length=1, max_length=80)], ...] = ()
    most: Most | None = None
    most_by_country: dict[str, Most] = Field(default_factory=dict)
    most_by_site: dict[str, Most] = Field(default_factory=dict)
