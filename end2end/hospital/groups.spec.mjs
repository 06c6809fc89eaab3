// Group visits: a hospital says how many may come at one time, patients read how many places are left, and the last one goes to one.
// How contests for a seat end is tested with the services.
import { bookNow, expectBooked } from '../fixtures/booking.mjs';
import { create, dateIn, freeTimes, hospitalOf, newPatient, read } from '../fixtures/house.mjs';
import { expect, test, withAndWithoutScripts } from '../fixtures/journey.mjs';
import { ADMIN, main, signIn, unique } from '../fixtures/people.mjs';
import { t } from '../fixtures/words.mjs';

/** A kind of visit of its own, with a doctor who works every morning and offers nothing else. */
async function clinic(request, capacity = 1) {
  const hospital = await hospitalOf(request, ADMIN);
  const name = `Vaccination ${unique()}`;
  const kind = await create(request, `/hospitals/${hospital.id}/visit-types`, hospital.token, {
    name, modality: 'in_person', minutes: 30, price_minor: 1000, capacity,
  });
  const doctor = await create(request, `/hospitals/${hospital.id}/doctors`, hospital.token, {
    name: `Dr. Only ${unique()}`, specialties: ['dentistry'], languages: ['en'], biography: '', department_id: null,
    visit_type_ids: [kind.id], active: true,
  });
  const weekly = [1, 2, 3, 4, 5, 6, 7].map((weekday) => ({ weekday, start: '09:00', end: '12:00' }));
  const data = { weekly, rules: { cadence_minutes: 30, notice_minutes: 60, horizon_days: 60 } };
  const response = await request.put(`/api/v1/doctors/${doctor.id}/hours`, { data, headers: { authorization: `Bearer ${hospital.token}` } });
  expect(response.ok(), await response.text()).toBeTruthy();
  return { hospital, kind, doctor };
}

/** The Monday of the week of a date. */
function mondayOf(date) {
  const day = new Date(`${date}T12:00:00Z`);
  day.setUTCDate(day.getUTCDate() - ((day.getUTCDay() + 6) % 7));
  return day.toISOString().slice(0, 10);
}

withAndWithoutScripts(() => {
  test('a hospital lets two come at one time, two do, and the third is told that it is taken', { tag: '@engine' }, async ({ page, another, request, gate }) => {
    gate.allow(409);
    gate.allow(422);
    const { hospital, kind, doctor } = await clinic(request);
    await signIn(page, ADMIN, { next: `/hospital/${hospital.id}/visit-types/${kind.id}` });
    const capacity = main(page).getByLabel(t('hospital_setup.capacity'));
    const save = main(page).getByRole('button', { name: t('common.save'), exact: true }).first();
    await expect(capacity).toHaveValue('1');
    await capacity.fill('51');
    await save.click();
    await expect(page.getByRole('alert').getByText(t('error.capacity_out_of_range'))).toBeVisible();
    await expect(capacity).toHaveValue('51');
    await capacity.fill('2');
    await save.click();
    await expect(main(page).getByText(t('common.saved'), { exact: true })).toBeVisible();
    const types = await read(request, `/hospitals/${hospital.id}/visit-types`, hospital.token);
    expect(types.find((type) => type.id === kind.id)).toMatchObject({ capacity: 2 });

    const [first, second, third] = [await newPatient(request), await newPatient(request), await newPatient(request)];
    const [start] = await freeTimes(request, doctor.id, kind.id);
    await create(request, '/appointments', first.token, { doctor_id: doctor.id, visit_type_id: kind.id, start });
    const times = `/book/${doctor.id}/time?visit_type=${kind.id}&week=${mondayOf(start.slice(0, 10))}`;
    const hers = await another();
    await signIn(hers, second.email, { password: second.password, next: times });
    const time = hers.locator(`label:has(input[value="${start}"])`);
    await expect(time).toContainText(t('booking.places_left', { count: 1 }));
    await expect(main(hers)).not.toContainText(first.full_name);
    await time.click();
    await main(hers).getByRole('button', { name: t('common.continue_on') }).click();
    await bookNow(hers, 'The second one');
    await expectBooked(hers);

    // Whoever has looked at it before is told, and is offered others.
    expect(await freeTimes(request, doctor.id, kind.id)).not.toContain(start);
    const late = await another();
    const next = `/book/${doctor.id}/review?visit_type=${kind.id}&start=${encodeURIComponent(start)}`;
    await signIn(late, third.email, { password: third.password, next });
    await bookNow(late, 'The third one');
    await expect(late.getByRole('alert').getByText(t('error.slot_taken'))).toBeVisible();
    expect(await late.getByRole('group', { name: t('booking.alternatives') }).getByRole('radio').count()).toBeGreaterThan(0);
    await late.goto(times);
    await main(late).getByText(t('booking.why_open')).click();
    await main(late).getByLabel(t('booking.why_day')).fill(start.slice(0, 10));
    await main(late).getByLabel(t('booking.why_time')).fill(start.slice(11, 16));
    await main(late).getByRole('button', { name: t('booking.why_action') }).click();
    await expect(main(late).getByText(t('booking.why_group_full'))).toBeVisible();
  });

  test('the desk sees who comes together', async ({ page, request }) => {
    const { hospital, kind, doctor } = await clinic(request, 8);
    const people = [await newPatient(request), await newPatient(request), await newPatient(request)];
    const date = dateIn(10);
    const calendar = `/hospital/${hospital.id}/calendar/${doctor.id}`;
    for (const person of people) {
      await create(request, '/appointments', person.token, { doctor_id: doctor.id, visit_type_id: kind.id, start: `${date}T10:00` });
    }
    await signIn(page, ADMIN, { next: `${calendar}?view=grid&week=${mondayOf(date)}` });
    const group = main(page).locator('.calendar-group');
    await expect(group).toHaveCount(1);
    await expect(group).toContainText(t('hospital_calendar.together_of', { taken: 3, places: 8 }));
    const time = '10:00';
    const spoken = t('hospital_calendar.together_of_spoken', { time, taken: 3, places: 8 });
    await expect(main(page).getByRole('group', { name: spoken })).toHaveCount(1);
    await expect(group.getByRole('link')).toHaveCount(3);
    for (const person of people) await expect(group).toContainText(person.full_name);
    await page.goto(`${calendar}?view=list&week=${mondayOf(date)}`);
    for (const person of people) await expect(main(page).getByRole('listitem').filter({ hasText: person.full_name })).toHaveCount(1);
  });
});
