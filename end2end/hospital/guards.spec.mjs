// What each role does not get to see. The rights themselves are tested at the services; here, that no page shows more.
import { bookVisit, hospitalOf, newPatient } from '../fixtures/house.mjs';
import { expect, test } from '../fixtures/journey.mjs';
import { ADMIN, DESK, DOCTOR, PLATFORM, main, signIn } from '../fixtures/people.mjs';
import { t } from '../fixtures/words.mjs';

const ADMINISTRATION = ['doctors', 'doctors/new', 'visit-types', 'visit-types/new', 'resources', 'departments', 'members', 'settings', 'audit', 'audit/questions', 'emergencies'];

/** The page is refused, and shows no form and no table. */
async function expectNothing(page, path) {
  const response = await page.goto(path);
  expect([403, 404], `${path} answers ${response.status()}`).toContain(response.status());
  await expect(main(page).locator('table, form, .doctor-day, .summary-list'), path).toHaveCount(0);
}

test('nobody in particular is asked to sign in', async ({ page, request }) => {
  const hospital = await hospitalOf(request, DESK);
  for (const path of ['/hospital', `/hospital/${hospital.id}`, `/hospital/${hospital.id}/patients`, '/hospital/platform']) {
    await page.goto(path);
    await expect(page, path).toHaveURL(`/sign-in?next=${encodeURIComponent(path)}`);
  }
});

test('a patient gets nothing of the hospital portal', async ({ page, request, gate }) => {
  gate.allow(404);
  const hospital = await hospitalOf(request, DESK);
  const person = await newPatient(request);
  const visit = await bookVisit(request, person, { hospital: hospital.id });
  await signIn(page, person.email, { password: person.password });
  const pages = ['', '/calendar', '/calendar/day', '/patients', `/appointments/${visit.id}`, '/book', ...ADMINISTRATION.map((name) => `/${name}`)];
  for (const path of ['/hospital', '/hospital/platform', ...pages.map((name) => `/hospital/${hospital.id}${name}`)]) {
    await expectNothing(page, path);
    await expect(page.getByText(t('hospital_frame.no_membership_title')), path).toBeVisible();
  }
});

test('the desk and the doctor do not get into the administration', async ({ page, another, request, gate }) => {
  gate.allow(403);
  gate.allow(404);
  const hospital = await hospitalOf(request, DESK);
  for (const [email, view] of [[DESK, page], [DOCTOR, await another()]]) {
    await signIn(view, email);
    const navigation = view.getByRole('navigation', { name: t('shell.main_navigation') });
    for (const words of ['doctors', 'visit_types', 'departments', 'members', 'settings', 'platform']) {
      await expect(navigation.getByRole('link', { name: t(`hospital_frame.${words}`), exact: true })).toHaveCount(0);
    }
    for (const path of [...ADMINISTRATION.map((name) => `/hospital/${hospital.id}/${name}`), '/hospital/platform', '/hospital/platform/new']) {
      await expectNothing(view, path);
    }
  }
});

test('what is closed or absent leads staff to their day and a patient to her visits', async ({ page, another, request, gate }) => {
  gate.allow(404);
  const hospital = await hospitalOf(request, DESK);
  await signIn(page, DESK);
  for (const path of ['members', 'nowhere']) {
    await page.goto(`/hospital/${hospital.id}/${path}`);
    await expect(main(page).getByText(t('state.not_open_text')), path).toBeVisible();
    await expect(main(page).getByRole('link', { name: t('state.to_today') }), path).toHaveAttribute('href', `/hospital/${hospital.id}`);
  }
  const person = await newPatient(request);
  const home = await another();
  await signIn(home, person.email, { password: person.password });
  await home.goto('/appointments/00000000-0000-7000-8000-000000000000');
  await expect(main(home).getByText(t('state.not_open_text'))).toBeVisible();
  await expect(main(home).getByRole('link', { name: t('state.to_visits') })).toHaveAttribute('href', '/appointments');
});

test('another hospital looks absent, to its neighbours and to the platform', async ({ page, another, request, gate }) => {
  gate.allow(404);
  const [here, there] = [await hospitalOf(request, ADMIN), await hospitalOf(request, 'desk2@demo.example')];
  const person = await newPatient(request);
  const visit = await bookVisit(request, person, { hospital: there.id });
  await signIn(page, ADMIN);
  for (const path of ['', '/patients', '/calendar', '/calendar/day', `/appointments/${visit.id}`, '/members', '/settings']) {
    await expectNothing(page, `/hospital/${there.id}${path}`);
  }
  await expectNothing(page, `/hospital/${here.id}/appointments/${visit.id}`);
  await expectNothing(page, `/hospital/${here.id}/patients/${person.patient_id}`);

  const platform = await another();
  await signIn(platform, PLATFORM);
  await expectNothing(platform, `/hospital/${here.id}`);
  await expectNothing(platform, `/hospital/${here.id}/patients`);
});
