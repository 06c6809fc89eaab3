// Another time for a visit: chosen by the patient, with scripts and without, and what happens when somebody is faster.
import { bookVisit, create, freeTimes, hospitalOf, move, newPatient, read } from '../fixtures/house.mjs';
import { expect, test, withAndWithoutScripts } from '../fixtures/journey.mjs';
import { DESK, main, signIn } from '../fixtures/people.mjs';
import { t } from '../fixtures/words.mjs';

/** The Monday of the week in which a moment lies, on the wall of its own clock. */
function mondayOf(start) {
  const day = new Date(`${start.slice(0, 10)}T00:00:00Z`);
  day.setUTCDate(day.getUTCDate() - ((day.getUTCDay() + 6) % 7));
  return day.toISOString().slice(0, 10);
}

/** A free time of the doctor of a visit, another than its own. */
async function another(request, visit) {
  const times = await freeTimes(request, visit.doctor_id, visit.visit_type_id);
  return times[Math.floor(Math.random() * times.length)];
}

withAndWithoutScripts(() => {
  test('a confirmed visit is put on another time', { tag: '@engine' }, async ({ page, request }) => {
    const desk = await hospitalOf(request, DESK);
    const person = await newPatient(request);
    const visit = await bookVisit(request, person, { hospital: desk.id });
    await move(request, desk.token, visit, 'confirm');
    const start = await another(request, visit);
    await signIn(page, person.email, { password: person.password, next: `/appointments/${visit.id}` });
    await main(page).getByRole('link', { name: t('patient.move_visit') }).click();
    await expect(page.getByRole('heading', { level: 1, name: t('patient.move_title') })).toBeVisible();
    await expect(main(page).getByText(t('patient.move_confirmed'))).toBeVisible();
    await page.goto(`/appointments/${visit.id}/reschedule?week=${mondayOf(start)}`);
    await main(page).locator(`input[name="start"][value="${start}"]`).check();
    await main(page).getByRole('button', { name: t('patient.move_action') }).click();
    await expect(main(page).getByText(t('patient.was_moved'))).toBeVisible();
    await expect(main(page).locator('time').first()).toHaveAttribute('datetime', start);
    await expect(main(page).getByText(t('status_patient.booked')).first()).toBeVisible();
    const now = await read(request, `/appointments/${visit.id}`, person.token);
    expect([now.start, now.status, now.reference]).toEqual([start, 'booked', visit.reference]);
  });

  test('when somebody is faster the visit stays where it was', async ({ page, request, gate }) => {
    gate.allow(409);
    const [person, fast] = [await newPatient(request), await newPatient(request)];
    const visit = await bookVisit(request, person);
    const start = await another(request, visit);
    await signIn(page, person.email, { password: person.password, next: `/appointments/${visit.id}/reschedule?week=${mondayOf(start)}` });
    await main(page).locator(`input[name="start"][value="${start}"]`).check();
    await create(request, '/appointments', fast.token, { doctor_id: visit.doctor_id, visit_type_id: visit.visit_type_id, start });
    await main(page).getByRole('button', { name: t('patient.move_action') }).click();
    await expect(page.getByRole('alert').getByText(t('error.slot_taken'))).toBeVisible();
    await expect(main(page).getByText(t('patient.move_nearest'))).toBeVisible();
    expect((await read(request, `/appointments/${visit.id}`, person.token)).start).toBe(visit.start);
  });

  test('the desk puts a visit with another doctor, and the patient reads why', async ({ page, request }) => {
    const desk = await hospitalOf(request, DESK);
    const person = await newPatient(request);
    const visit = await bookVisit(request, person, { hospital: desk.id });
    await signIn(page, DESK, { next: `/hospital/${desk.id}/appointments/${visit.id}` });
    await main(page).getByRole('link', { name: t('hospital_visit.reschedule') }).click();
    await expect(page.getByRole('heading', { level: 1, name: t('hospital_visit.reschedule_title') })).toBeVisible();
    const times = main(page).locator('input[name="start"]');
    while ((await times.count()) === 0) await main(page).getByRole('link', { name: t('booking.later') }).click();
    const start = await times.last().getAttribute('value');
    await times.last().check();
    await main(page).getByLabel(t('hospital_visit.why')).fill('The room is being painted');
    await main(page).getByRole('button', { name: t('hospital_visit.reschedule_action') }).click();
    await expect(main(page).getByText('The room is being painted')).toBeVisible();
    const history = await read(request, `/appointments/${visit.id}/history`, person.token);
    expect(history.at(-1)).toMatchObject({ from: 'booked', to: 'booked', start, reason: 'The room is being painted' });
  });
});

test('a visit that is over leads to the telephone', async ({ page, request }) => {
  const person = await newPatient(request);
  const visit = await bookVisit(request, person);
  await move(request, person.token, visit, 'cancel');
  await signIn(page, person.email, { password: person.password, next: `/appointments/${visit.id}/reschedule` });
  await expect(main(page).getByText(t('patient.move_cannot'))).toBeVisible();
  await expect(main(page).getByRole('button', { name: t('patient.move_action') })).toHaveCount(0);
});
