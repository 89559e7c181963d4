"""SLEDAI, for a clinician: what scores, how much, and when there is no total."""

from equipoise import instruments
from equipoise.instruments.activity import sledai_limits
from equipoise.instruments.activity.sledai import WEIGHTS

title = "SLEDAI counts what is present and due to lupus"

SLEDAI = instruments.get("sledai")


def result_of(answers, variant="selena"):
    """Every item not in the table is absent."""
    return SLEDAI.score(dict.fromkeys(WEIGHTS, "absent") | answers, variant=variant)


def test_only_what_is_present_scores(spec):
    spec(
        """
        rash             | arthritis | seizure | fever   | total
        -----------------+-----------+---------+---------+--------
        absent           | absent    | absent  | absent  | 0
        present          | absent    | absent  | absent  | 2
        present          | present   | absent  | absent  | 6
        present          | present   | present | present | 15
        not attributable | present   | absent  | absent  | 4       # a rash of another cause
        not assessed     | present   | absent  | absent  | unknown # never 4
                         | present   | absent  | absent  | unknown # nobody answered
        """,
        lambda **answers: result_of(answers).value,
    )


def test_the_clinical_total_leaves_out_complement_and_anti_dsdna(spec):
    spec(
        """
        rash    | low_complement | increased_dna | leukopenia   | clinical
        --------+----------------+---------------+--------------+---------
        present | present        | present       | absent       | 2
        present | present        | present       | present      | 3        # haematology stays in
        present | not assessed   |               | absent       | 2        # known without serology
        present | absent         | absent        | not assessed | unknown
        """,
        lambda **answers: result_of(answers).results["clinical"],
    )


def test_an_unknown_total_has_bounds(spec):
    spec(
        """
        rash         | cva          | proteinuria  | bounds
        -------------+--------------+--------------+--------
        present      | absent       | absent       | 2 to 2
        present      | absent       | not assessed | 2 to 6
        present      | not assessed | not assessed | 2 to 14
        not assessed | not assessed | not assessed | 0 to 14
        """,
        lambda **answers: "{0.lower} to {0.upper}".format(result_of(answers)),
    )


def test_how_many_joints_are_arthritis(spec):
    spec(
        """
        variant       | joints | arthritis
        --------------+--------+----------
        sledai 2k     | 1      | no
        sledai 2k     | 2      | yes
        selena        | 2      | no
        selena        | 3      | yes
        original 1992 | 2      | no
        original 1992 | 3      | yes
        selena        |        | unknown
        """,
        sledai_limits.arthritis,
    )


def test_proteinuria_that_persists_counts_in_2k_only(spec):
    spec(
        """
        variant    | reference | now  | proteinuria
        -----------+-----------+------+------------
        sledai 2k  | 0.8       | 0.8  | yes
        selena s2k | 0.8       | 0.8  | yes
        selena     | 0.8       | 0.8  | no
        selena     | 0.8       | 1.3  | no         # a rise of exactly 0.5 is not above 0.5
        selena     | 0.8       | 1.31 | yes
        selena     | 0.2       | 0.6  | yes        # new
        selena     | 0.2       | 0.5  | no         # exactly at the limit
        selena     |           | 0.8  | unknown    # new, or old? nobody knows
        selena     |           | 0.4  | no
        sledai 2k  |           | 0.8  | yes
        sledai 2k  | 0.8       |      | unknown
        """,
        sledai_limits.proteinuria,
    )
