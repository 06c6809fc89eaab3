// Rooms that visits need besides the doctor, and how many visits a day takes: as an administrator sets them and a patient is told.
// How contests for a room end is tested with the services.
import { create, dateIn, freeTimes, hospitalOf, newPatient, read } from '../fixtures/house.mjs';
import { expect, test, withAndWithoutScripts } from '../fixtures/journey.mjs';
import { ADMIN, main, signIn, unique } from '../fixtures/people.mjs';
import { t } from '../fixtures/words.mjs';

/** A kind of visit of its own, with doctors who work every morning and offer nothing else. */
async function clinic(request, number) {
  const hospital = await hospitalOf(request, ADMIN);
  const kind = await create(request, `/hospitals/${hospital.id}/visit-types`, hospital.token, {
    name: `Ultrasound ${unique()}`, modality: 'in_person', minutes: 30, price_minor: 1000,
  });
  const doctors = [];
  for (let made = 0; made < number; made += 1) {
    const doctor = await create(request, `/hospitals/${hospital.id}/doctors`, hospital.token, {
      name: `Dr. Only ${unique()}`, specialties: ['dentistry'], languages: ['en'], biography: '', department_id: null,
      visit_type_ids: [kind.id], active: true,
    });
    const weekly = [1, 2, 3, 4, 5, 6, 7].map((weekday) => ({ weekday, start: '09:00', end: '12:00' }));
    const data = { weekly, rules: { cadence_minutes: 30, notice_minutes: 60, horizon_days: 60 } };
    const response = await request.put(`/api/v1/doctors/${doctor.id}/hours`, { data, headers: { authorization: `Bearer ${hospital.token}` } });
    expect(response.ok(), await response.text()).toBeTruthy();
    doctors.push(doctor);
  }
  return { hospital, kind, doctors };
}

/** Asks on the page of free times why one is not there. */
async function askWhy(page, date, time) {
  await main(page).getByText(t('booking.why_open')).click();
  await main(page).getByLabel(t('booking.why_day')).fill(date);
  await main(page).getByLabel(t('booking.why_time')).fill(time);
  await main(page).getByRole('button', { name: t('booking.why_action') }).click();
}

withAndWithoutScripts(() => {
  test('a room is added, needed, and taken by the visit of another doctor', { tag: '@engine' }, async ({ page, request, gate }) => {
    gate.allow(422);
    const { hospital, kind, doctors: [first, second] } = await clinic(request, 2);
    const room = `Room ${unique()}`;
    await signIn(page, ADMIN, { next: `/hospital/${hospital.id}/resources` });
    const add = main(page).getByRole('region', { name: t('hospital_resources.add') });
    await add.getByRole('button', { name: t('common.add'), exact: true }).click();
    await expect(page.getByRole('alert').getByText(t('error.required'))).toBeVisible();
    await add.getByLabel(t('common.name'), { exact: true }).fill(room);
    await add.getByRole('button', { name: t('common.add'), exact: true }).click();
    await expect(main(page).getByText(t('common.saved'), { exact: true })).toBeVisible();
    await expect(main(page).getByRole('row').filter({ hasText: room })).toContainText(t('hospital_resources.in_use'));

    await page.goto(`/hospital/${hospital.id}/visit-types/${kind.id}`);
    const needs = main(page).getByRole('region', { name: t('hospital_resources.needs_title') });
    await needs.getByLabel(t('hospital_resources.need_name')).fill('Quiet room');
    await needs.getByRole('button', { name: t('hospital_resources.need_add') }).click();
    // Nothing was chosen; what was typed stays.
    await expect(page.getByRole('alert').getByText(t('error.choose'))).toBeVisible();
    await expect(needs.getByLabel(t('hospital_resources.need_name'))).toHaveValue('Quiet room');
    await needs.getByRole('checkbox', { name: room }).check();
    await needs.getByRole('button', { name: t('hospital_resources.need_add') }).click();
    await expect(needs.getByRole('row').filter({ hasText: 'Quiet room' })).toContainText(room);

    const person = await newPatient(request);
    const [start] = await freeTimes(request, first.id, kind.id);
    const visit = await create(request, '/appointments', person.token, { doctor_id: first.id, visit_type_id: kind.id, start });
    expect(await freeTimes(request, second.id, kind.id)).not.toContain(start);
    await page.goto(`/hospital/${hospital.id}/appointments/${visit.id}`);
    await expect(main(page).getByText(room)).toBeVisible();

    await page.goto(`/book/${second.id}/time?visit_type=${kind.id}`);
    await askWhy(page, start.slice(0, 10), start.slice(11, 16));
    await expect(main(page).getByText(t('booking.why_no_resource', { what: 'Quiet room' }))).toBeVisible();
    await expect(main(page)).not.toContainText(person.full_name);
  });

  test('a room that is out of use is given to no new visit', async ({ page, request }) => {
    const { hospital, kind, doctors: [doctor] } = await clinic(request, 1);
    const room = `Room ${unique()}`;
    const made = await create(request, `/hospitals/${hospital.id}/resources`, hospital.token, { kind: 'room', name: room });
    await create(request, `/hospitals/${hospital.id}/visit-types/${kind.id}/needs`, hospital.token, { name: 'Quiet room', resource_ids: [made.id] });
    expect((await freeTimes(request, doctor.id, kind.id)).length).toBeGreaterThan(0);
    await signIn(page, ADMIN, { next: `/hospital/${hospital.id}/resources` });
    await main(page).getByRole('link', { name: room }).click();
    await page.getByRole('checkbox', { name: t('hospital_resources.can_be_used') }).uncheck();
    await main(page).getByRole('button', { name: t('common.save'), exact: true }).click();
    await expect(main(page).getByRole('row').filter({ hasText: room })).toContainText(t('hospital_resources.out_of_use'));
    expect(await freeTimes(request, doctor.id, kind.id)).toEqual([]);
  });

  test('a day takes as many visits as the hospital says', { tag: '@engine' }, async ({ page, request, gate }) => {
    gate.allow(422);
    const { hospital, kind, doctors: [doctor] } = await clinic(request, 1);
    const hours = `/hospital/${hospital.id}/doctors/${doctor.id}/hours`;
    await signIn(page, ADMIN, { next: hours });
    const most = main(page).getByLabel(t('hospital_hours.most_a_day'));
    const save = main(page).getByRole('button', { name: t('hospital_hours.save') });
    await most.fill('many');
    await save.click();
    await expect(page.getByRole('alert').getByText(t('error.number_invalid'))).toBeVisible();
    await expect(most).toHaveValue('many');
    await most.fill('1');
    await save.click();
    await expect(main(page).getByText(t('common.saved'), { exact: true })).toBeVisible();
    await expect(most).toHaveValue('1');
    expect((await read(request, `/doctors/${doctor.id}/hours`, hospital.token)).rules.most_a_day).toBe(1);

    const person = await newPatient(request);
    const date = dateIn(10);
    const start = `${date}T09:00`;
    await create(request, '/appointments', person.token, { doctor_id: doctor.id, visit_type_id: kind.id, start });
    expect((await freeTimes(request, doctor.id, kind.id)).filter((free) => free.startsWith(date))).toEqual([]);
    await page.goto(`/book/${doctor.id}/time?visit_type=${kind.id}`);
    await askWhy(page, date, '11:00');
    await expect(main(page).getByText(t('booking.why_day_full'))).toBeVisible();
  });
});
