"""The names under which registries print each field. Data: one line for each of our fields."""

import re
from typing import Final

# Names in lower case without a closing colon, "(actual)" or "estimated".
NAMES: Final[dict[str, str]] = {
    "title": "brief title | title | public title | study title | trial title | short title",
    "official_title": "official title | scientific title | full title",
    "acronym": "acronym | study acronym",
    "registration": "clinicaltrials.gov identifier | clinicaltrials.gov id | nct number | nct id | registration number"
    " | trial registration | registry identifier | trial id",
    "identifiers": "identifiers | other study id numbers | other ids | secondary ids",
    "sponsor": "sponsor | lead sponsor | primary sponsor | study sponsor | sponsor name | sponsored by",
    "collaborators": "collaborators | collaborator | sponsors and collaborators",
    "investigators": "investigators | principal investigator | overall officials | study director",
    "status": "recruitment status | overall status | status | study status | recruiting status | trial status",
    "status_and_phase": "status and phase",
    "phase": "phase | study phase | trial phase | phases",
    "conditions": "condition | conditions | disease | diseases | health conditions",
    "condition_table": "condition or disease",
    "keywords": "keywords | key words",
    "interventions": "treatments | intervention/treatment | intervention / treatment | interventions | intervention",
    "study_type": "study type",
    "summary": "about | brief summary | summary | study summary",
    "description": "full description | detailed description | study description",
    "enrolment": "enrollment | enrolment | target enrollment | sample size | target sample size | planned enrollment"
    " | number of participants | enrollment count | number of subjects",
    "sex": "sex | sexes eligible for study | gender | genders eligible for study | gender eligible | sexes",
    "ages": "ages | ages eligible for study | age | age range | eligible ages | age limits | eligible age",
    "minimum_age": "minimum age | min age | age minimum | lower age limit",
    "maximum_age": "maximum age | max age | age maximum | upper age limit",
    "volunteers": "volunteers | accepts healthy volunteers | healthy volunteers",
    "inclusion": "inclusion criteria | inclusion criterion | key inclusion criteria | main inclusion criteria"
    " | inclusion | key inclusion criterion",
    "exclusion": "exclusion criteria | exclusion criterion | key exclusion criteria | main exclusion criteria"
    " | exclusion | key exclusion criterion",
    "criteria": "criteria | eligibility criteria | eligibility | participation criteria",
    "purpose": "primary purpose | purpose",
    "allocation": "allocation | allocation method | randomization | randomisation",
    "model": "interventional model | intervention model | interventional study model | intervention assignment"
    " | design model",
    "model_description": "intervention model description | interventional model description",
    "masking": "masking | blinding | masking/blinding",
    "masking_description": "masking description",
    "design": "study design | design",
    "arms": "arms and interventions | arms | participant group/arm | study arms | arm groups | treatment arms"
    " | arms, groups and interventions | groups and interventions | arms & interventions",
    "primary_outcome": "primary outcome measures | primary outcome measure | primary outcome | primary outcomes"
    " | primary endpoint | primary endpoints | primary outcome(s)",
    "secondary_outcome": "secondary outcome measures | secondary outcome measure | secondary outcome"
    " | secondary outcomes | secondary endpoint | secondary endpoints | secondary outcome(s)",
    "other_outcome": "other outcome measures | other outcome measure | other outcomes | tertiary outcome",
    "start": "study start | study start date | start date | trial start",
    "completion": "study completion | study completion date | completion date",
    "primary_completion": "primary completion | primary completion date",
    "countries": "countries | location countries | country | recruitment countries | countries of recruitment",
    "locations": "locations | study locations | trial locations | study sites",
    "contact": "central trial contact | central contact | contact | study contact | contacts | contact person",
    # Headings that end a field and say nothing themselves.
    "": "trial design | details and patient eligibility | trial contacts and locations | study overview | study plan"
    " | design details | how is the study designed? | what is the study measuring? | collaborators and investigators"
    " | study record dates | more information | data sourced from clinicaltrials.gov | clinical trials"
    " | contacts and locations | publications | study details | tabular view | outcome measures | funder types"
    " | funder type | responsible party | study record updates | terms related to this study | go to"
    " | information provided by | last updated | first posted | verified | study registration dates | results"
    " | first submitted | last update posted | first submitted date | study first posted | no results posted"
    " | ipd sharing statement | plan for individual participant data (ipd) | documents | find clinical trials"
    " | drug and device information, study documents | study arms and interventions | descriptive information"
    " | administrative information | recruitment information | funding source | expanded access | biospecimen"
    " | drug and device information | mesh terms | references | data monitoring committee | us fda-regulated drug",
}

# In running text these may be words of the text itself: "Sex: female", "Phase: maintenance".
_WEAK: Final = (
    "age | ages | age range | sex | sexes | gender | status | phase | phases | purpose | contact | contacts | design"
    " | disease | diseases | eligibility | title | condition | conditions | intervention | interventions | treatments"
    " | intervention/treatment | intervention / treatment | summary | about | sponsor | results | randomization"
    " | randomisation | publications | references | documents | criteria | verified | volunteers | healthy volunteers"
    " | identifiers | inclusion | exclusion | blinding | masking | sample size | enrollment | enrolment"
    " | number of participants | number of subjects | collaborators | investigators | locations | go to"
)
WEAK: Final = frozenset(_WEAK.split(" | "))

FIELD_OF: Final = {name.strip(): field for field, names in NAMES.items() for name in names.split(" | ")}

_QUALIFIER: Final = re.compile(
    r"\((?:actual|estimated|anticipated|current|original)\)|^(?:actual|estimated|anticipated|current|original) "
)


def normal(label: str) -> str:
    """The label as `FIELD_OF` writes it."""
    label = re.sub(r"\s+", " ", label).strip().strip("*#").strip().rstrip(":").strip().lower()
    label = re.sub(r"\s*ⓘ|\s*\[\s*icmje\s*\]", "", label)
    return re.sub(r"\s+", " ", _QUALIFIER.sub("", label)).strip()


def field_of(label: str) -> str | None:
    """The field a label stands for: "" for a heading that ends a field, None where it is no label."""
    return FIELD_OF.get(normal(label))
