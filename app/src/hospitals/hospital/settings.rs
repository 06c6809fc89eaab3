//! The hospital's own data, and the fields that describe a hospital wherever one is described.
//! Zone and currency may be fixed already; then the services say so.

use domain::hospitals::{Hospital, SaveHospital};
use domain::ids::HospitalId;
use domain::money::CURRENCIES;
use leptos::prelude::*;
use leptos_meta::Title;

use crate::accounts::hospital::StaffPolicySection;
use crate::availability::hospital::closures::ClosuresSection;
use crate::form::{Form, Sending, use_form_state};
use crate::hospitals::admin_api::hospital_settings;
use crate::hospitals::admin_forms::KeepHospital;
use crate::payments::hospital::RefundPolicySection;
use crate::portal::Loaded;
use crate::portal::hospital::{Saved, query};
use crate::queues::hospital::QueueSettingsSection;
use crate::reading::Reading;
use crate::t;
use crate::ui::{
    Button, ButtonKind, ButtonRow, Choice, Field, FieldWidth, IconName, LinkButton, PageHeader, Select,
    TextArea,
};

/// Zones that are offered while typing; any other IANA name is taken too.
const ZONES: &[&str] = &[
    "Africa/Cairo",
    "Africa/Johannesburg",
    "Africa/Lagos",
    "Africa/Nairobi",
    "America/Chicago",
    "America/Los_Angeles",
    "America/Mexico_City",
    "America/New_York",
    "America/Sao_Paulo",
    "America/Toronto",
    "Asia/Dubai",
    "Asia/Kolkata",
    "Asia/Seoul",
    "Asia/Singapore",
    "Asia/Tokyo",
    "Australia/Sydney",
    "Europe/Berlin",
    "Europe/Istanbul",
    "Europe/London",
    "Europe/Madrid",
    "Europe/Paris",
    "Europe/Rome",
    "Europe/Stockholm",
    "Europe/Warsaw",
    "Europe/Zurich",
    "Pacific/Auckland",
];

/// See the module.
#[component]
pub fn SettingsPage(
    /// Which hospital.
    hospital: HospitalId,
) -> impl IntoView {
    let form = use_form_state::<KeepHospital>();
    let saved = query("saved");
    let data =
        Reading::new(move || (saved.get(), form.accepted().get()), move |_| hospital_settings(hospital));
    view! {
        <Title text=t!(hospital_frame.settings) />
        <div class="page page-narrow stack-large">
            <PageHeader
                title=t!(hospital_frame.settings)
                actions=move || {
                    view! {
                        <LinkButton href=format!("/hospitals/{hospital}") kind=ButtonKind::Secondary icon=IconName::Globe>
                            {t!(hospital_doctors.public_page)}
                        </LinkButton>
                    }
                }
            />
            <Saved unless=form.problems() />
            <Loaded
                resource=data
                view=move |data: Hospital| {
                    view! {
                        <Form state=form>
                            <input type="hidden" name="hospital" value=hospital.to_string() />
                            <HospitalFields form=*form first=first_values(data) />
                        </Form>
                    }
                }
            />
            <RefundPolicySection hospital />
            <QueueSettingsSection hospital />
            <StaffPolicySection hospital />
            <ClosuresSection hospital />
        </div>
    }
    .into_any()
}

fn first_values(hospital: Hospital) -> SaveHospital {
    SaveHospital {
        name: hospital.name,
        address: hospital.address,
        city: hospital.city,
        phone: hospital.phone,
        time_zone: hospital.time_zone,
        currency: hospital.currency,
        about: hospital.about,
        staff_second_factor: None,
    }
}

/// What describes a hospital, and the button that saves it.
#[component]
pub fn HospitalFields(
    /// The form they stand in.
    form: Sending,
    /// What stands in them at first.
    first: SaveHospital,
) -> impl IntoView {
    let currencies = CURRENCIES.iter().map(|(code, _)| Choice::new(*code, *code)).collect();
    view! {
        <div class="stack form">
            <Field label=t!(hospital_setup.hospital_name) name="name" value=form.value_or("name", &first.name) error=form.problem("name") />
            <Field
                label=t!(hospital_setup.address)
                name="address"
                value=form.value_or("address", &first.address)
                error=form.problem("address")
                autocomplete="address-line1"
            />
            <Field
                label=t!(hospital_setup.city)
                name="city"
                value=form.value_or("city", &first.city)
                error=form.problem("city")
                autocomplete="address-level2"
            />
            <Field
                label=t!(common.phone)
                name="phone"
                kind="tel"
                value=form.value_or("phone", &first.phone)
                hint=t!(hospital_setup.phone_hint)
                error=form.problem("phone")
                autocomplete="tel"
                width=FieldWidth::Short
                optional=true
            />
            <ZoneField value=form.value_or("time_zone", &first.time_zone) error=form.problem("time_zone") />
            <Select
                label=t!(hospital_setup.currency)
                name="currency"
                options=currencies
                value=form.value_or("currency", &first.currency)
                hint=t!(hospital_setup.currency_hint)
                error=form.problem("currency")
                width=FieldWidth::Short
            />
            <TextArea
                label=t!(hospital_setup.about)
                name="about"
                value=form.value_or("about", &first.about)
                hint=t!(hospital_setup.about_hint)
                error=form.problem("about")
                rows=4
                optional=true
            />
            <ButtonRow>
                <Button busy=form.busy()>{t!(common.save)}</Button>
            </ButtonRow>
        </div>
    }
    .into_any()
}

/// A zone by its IANA name, with common ones offered while typing.
#[component]
fn ZoneField(value: String, error: Signal<Option<String>>) -> impl IntoView {
    let zones: Vec<_> = ZONES.iter().map(|zone| view! { <option value=*zone></option> }).collect();
    view! {
        <Field
            label=t!(hospital_setup.zone)
            name="time_zone"
            value=value
            hint=t!(hospital_setup.zone_hint)
            error=error
            width=FieldWidth::Short
            list="zones"
        />
        <datalist id="zones">{zones}</datalist>
    }
    .into_any()
}
