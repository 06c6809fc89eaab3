// Hours that are looked at before they are saved, and many visits that are moved or cancelled together and put back.
// When patients are told, and what undoing leaves, is tested with the services: here nobody waits for ten minutes.
import { bookVisit, newDoctor, newPatient, read } from '../fixtures/house.mjs';
import { expect, test, withAndWithoutScripts } from '../fixtures/journey.mjs';
import { ADMIN, main, signIn } from '../fixtures/people.mjs';
import { t } from '../fixtures/words.mjs';

/** A doctor of her own who works every morning, and a patient with a visit. */
async function booked(request) {
  const { hospital, doctor, kind } = await newDoctor(request);
  const weekly = [1, 2, 3, 4, 5, 6, 7].map((weekday) => ({ weekday, start: '09:00', end: '12:00' }));
  const data = { weekly, rules: { cadence_minutes: 30, notice_minutes: 60, horizon_days: 60 } };
  const response = await request.put(`/api/v1/doctors/${doctor.id}/hours`, { data, headers: { authorization: `Bearer ${hospital.token}` } });
  expect(response.ok(), await response.text()).toBeTruthy();
  const person = await newPatient(request);
  const visit = await bookVisit(request, person, { doctor: { ...doctor, visit_types: [kind] } });
  return { hospital, doctor, person, visit, date: visit.start.slice(0, 10) };
}

/** The page of the hours, with an absence typed for a date. */
async function typeAbsence(page, hospital, doctor, date) {
  await signIn(page, ADMIN, { next: `/hospital/${hospital.id}/doctors/${doctor.id}/hours` });
  const away = main(page).getByRole('region', { name: t('hospital_hours.away') });
  await away.getByText(t('hospital_hours.away_add_title')).click();
  await away.getByLabel(t('hospital_hours.away_from')).fill(date);
  await away.getByLabel(t('hospital_hours.away_to')).fill(date);
  await away.getByLabel(t('hospital_hours.note')).fill('Ski');
  return away;
}

/** The visit as its hospital sees it. */
async function now(request, hospital, visit) {
  return read(request, `/appointments/${visit.id}`, hospital.token);
}

withAndWithoutScripts(() => {
  test('an absence that hits a visit is looked at before it is saved', { tag: '@engine' }, async ({ page, request, gate }) => {
    gate.allow(409);
    const { hospital, doctor, person, visit, date } = await booked(request);
    const away = await typeAbsence(page, hospital, doctor, date);
    // The button that saves leads to the page that shows what is hit.
    await away.getByRole('button', { name: t('hospital_hours.away_add') }).click();
    await expect(main(page).getByRole('heading', { level: 1, name: t('hours_preview.title') })).toBeVisible();
    await expect(main(page).getByRole('row').filter({ hasText: person.full_name })).toBeVisible();
    expect((await read(request, `/doctors/${doctor.id}/hours`, hospital.token)).absences).toHaveLength(0);
    // Whoever goes back finds what was typed.
    await main(page).getByRole('link', { name: t('hours_preview.back'), exact: true }).click();
    await expect(away.getByLabel(t('hospital_hours.away_from'))).toHaveValue(date);
    await expect(away.getByLabel(t('hospital_hours.note'))).toHaveValue('Ski');
    await away.getByRole('button', { name: t('hours_preview.look') }).click();
    await main(page).getByRole('button', { name: t('hours_preview.save') }).click();
    await expect(main(page).getByText(t('common.saved'), { exact: true }).first()).toBeVisible();
    expect((await read(request, `/doctors/${doctor.id}/hours`, hospital.token)).absences).toHaveLength(1);
    expect((await now(request, hospital, visit)).status).toBe('booked');
  });

  test('visits are cancelled together, and put back before anybody is told', { tag: '@engine' }, async ({ page, request, gate }) => {
    gate.allow(422);
    const { hospital, doctor, person, visit, date } = await booked(request);
    await signIn(page, ADMIN, { next: `/hospital/${hospital.id}/changes/doctor/${doctor.id}?from=${date}&to=${date}` });
    const row = main(page).getByRole('row').filter({ hasText: person.full_name });
    await expect(row).toContainText(t('hospital_visit.born', { date: '24 Nov 1951' }));
    await row.getByRole('combobox').selectOption('cancel');
    await main(page).getByRole('button', { name: t('changes.look') }).click();
    // Without a reason nothing is planned, and the choice stays.
    await expect(main(page).locator('#form-errors')).toBeVisible();
    await expect(row.getByRole('combobox')).toHaveValue('cancel');
    await main(page).getByLabel(t('changes.reason')).fill('The doctor is ill');
    await main(page).getByRole('button', { name: t('changes.look') }).click();
    await expect(main(page).getByRole('heading', { level: 1, name: t('changes.plan_title') })).toBeVisible();
    expect((await now(request, hospital, visit)).status).toBe('booked');
    await main(page).getByRole('button', { name: t('changes.make') }).click();
    await expect(main(page).getByText(t('changes.not_told_title'))).toBeVisible();
    expect((await now(request, hospital, visit)).status).toBe('cancelled');
    await main(page).getByRole('button', { name: t('changes.undo') }).click();
    await expect(main(page).getByText(t('changes.undone'))).toBeVisible();
    const back = await now(request, hospital, visit);
    expect([back.status, back.start]).toEqual(['booked', visit.start]);
    // It stands in the list of the hospital.
    await page.goto(`/hospital/${hospital.id}/changes`);
    await expect(main(page).getByRole('row').filter({ hasText: doctor.name })).toContainText(t('changes.state_undone'));
  });

  test('a visit is put on a proposed time with others', async ({ page, request }) => {
    const { hospital, doctor, person, visit, date } = await booked(request);
    await signIn(page, ADMIN, { next: `/hospital/${hospital.id}/changes/doctor/${doctor.id}?from=${date}&to=${date}` });
    await main(page).getByRole('link', { name: t('changes.all_move') }).click();
    const choice = main(page).getByRole('row').filter({ hasText: person.full_name }).getByRole('combobox');
    await expect(choice).toHaveValue(/^move~/);
    await main(page).getByRole('button', { name: t('changes.look') }).click();
    await main(page).getByRole('button', { name: t('changes.make') }).click();
    await expect(main(page).getByText(t('changes.not_told_title'))).toBeVisible();
    const moved = await now(request, hospital, visit);
    expect(moved.start).not.toBe(visit.start);
    expect(moved.reference).toBe(visit.reference);
  });
});
