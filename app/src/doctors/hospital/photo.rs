//! A doctor's photo and the plain upload that changes it.
//! The server reads the file, makes a picture of its own from it and leads back here; a refusal comes back in the address.

use domain::doctors::DoctorCard;
use leptos::prelude::*;

use crate::i18n::error_text;
use crate::portal::hospital::query;
use crate::t;
use crate::ui::{Avatar, AvatarSize, Button, ButtonKind};

/// See the module.
#[component]
pub fn PhotoForm(
    /// Whose.
    doctor: DoctorCard,
) -> impl IntoView {
    let problem = query("photo_problem");
    let action = format!("/hospital/doctors/{}/photo", doctor.id);
    let refused = move || {
        problem.with(|rule| {
            (!rule.is_empty()).then(|| {
                view! { <p class="field-error" id="field-photo-error" role="alert">{error_text(rule)}</p> }
            })
        })
    };
    view! {
        <section class="photo-form" aria-labelledby="photo">
            <h2 class="section-title" id="photo">
                {t!(hospital_doctors.photo)}
            </h2>
            <Avatar name=doctor.name.clone() photo=doctor.photo.clone().unwrap_or_default() size=AvatarSize::Large />
            <form class="stack-small" method="post" action=action enctype="multipart/form-data">
                <label class="field-label" for="field-photo">
                    {t!(hospital_doctors.photo_file)}
                </label>
                <p class="muted small" id="field-photo-hint">
                    {t!(hospital_doctors.photo_hint)}
                </p>
                {refused}
                <input
                    class="file-input"
                    id="field-photo"
                    type="file"
                    name="photo"
                    accept="image/jpeg,image/png,image/webp"
                    required
                    aria-describedby="field-photo-hint"
                />
                <Button kind=ButtonKind::Secondary>{t!(hospital_doctors.photo_action)}</Button>
            </form>
        </section>
    }
    .into_any()
}
