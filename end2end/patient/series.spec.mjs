// Being asked back, and visits in a row: the desk asks, the patient chooses a time that fits; a series shows what stands in the way of
// each date, is booked in one step, and what is left of it is cancelled in one step.
// Which times fit is tested with the services.
import { anyOf, bookVisit, create, doctors, freeTimes, hospitalOf, newPatient } from '../fixtures/house.mjs';
import { expect, test, withAndWithoutScripts } from '../fixtures/journey.mjs';
import { DESK, main, signIn } from '../fixtures/people.mjs';
import { like, t } from '../fixtures/words.mjs';

/** A doctor of the desk's hospital whose visits can be booked in a row, and that kind. */
async function inARow(request, hospital) {
  const offers = (doctor) => doctor.visit_types.some((kind) => kind.series);
  const doctor = (await doctors(request, hospital)).filter(offers).at(0);
  return { doctor, kind: doctor.visit_types.find((kind) => kind.series) };
}

withAndWithoutScripts((scripts) => {
  test('somebody is asked back, and chooses one of the times that fit', { tag: '@engine' }, async ({ page, another, request, gate }) => {
    gate.allow(422);
    const hospital = await hospitalOf(request, DESK);
    const person = await newPatient(request);
    const visit = await bookVisit(request, person, { hospital: hospital.id });
    const desk = await another();
    await signIn(desk, DESK, { next: `/hospital/${hospital.id}/appointments/${visit.id}` });
    await main(desk).getByRole('link', { name: t('follow_ups.ask_back') }).click();
    await main(desk).getByLabel(t('follow_ups.earliest')).fill('3');
    await main(desk).getByLabel(t('follow_ups.latest')).fill('2');
    await main(desk).getByRole('button', { name: t('follow_ups.ask_back_action') }).click();
    await expect(main(desk).locator('#form-errors')).toBeVisible();
    await expect(main(desk).getByLabel(t('follow_ups.earliest'))).toHaveValue('3');
    await main(desk).getByLabel(t('follow_ups.latest')).fill('8');
    await main(desk).getByRole('button', { name: t('follow_ups.ask_back_action') }).click();
    await expect(main(desk).getByText(t('follow_ups.offered'))).toBeVisible();
    await expect(main(desk)).toContainText(t('follow_ups.waits'));

    await signIn(page, person.email, { password: person.password });
    await page.goto('/');
    await expect(main(page)).toContainText(visit.doctor.name);
    await main(page).getByRole('link', { name: t('follow_ups.choose') }).click();
    await expect(main(page).getByRole('heading', { level: 1, name: t('follow_ups.title') })).toBeVisible();
    // Any of them: somebody else may want the first one at this moment.
    await anyOf(await main(page).locator('label.radio').all()).click();
    if (scripts) await expect(main(page).getByText(like('follow_ups.chosen'))).toContainText(visit.doctor.name);
    await main(page).getByRole('button', { name: t('follow_ups.book') }).click();
    await expect(page).toHaveURL(/\/appointments\/[0-9a-f-]{36}\?booked=1$/);
    await page.goto('/');
    await expect(main(page).getByText(t('follow_ups.notice_title'))).toHaveCount(0);
  });

  test('a series leaves out what cannot be had, and its rest is cancelled at once', { tag: '@engine' }, async ({ page, request }) => {
    const hospital = await hospitalOf(request, DESK);
    const { doctor, kind } = await inARow(request, hospital.id);
    const start = anyOf(await freeTimes(request, doctor.id, kind.id));
    const person = await newPatient(request);
    const path = `/book/${doctor.id}/series?visit_type=${kind.id}&date=${start.slice(0, 10)}&time=${start.slice(11, 16)}`;
    await signIn(page, person.email, { password: person.password, next: `${path}&every=1&count=3` });
    await expect(main(page).getByRole('heading', { level: 1, name: t('series.choose_title') })).toBeVisible();
    const groups = main(page).getByRole('group');
    await expect(groups).toHaveCount(3);
    // Whatever others have taken: the first free choice of each date, or another time of its week.
    for (const group of await groups.all()) await group.locator('label.radio').first().click();
    await main(page).getByRole('button', { name: t('series.book') }).click();
    await expect(main(page).getByRole('heading', { level: 1, name: t('series.done_title') })).toBeVisible();
    await expect(main(page).getByText(t('series.place', { number: 1, total: 3 }))).toBeVisible();
    await main(page).getByRole('link', { name: t('series.cancel_rest') }).click();
    await expect(main(page)).toContainText(t('series.cancel_rest_text', { doctor: doctor.name, kind: kind.name }));
    await main(page).getByRole('button', { name: t('series.cancel_rest_action', { count: 3 }) }).click();
    await expect(main(page).getByText(t('series.were_cancelled'))).toBeVisible();
  });

  test('a date that is taken says so, and the others stay', async ({ page, request }) => {
    const hospital = await hospitalOf(request, DESK);
    const { doctor, kind } = await inARow(request, hospital.id);
    const times = await freeTimes(request, doctor.id, kind.id);
    const start = times.at(-1);
    const other = await newPatient(request);
    await create(request, '/appointments', other.token, { doctor_id: doctor.id, visit_type_id: kind.id, start });
    const person = await newPatient(request);
    const path = `/book/${doctor.id}/series?visit_type=${kind.id}&date=${start.slice(0, 10)}&time=${start.slice(11, 16)}`;
    await signIn(page, person.email, { password: person.password, next: `${path}&every=2&count=2` });
    const first = main(page).getByRole('group').first();
    await expect(first).toContainText(t('series.taken'));
    await expect(first.getByRole('radio', { name: t('series.skip') })).toBeChecked();
  });
});

test('a time that was marked is not booked from another week', async ({ page, request }) => {
  const hospital = await hospitalOf(request, DESK);
  const person = await newPatient(request);
  const visit = await bookVisit(request, person, { hospital: hospital.id });
  const ticket = await create(request, `/appointments/${visit.id}/follow-ups`, hospital.token, {
    visit_type_id: visit.doctor.visit_types[0].id, earliest: 1, latest: 8, unit: 'weeks',
  });
  await signIn(page, person.email, { password: person.password, next: `/follow-ups/${ticket.id}` });
  const times = main(page).locator('input[name="start"]');
  await main(page).locator('label.radio').nth(1).click();
  await expect(times.nth(1)).toBeChecked();
  await expect(main(page).getByText(like('follow_ups.chosen'))).toBeVisible();
  const first = await times.first().getAttribute('value');
  await main(page).getByRole('link', { name: t('booking.later') }).click();
  await expect(times.first()).not.toHaveAttribute('value', first);
  await expect(main(page).locator('input[name="start"]:checked')).toHaveCount(0);
  await expect(main(page).getByText(like('follow_ups.chosen'))).toHaveCount(0);
});

test('the way to a series begins where one visit is booked', async ({ page, request }) => {
  const { doctor, kind } = await inARow(request);
  const [start] = await freeTimes(request, doctor.id, kind.id);
  const person = await newPatient(request);
  const next = `/book/${doctor.id}/review?visit_type=${kind.id}&start=${encodeURIComponent(start)}`;
  await signIn(page, person.email, { password: person.password, next });
  await main(page).getByRole('link', { name: t('series.to_choose') }).click();
  await expect(main(page).getByLabel(t('series.first_date'))).toHaveValue(start.slice(0, 10));
  await expect(main(page).getByLabel(t('series.at_time'))).toHaveValue(start.slice(11, 16));
});
