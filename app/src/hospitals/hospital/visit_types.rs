//! What can be booked at a hospital, closed kinds too.
//! Which doctor offers what is on the doctor's sheet.

use domain::hospitals::{Modality, VisitType};
use domain::ids::HospitalId;
use leptos::prelude::*;
use leptos_meta::Title;

use crate::hospitals::admin_api::{Offer, hospital_offer};
use crate::i18n::{duration, has_decimals, price_in_column};
use crate::portal::Loaded;
use crate::portal::hospital::{Saved, Section};
use crate::reading::Reading;
use crate::t;
use crate::ui::{
    Badge, Cell, Column, EmptyState, IconName, LinkButton, PageHeader, RowHead, SkeletonShape, Table,
    TableRow, Tone,
};

/// See the module.
#[component]
pub fn VisitTypesPage(
    /// Which hospital.
    hospital: HospitalId,
) -> impl IntoView {
    let offer = Reading::new(|| (), move |()| hospital_offer(hospital));
    view! {
        <Title text=t!(hospital_frame.visit_types) />
        <div class="page">
            <PageHeader
                title=t!(hospital_frame.visit_types)
                lead=t!(hospital_setup.visit_types_lead)
                actions=move || {
                    view! {
                        <LinkButton href=Section::NewVisitType.at(hospital) icon=IconName::Plus>
                            {t!(hospital_setup.visit_type_add)}
                        </LinkButton>
                    }
                }
            />
            <Saved />
            <Loaded
                resource=offer
                shape=SkeletonShape::Rows
                view=move |offer: Offer| view! { <List hospital visit_types=offer.visit_types /> }
            />
        </div>
    }
    .into_any()
}

#[component]
fn List(hospital: HospitalId, visit_types: Vec<VisitType>) -> impl IntoView {
    if visit_types.is_empty() {
        return view! { <EmptyState icon=IconName::CalendarPlus text=t!(hospital_setup.visit_types_none) /> }
            .into_any();
    }
    let columns = vec![
        Column::new(t!(common.name)),
        Column::new(t!(hospital_visit.place)),
        Column::numeric(t!(hospital_setup.length)),
        Column::numeric(t!(hospital_setup.buffers)),
        Column::numeric(t!(hospital_visit.price)),
        Column::new(t!(hospital_doctors.state)),
    ];
    let decimals = visit_types.iter().any(|kind| has_decimals(kind.price.amount_minor, &kind.price.currency));
    let rows: Vec<_> =
        visit_types.into_iter().map(|visit_type| row(hospital, visit_type, decimals)).collect();
    view! {
        <Table caption=t!(hospital_frame.visit_types) columns hide_caption=true dense=true>
            {rows}
        </Table>
    }
    .into_any()
}

fn row(hospital: HospitalId, visit_type: VisitType, decimals: bool) -> impl IntoView {
    let place = match visit_type.modality {
        Modality::InPerson => t!(hospital_visit.in_person),
        Modality::Video => t!(hospital_visit.by_video),
    };
    let place = match visit_type.capacity {
        ..=1 => place.to_owned(),
        several => format!("{place}, {}", t!(hospital_setup.at_a_time, most = several)),
    };
    let open =
        if visit_type.follow_up_only { t!(hospital_setup.open_when_asked) } else { t!(hospital_setup.open) };
    let state = if visit_type.active {
        view! { <Badge tone=Tone::Positive icon=IconName::Check>{open}</Badge> }
    } else {
        view! { <Badge tone=Tone::Neutral icon=IconName::XCircle>{t!(hospital_setup.closed)}</Badge> }
    };
    let price = price_in_column(visit_type.price.amount_minor, &visit_type.price.currency, decimals);
    let buffers =
        t!(hospital_setup.buffers_of, before = visit_type.buffer_before, after = visit_type.buffer_after);
    view! {
        <TableRow>
            <RowHead label=t!(common.name)>
                <a href=Section::VisitType(visit_type.id).at(hospital)>{visit_type.name}</a>
            </RowHead>
            <Cell label=t!(hospital_visit.place)>{place}</Cell>
            <Cell label=t!(hospital_setup.length) numeric=true>
                {duration(u32::from(visit_type.minutes))}
            </Cell>
            <Cell label=t!(hospital_setup.buffers) numeric=true>
                {buffers}
            </Cell>
            <Cell label=t!(hospital_visit.price) numeric=true>
                <span class="money">{price}</span>
            </Cell>
            <Cell label=t!(hospital_doctors.state)>{state}</Cell>
        </TableRow>
    }
    .into_any()
}
