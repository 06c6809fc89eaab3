//! The public pages as crawlers find them: one per hospital and one per doctor.
//! Nothing that needs signing in is in it.

use axum::{
    extract::{Request, State},
    response::Response,
};
use domain::{
    Services,
    doctors::{DoctorQuery, DoctorSort},
    page::{PAGE_MAX, PageQuery},
};

use super::{origin, problem::Problem, pwa};
use crate::state::AppState;

/// Most addresses that one such file may hold.
const MOST: usize = 50_000;

/// `GET /sitemap.xml`
pub(crate) async fn sitemap(State(state): State<AppState>, request: Request) -> Result<Response, Problem> {
    let base = origin::base(request.headers(), request.uri(), state.config.public_url.as_ref());
    let mut paths = vec!["/".to_owned(), "/doctors".to_owned()];
    hospitals(&state.services, &mut paths).await?;
    doctors(&state.services, &mut paths).await?;
    let entries: Vec<String> =
        paths.iter().map(|path| format!("<url><loc>{base}{path}</loc></url>")).collect();
    let body = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n{}\n</urlset>\n",
        entries.join("\n")
    );
    Ok(pwa::text("application/xml; charset=utf-8", body))
}

async fn hospitals(services: &Services, paths: &mut Vec<String>) -> domain::Result<()> {
    let mut cursor = None;
    loop {
        let page = services.hospitals.list(whole(cursor)).await?;
        paths.extend(page.items.iter().map(|hospital| format!("/hospitals/{}", hospital.id)));
        cursor = page.next_cursor;
        if cursor.is_none() || paths.len() >= MOST {
            return Ok(());
        }
    }
}

async fn doctors(services: &Services, paths: &mut Vec<String>) -> domain::Result<()> {
    let mut cursor = None;
    loop {
        let query = DoctorQuery { sort: DoctorSort::Name, page: whole(cursor), ..DoctorQuery::default() };
        let page = services.doctors.search(query).await?;
        paths.extend(page.items.iter().map(|doctor| format!("/doctors/{}", doctor.id)));
        cursor = page.next_cursor;
        if cursor.is_none() || paths.len() >= MOST {
            return Ok(());
        }
    }
}

fn whole(cursor: Option<String>) -> PageQuery {
    PageQuery { cursor, limit: Some(PAGE_MAX) }
}
