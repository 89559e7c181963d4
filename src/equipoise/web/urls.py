"""Every page, once. A test asks of each route which roles may enter it."""

from django.urls import path, register_converter

from equipoise.web.views import (
    accounts,
    design,
    deviations,
    drafts,
    emergency,
    files,
    forms,
    infusions,
    invitations,
    kits,
    locks,
    participant,
    people,
    pharmacy,
    plain,
    printing,
    queries,
    recruitment,
    roles,
    rows,
    serious,
    signing,
    study,
    subjects,
    today,
    trails,
    unmaskings,
    visits,
    welcome,
)


class Name:
    """A study, visit, form or item as the protocol names it."""

    regex = "[a-z][a-z0-9_-]{0,63}"

    def to_python(self, value: str) -> str:
        """As it stands."""
        return value

    def to_url(self, value: str) -> str:
        """As it stands."""
        return value


class PrintForm(Name):
    """How something is printed."""

    regex = "pdf|html"


class Code(Name):
    """A participant's code."""

    regex = "[0-9A-Z]{2,6}-[0-9]{3,5}"


register_converter(Name, "name")
register_converter(Code, "code")
register_converter(PrintForm, "print")

_SUBJECT = "<name:study>/subjects/<code:code>/"
_VISIT = _SUBJECT + "<name:visit>/"
_FORM = _VISIT + "<name:form>/<int:repeat>/"
_DOSE = "<name:study>/pharmacy/orders/<code:code>/<name:visit>/"
_EVENT = _SUBJECT + "serious/<int:repeat>/"
_ITEM = _FORM + "<name:item>/"

urlpatterns = [
    path("", welcome.welcome, name="welcome"),
    path("sign-in/", welcome.enter, name="sign_in"),
    path("sign-out/", welcome.leave, name="sign_out"),
    path("language/", welcome.language, name="language"),
    path("account/", accounts.account, name="account"),
    path("account/enter/", accounts.enter_role, name="enter_role"),
    path("account/renew/", accounts.renew, name="renew"),
    path("account/session/", accounts.session, name="session"),
    path("account/session/stay/", accounts.stay, name="stay"),
    path("account/end-sessions/", accounts.end_sessions, name="end_sessions"),
    path("account/sign-in/", accounts.by_password, name="by_password"),
    path("account/passkey/", accounts.by_passkey, name="by_passkey"),
    path("account/passkey/challenge/", accounts.passkey_challenge, name="passkey_challenge"),
    path("invitation/<str:token>/", invitations.invitation, name="invitation"),
    path("invitation/<str:token>/options/", invitations.options, name="passkey_options"),
    path("invitation/<str:token>/passkey/", invitations.with_passkey, name="with_passkey"),
    path("invitation/<str:token>/app/", invitations.with_app, name="with_app"),
    path("style/", plain.style, name="style"),
    path("health/", plain.health, name="health"),
    path("<name:study>/", study.study, name="study"),
    path("<name:study>/sites/<str:site>/activate/", study.activate, name="activate"),
    path("<name:study>/people/", people.people, name="people"),
    path("<name:study>/people/review.csv", people.review, name="review"),
    path("<name:study>/people/give/", roles.look, name="give_role"),
    path("<name:study>/people/give/now/", roles.give, name="give_role_now"),
    path("<name:study>/people/end/", people.end_role, name="end_role"),
    path("<name:study>/lock/", locks.lock, name="lock"),
    path("<name:study>/lock/request/", locks.request_lock, name="request_lock"),
    path("<name:study>/lock/grant/", locks.grant_lock, name="grant_lock"),
    path("<name:study>/lock/decline/", locks.decline_lock, name="decline_lock"),
    path("<name:study>/lock/freeze/", locks.freeze_all, name="freeze_all"),
    path("<name:study>/trail/", trails.study, name="study_trail"),
    path("<name:study>/trail/export.csv", trails.export, name="trail_export"),
    path("<name:study>/signatures/", signing.signatures, name="signatures"),
    path("<name:study>/signatures/look/", signing.look, name="sign_look"),
    path("<name:study>/signatures/sign/", signing.sign, name="sign_records"),
    path("<name:study>/recruitment/", recruitment.recruitment, name="recruitment"),
    path("<name:study>/protocol/", study.protocol, name="protocol"),
    path("<name:study>/protocol/forms.<print:kind>", printing.blank, name="print_blank"),
    path("<name:study>/design/", design.design, name="design"),
    path("<name:study>/design/curve/", design.curve, name="design_curve"),
    path("<name:study>/report/", study.report, name="report"),
    path("<name:study>/report/<path:path>", study.report_file, name="report_file"),
    path("<name:study>/today/", today.today, name="today"),
    path("<name:study>/kits/", kits.stock, name="stock"),
    path("<name:study>/kits/<name:what>/", kits.stock_act, name="stock_act"),
    path("<name:study>/supply/", kits.supply, name="supply"),
    path("<name:study>/supply/<name:what>/", kits.supply_act, name="supply_act"),
    path("<name:study>/deviations/", deviations.deviations, name="deviations"),
    path("<name:study>/queries/", queries.queries, name="queries"),
    path("<name:study>/queries/close/", queries.close_together, name="close_together"),
    path("<name:study>/pharmacy/", pharmacy.workspace, name="pharmacy"),
    path("<name:study>/pharmacy/leave/", pharmacy.leave, name="pharmacy_leave"),
    path("<name:study>/pharmacy/supply/", pharmacy.supply, name="pharmacy_supply"),
    path("<name:study>/pharmacy/records/", pharmacy.add_record, name="pharmacy_records"),
    path("<name:study>/pharmacy/register/<str:site>/", pharmacy.register, name="pharmacy_register"),
    path(_DOSE + "open/", pharmacy.open_order, name="pharmacy_open"),
    path(_DOSE + "release/", pharmacy.release, name="pharmacy_release"),
    path(_DOSE + "doubt/", pharmacy.doubt, name="pharmacy_doubt"),
    path("<name:study>/unmaskings/", unmaskings.register, name="unmaskings"),
    path("<name:study>/unmaskings/assess/", unmaskings.assess, name="assess_unmasking"),
    path("<name:study>/unmaskings/report/", unmaskings.about, name="about_unmasking"),
    path("<name:study>/unmaskings/report/now/", unmaskings.report, name="report_unmasking"),
    path("<name:study>/subjects/", subjects.matrix, name="subjects"),
    path("<name:study>/subjects/screen/", subjects.screen, name="screen"),
    path(_SUBJECT, participant.casebook, name="casebook"),
    path(_SUBJECT + "casebook.<print:kind>", printing.casebook, name="print_casebook"),
    path(_SUBJECT + "randomised.<print:kind>", printing.randomised, name="print_randomised"),
    path(_SUBJECT + "trail/", trails.participant, name="subject_trail"),
    path(_SUBJECT + "freeze/", locks.freeze, name="freeze"),
    path(_SUBJECT + "consent/", participant.consent, name="consent"),
    path(_SUBJECT + "eligibility/", participant.eligibility, name="eligibility"),
    path(_SUBJECT + "eligibility/confirm/", participant.confirm, name="confirm"),
    path(_SUBJECT + "eligibility/fail/", participant.fail, name="fail"),
    path(_SUBJECT + "randomise/", participant.before_randomising, name="before_randomising"),
    path(_SUBJECT + "randomise/now/", participant.randomise, name="randomise"),
    path(_SUBJECT + "in-error/", participant.in_error, name="in_error"),
    path(_SUBJECT + "medication/", participant.medication, name="medication"),
    path(_SUBJECT + "deviation/", deviations.before, name="deviation"),
    path(_SUBJECT + "deviation/record/", deviations.record, name="record_deviation"),
    path(_EVENT, serious.serious, name="serious"),
    path(_EVENT + "known/", serious.known, name="know_serious"),
    path(_EVENT + "report/", serious.report, name="send_safety_report"),
    path(_EVENT + "downgrade/", serious.downgrade, name="downgrade_serious"),
    path(_SUBJECT + "stop/", participant.stop, name="stop"),
    path(_SUBJECT + "end/", participant.end, name="end"),
    path(_SUBJECT + "code-break/", emergency.code_break, name="code_break"),
    path(_SUBJECT + "code-break/now/", emergency.break_code, name="break_code"),
    path(_SUBJECT + "unmasking/", unmaskings.about, name="about_unmasking_of"),
    path(_SUBJECT + "queries/answer/", queries.answer, name="answer"),
    path(_SUBJECT + "queries/close/", queries.close, name="close"),
    path(_VISIT, visits.visit, name="visit"),
    path(_VISIT + "kit/<name:what>/", kits.visit_act, name="visit_kit"),
    path(_VISIT + "checklist.<print:kind>", printing.checklist, name="print_checklist"),
    path(_VISIT + "infusion/", infusions.infusion, name="infusion"),
    path(_VISIT + "infusion/check/", infusions.check, name="check_bag"),
    path(_VISIT + "infusion/record/", infusions.record, name="record_infusion"),
    path(_VISIT + "hold/", visits.hold, name="hold"),
    path(_VISIT + "miss/", visits.miss, name="miss"),
    path(_FORM, forms.form, name="form"),
    path(_FORM + "asked/", forms.asked, name="asked"),
    path(_FORM + "draft/", drafts.draft, name="draft"),
    path(_FORM + "in-error/", rows.in_error, name="row_in_error"),
    path(_FORM + "discard/", drafts.discard, name="discard"),
    path(_FORM + "sign/", forms.sign, name="sign"),
    path(_ITEM + "trail/", trails.field, name="trail"),
    path(_ITEM + "file/<str:digest>/", files.file, name="file"),
    path(_ITEM + "query/", trails.ask, name="ask"),
]

handler400 = "equipoise.web.views.plain.bad_request"
handler403 = "equipoise.web.views.plain.forbidden"
handler404 = "equipoise.web.views.plain.not_found"
handler500 = "equipoise.web.views.plain.broken"
