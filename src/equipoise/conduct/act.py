"""What every act is: a frozen type of its own, with a version and a body."""

from typing import Annotated, ClassVar

from pydantic import BaseModel, ConfigDict, StringConstraints

from equipoise.items.canonical import Json

Name = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_-]{0,63}$")]
SubjectCode = Annotated[str, StringConstraints(pattern=r"^[0-9A-Z]{2,6}-[0-9]{3,5}$")]


class Act(BaseModel):
    """What a person did."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    version: ClassVar[int] = 1

    @property
    def kind(self) -> str:
        """The name of the type, as stored."""
        return type(self).__name__

    def body(self) -> dict[str, Json]:
        """The act as JSON without fractions."""
        return self.model_dump(mode="json")


class SubjectAct(Act):
    """An act that concerns one participant."""

    subject: SubjectCode
