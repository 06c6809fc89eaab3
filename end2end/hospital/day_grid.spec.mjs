// The day with doctors beside each other: whose visit stands in which column, the ways to other days, and the grid under keys and on a phone.
// How visits are carried to other times is in `carrying.spec.mjs`: here they stay where they are.
import { anyOf, bookVisit, doctors, freeTimes, hospitalOf, newPatient } from '../fixtures/house.mjs';
import { alive } from '../fixtures/hydration.mjs';
import { expect, test, withAndWithoutScripts } from '../fixtures/journey.mjs';
import { DESK, main, signIn } from '../fixtures/people.mjs';
import { t } from '../fixtures/words.mjs';

/** Two patients with visits on one day, each with a doctor of her own. */
async function twoVisits(request) {
  const hospital = await hospitalOf(request, DESK);
  const all = await doctors(request, hospital.id);
  const person = await newPatient(request, 'Una');
  const visit = await bookVisit(request, person, { doctor: anyOf(all) });
  const date = visit.start.slice(0, 10);
  for (const doctor of all.filter((one) => one.id !== visit.doctor.id)) {
    const times = await freeTimes(request, doctor.id, doctor.visit_types[0].id);
    const starts = times.filter((start) => start.startsWith(date));
    if (starts.length === 0) continue;
    const other = await newPatient(request, 'Otto');
    const beside = await bookVisit(request, other, { doctor, start: anyOf(starts) });
    return { hospital, date, first: { person, visit }, second: { person: other, visit: beside } };
  }
  throw new Error(`on ${date} only one doctor has free times`);
}

const dayOf = (hospital, date) => `/hospital/${hospital.id}/calendar/day?date=${date}`;
const column = (page, doctor) => main(page).getByRole('group', { name: doctor.name, exact: true });
const event = (page, visit) => main(page).locator(`#event-${visit.id}`);

/** The date some days after another one. */
function later(date, days) {
  const moved = new Date(`${date}T00:00:00Z`);
  moved.setUTCDate(moved.getUTCDate() + days);
  return moved.toISOString().slice(0, 10);
}

withAndWithoutScripts(() => {
  test('visits of two doctors stand in two columns and lead to their pages', { tag: '@engine' }, async ({ page, request }) => {
    const { hospital, date, first, second } = await twoVisits(request);
    await signIn(page, DESK, { next: dayOf(hospital, date) });
    for (const { person, visit } of [first, second]) {
      await expect(column(page, visit.doctor).getByRole('link', { name: person.full_name })).toBeVisible();
    }
    await expect(column(page, first.visit.doctor)).not.toContainText(second.person.full_name);
    await expect(column(page, second.visit.doctor)).not.toContainText(first.person.full_name);
    await event(page, second.visit).click();
    await expect(page).toHaveURL(`/hospital/${hospital.id}/appointments/${second.visit.id}`);
  });

  test('the day before, the day after and any date are one step away', async ({ page, request }) => {
    const hospital = await hospitalOf(request, DESK);
    const visit = await bookVisit(request, await newPatient(request), { hospital: hospital.id });
    const date = visit.start.slice(0, 10);
    await signIn(page, DESK, { next: dayOf(hospital, date) });
    await expect(event(page, visit)).toBeVisible();
    const days = page.getByRole('navigation', { name: t('hospital_today.other_days') });
    await days.getByRole('link', { name: t('hospital_today.day_after') }).click();
    await expect(page).toHaveURL(dayOf(hospital, later(date, 1)));
    await expect(event(page, visit)).toHaveCount(0);
    await days.getByRole('link', { name: t('hospital_today.day_before') }).click();
    await expect(page).toHaveURL(dayOf(hospital, date));
    await expect(event(page, visit)).toBeVisible();
    await days.getByRole('link', { name: t('common.today') }).click();
    await expect(page).toHaveURL(`/hospital/${hospital.id}/calendar/day`);
    await expect(event(page, visit)).toHaveCount(0);
    await page.getByLabel(t('hospital_today.go_to_date')).fill(date);
    await main(page).getByRole('button', { name: t('common.show') }).click();
    await expect(page).toHaveURL(dayOf(hospital, date));
    await expect(event(page, visit)).toBeVisible();
  });

  test('from the week to the day, from there to the list and to the week of a doctor', async ({ page, request }) => {
    const hospital = await hospitalOf(request, DESK);
    const visit = await bookVisit(request, await newPatient(request), { hospital: hospital.id });
    const date = visit.start.slice(0, 10);
    await signIn(page, DESK, { next: `/hospital/${hospital.id}/calendar/${visit.doctor.id}?week=${date}` });
    await main(page).getByRole('link', { name: t('hospital_calendar.by_doctors') }).click();
    await expect(page).toHaveURL(/\/calendar\/day\?date=/);
    await page.goto(dayOf(hospital, date));
    const looks = page.getByRole('navigation', { name: t('hospital_calendar.day_looks') });
    await looks.getByRole('link', { name: t('hospital_calendar.list') }).click();
    await expect(page).toHaveURL(`/hospital/${hospital.id}?date=${date}`);
    await main(page).getByRole('link', { name: t('hospital_calendar.by_doctors') }).click();
    await column(page, visit.doctor).getByRole('link', { name: visit.doctor.name, exact: true }).click();
    await expect(page).toHaveURL(`/hospital/${hospital.id}/calendar/${visit.doctor.id}?week=${date}`);
    await expect(page.getByRole('heading', { level: 1, name: visit.doctor.name })).toBeVisible();
  });
});

test('arrow keys go between doctors, and no key moves a visit', async ({ page, request }) => {
  const { hospital, date, first } = await twoVisits(request);
  await signIn(page, DESK, { next: dayOf(hospital, date) });
  await expect(event(page, first.visit)).toBeVisible();
  await alive(page);
  await event(page, first.visit).focus();
  const visits = main(page).locator('.calendar-visit');
  await expect(visits.and(page.locator(':not([tabindex="-1"])'))).toHaveCount(1);
  const focused = main(page).locator('.calendar-visit:focus');
  for (const key of ['ArrowLeft', 'ArrowRight', 'ArrowUp', 'ArrowDown', 'Home', 'End', 'm']) {
    await page.keyboard.press(key);
    await expect(focused).toHaveCount(1);
    await expect(focused).not.toHaveAttribute('tabindex', '-1');
  }
  await expect(main(page).locator('.carry-bar, .calendar-free')).toHaveCount(0);
  await page.keyboard.press('PageDown');
  await expect(page).toHaveURL(dayOf(hospital, later(date, 1)));
});

test('on a phone the columns go by beside the hours, and the page stays', async ({ page, request }) => {
  const { hospital, date, first } = await twoVisits(request);
  await page.setViewportSize({ width: 320, height: 640 });
  await signIn(page, DESK, { next: dayOf(hospital, date) });
  await expect(event(page, first.visit)).toBeVisible();
  const grid = main(page).locator('.calendar');
  const hours = grid.locator('.calendar-hours');
  const before = await hours.boundingBox();
  const pushed = await grid.evaluate((element) => {
    element.scrollLeft = 60;
    return element.scrollLeft;
  });
  expect(pushed).toBeGreaterThan(40);
  expect(Math.abs((await hours.boundingBox()).x - before.x), 'the hours stay').toBeLessThanOrEqual(1);
  const sideways = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  expect(sideways, 'the page stays').toBeLessThanOrEqual(0);
});
