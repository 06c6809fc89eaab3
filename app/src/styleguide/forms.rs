//! Every field, empty, filled and refused.
//! Sample data only; the form posts nowhere.

use leptos::prelude::*;

use super::Chapter;
use crate::i18n::error_text;
use crate::ui::{
    Button, ButtonKind, ButtonRow, Checkbox, CheckboxGroup, Choice, DateField, Field, FieldWidth, FormErrors,
    LinkButton, Problem, RadioGroup, RadioLayout, SearchField, Select, TextArea, TimeRange,
};

pub(super) fn samples() -> impl IntoView {
    view! {
        <Chapter title="A form that was refused">
            <form class="form page-narrow-inner" method="get" novalidate>
                <FormErrors problems=vec![
                    Problem::new("email", error_text("email_invalid")),
                    Problem::new("birth_date", error_text("birth_date_future")),
                ] />
                <Field label="Full name" name="full_name" value="Maria de la Cruz" autocomplete="name" />
                <Field
                    label="E-mail address"
                    name="email"
                    kind="email"
                    value="maria@example"
                    hint="We write to it about your visits only."
                    error=error_text("email_invalid")
                    autocomplete="email"
                />
                <DateField
                    label="Date of birth"
                    name="birth_date"
                    value="2051-11-24"
                    hint="For example 24 11 1951"
                    error=error_text("birth_date_future")
                    autocomplete="bday"
                />
                <Field label="Phone" name="phone" kind="tel" width=FieldWidth::Short optional=true autocomplete="tel" />
                <Field label="Length" name="minutes" value="20" width=FieldWidth::Tiny unit="min" inputmode="numeric" />
                <Select
                    label="Specialty"
                    name="specialty"
                    placeholder="Any"
                    options=vec![Choice::new("cardiology", "Heart (cardiology)"), Choice::new("urology", "Urology")]
                    value="cardiology"
                />
                <TextArea label="What should the doctor know?" name="note" optional=true max_length=500 />
                <Checkbox label="Remind me by e-mail" name="remind" checked=true hint="A day before the visit." />
                <Checkbox label="I agree to the terms" name="terms" error=error_text("required") />
                <ButtonRow>
                    <Button>"Continue"</Button>
                    <LinkButton href="#main" kind=ButtonKind::Quiet>"Cancel"</LinkButton>
                </ButtonRow>
            </form>
        </Chapter>
        <Chapter title="Choices">
            <div class="columns-2">
                <RadioGroup legend="What is it about?" name="reason" layout=RadioLayout::Cards options=reasons() value="first" />
                <div class="stack">
                    <RadioGroup legend="Tuesday 24 November, 6 times" name="slot" layout=RadioLayout::Chips options=times() value="1000" />
                    <RadioGroup
                        legend="Who is it for?"
                        name="who"
                        options=vec![Choice::new("me", "Me"), Choice::new("child", "My child")]
                        error=error_text("choose")
                    />
                    <CheckboxGroup
                        legend="Languages"
                        name="languages"
                        options=vec![Choice::new("en", "English"), Choice::new("hi", "Hindi")]
                        values=vec!["en".to_owned()]
                    />
                </div>
            </div>
            <SearchField label="Find a doctor" name="q" hint="By name, specialty or place" />
            <TimeRange legend="Monday" start_name="monday_start" end_name="monday_end" start="09:00" end="12:30" />
            <TimeRange
                legend="Tuesday"
                start_name="tuesday_start"
                end_name="tuesday_end"
                start="14:00"
                end="13:00"
                error=error_text("hours_order")
            />
        </Chapter>
    }
}

fn reasons() -> Vec<Choice> {
    vec![
        Choice::new("first", "First visit").hint("In person, 40 min").note("₹800"),
        Choice::new("follow", "Follow-up").hint("In person, 20 min").note("₹500"),
        Choice::new("video", "Video visit").hint("From home, 15 min").note("₹450"),
    ]
}

fn times() -> Vec<Choice> {
    ["09:10", "09:35", "10:00", "10:25", "11:15", "11:40"]
        .into_iter()
        .map(|time| Choice::new(time.replace(':', ""), time))
        .chain([Choice::new("1200", "12:00").disabled()])
        .collect()
}
