"""The flare index, for a clinician: what is a flare, how severe, and what cannot be said."""

from decimal import Decimal

from equipoise import instruments

title = "A flare is any one criterion; severe overrides; unknown is not no"

SFI = instruments.get("sfi")
STEADY = {question.id: "absent" if question.type == "state" else False for question in SFI.inputs} | {
    "sledai_now": 4, "sledai_ref": 4, "pga_now": Decimal(1), "pga_ref": Decimal(1),
    "prednisone_now": Decimal(10), "prednisone_ref": Decimal(10), "weight": Decimal(60),
}  # fmt: skip


def severity_in(variant, **answers):
    """A patient of 60 kg, SLEDAI 4, PGA 1 and prednisone 10 mg, except for what the table says."""
    return SFI.score(STEADY | answers, variant=variant).value


def classic(**answers):
    return severity_in("classic", **answers)


def test_sledai(spec):
    spec(
        """
        variant            | sledai_ref | sledai_now | flare
        -------------------+------------+------------+--------------
        classic            | 4          | 6          | none
        classic            | 4          | 7          | mild moderate
        classic            | 9          | 12         | mild moderate
        classic            | 10         | 14         | severe
        classic            | 12         | 13         | severe
        classic            | 14         | 14         | none          # above 12, but has not risen
        belimumab modified | 10         | 14         | mild moderate # a high SLEDAI alone is not severe
        belimumab modified | 12         | 13         | none
        thanou msfi        | 10         | 14         | severe
        classic            |            | 7          | unknown       # risen from what?
        classic            | 4          |            | unknown
        """,
        severity_in,
    )


def test_prednisone_depends_on_weight(spec):
    spec(
        """
        weight | prednisone_ref | prednisone_now | flare
        -------+----------------+----------------+-----------------------
        60     | 20             | 20             | none
        60     | 20             | 30             | mild moderate
        60     | 20             | 32.5           | severe
        40     | 20             | 22.5           | severe                 # at 40 kg the limit is 20 mg
        80     | 20             | 22.5           | mild moderate
               | 20             | 22.5           | flare severity unknown # a flare, but which?
               | 20             | 17.5           | none
               | 20             |                | unknown
        """,
        classic,
    )


def test_manifestations(spec):
    spec(
        """
        new_pleuritis    | new_nephritis | hospitalised | flare
        -----------------+---------------+--------------+-----------------------
        absent           | absent        | no           | none
        present          | absent        | no           | mild moderate
        not attributable | absent        | no           | none
        absent           | present       | no           | none                   # needs more prednisone, or hospital
        absent           | present       | yes          | severe
        not assessed     | absent        | no           | unknown
        present          | absent        |              | flare severity unknown
        not assessed     | absent        | yes          | severe                 # one criterion is enough
        """,
        classic,
    )


def test_drugs(spec):
    spec(
        """
        variant     | new_hydroxychloroquine | new_azathioprine | new_leflunomide | flare
        ------------+------------------------+------------------+-----------------+-----------------------
        classic     | yes                    | no               | no              | mild moderate
        classic     | no                     | yes              | no              | severe
        classic     | no                     | no               | yes             | none # unless the protocol lists it
        classic     | yes                    |                  | no              | flare severity unknown
        classic     |                        | no               | no              | unknown
        thanou msfi | yes                    | yes              | yes             | none # drugs do not count
        thanou msfi |                        |                  |                 | none
        """,
        severity_in,
    )


def test_pga(spec):
    spec(
        """
        pga_ref | pga_now | flare
        --------+---------+--------------
        0.8     | 1.7     | none
        0.8     | 1.8     | mild moderate
        1.4     | 2.4     | mild moderate
        1.5     | 2.5     | mild moderate
        2.4     | 2.6     | severe
        2.6     | 2.6     | none
        0.8     |         | unknown
        """,
        classic,
    )
