// The week's grid with the keyboard alone, and with a mouse: a visit is moved to another free time, moved back, or left where it is.
import { anyOf, bookVisit, doctors, freeTimes, hospitalOf, move, newPatient } from '../fixtures/house.mjs';
import { alive } from '../fixtures/hydration.mjs';
import { expect, test } from '../fixtures/journey.mjs';
import { DESK, main, signIn } from '../fixtures/people.mjs';
import { t } from '../fixtures/words.mjs';

/** A visit of a new patient, and her doctor's week in the grid, where it stands. */
async function week(page, request, { doctor, start } = {}) {
  const hospital = await hospitalOf(request, DESK);
  const person = await newPatient(request);
  const visit = await bookVisit(request, person, { hospital: hospital.id, doctor, start });
  const monday = new Date(`${visit.start.slice(0, 10)}T00:00:00Z`);
  monday.setUTCDate(monday.getUTCDate() - ((monday.getUTCDay() + 6) % 7));
  const at = `/hospital/${hospital.id}/calendar/${visit.doctor.id}?view=grid&week=${monday.toISOString().slice(0, 10)}`;
  await signIn(page, DESK, { next: at });
  const link = main(page).locator(`#event-${visit.id}`);
  await expect(link).toBeVisible();
  await alive(page);
  return { person, visit, link };
}

/** When the visit is to begin, as the API says. */
async function begins(request, person, visit) {
  const answer = await request.get(`/api/v1/appointments/${visit.id}`, {
    headers: { authorization: `Bearer ${person.token}` },
  });
  return (await answer.json()).start;
}

/**
 * Where a free time lies that a mouse can reach. The marks are drawn anew when something changes in the house, so all are measured at
 * one moment, and again until one is there; where all lie off the screen, the wheel brings them.
 */
async function reachable(page) {
  const { height } = page.viewportSize();
  let found;
  await expect(async () => {
    const places = await main(page)
      .locator('.calendar-free')
      .evaluateAll((marks) => marks.map((mark) => mark.getBoundingClientRect().toJSON()));
    found = places.find((place) => place.height > 0 && place.top > 80 && place.bottom < height - 20);
    if (!found && places.length > 0) {
      await page.mouse.wheel(0, places[0].top - height / 2);
    }
    expect(found, 'a free time is on the screen').toBeDefined();
  }).toPass();
  return found;
}

/** Takes a visit with the mouse and pulls it a little. Where the grid was drawn anew meanwhile, it is taken again. */
async function pull(page, link) {
  await expect(async () => {
    await page.mouse.up();
    await link.scrollIntoViewIfNeeded();
    const box = await link.boundingBox();
    expect(box, 'the visit has a place').not.toBeNull();
    await page.mouse.move(box.x + 20, box.y + 6);
    await page.mouse.down();
    await page.mouse.move(box.x + 40, box.y + 30, { steps: 4 });
    await expect(bar(page)).toBeVisible({ timeout: 1_000 });
  }).toPass();
}

const bar = (page) => main(page).locator('.carry-bar');
const confirm = (page) => bar(page).getByRole('button', { name: t('hospital_calendar.move_it') });

test('a visit is moved and moved back with the keyboard alone', { tag: '@engine' }, async ({ page, request }) => {
  const { person, visit, link } = await week(page, request);
  // The grid is one stop of the tab key; from there arrows lead on.
  await link.focus();
  await page.keyboard.press('m');
  await expect(bar(page)).toBeVisible();
  await expect(main(page).locator('.calendar-target')).toHaveCount(1);
  const first = await bar(page).locator('strong').textContent();
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Home');
  const chosen = await bar(page).locator('strong').textContent();
  expect(chosen).not.toBe('');
  expect(first).not.toBe('');
  await page.keyboard.press('Enter');
  await expect(confirm(page)).toBeFocused();
  expect(await begins(request, person, visit), 'nothing is done before it is confirmed').toBe(visit.start);
  await page.keyboard.press('Enter');
  const notice = main(page).locator('.notice-success');
  await expect(notice).toContainText(person.full_name);
  await expect(bar(page)).toHaveCount(0);
  const moved = await begins(request, person, visit);
  expect(moved).not.toBe(visit.start);
  await expect(main(page).locator(`#event-${visit.id}`)).toBeVisible();

  await notice.getByRole('button').focus();
  await page.keyboard.press('Enter');
  await expect.poll(() => begins(request, person, visit)).toBe(visit.start);
});

test('Escape leaves a visit where it is, and the focus on it', async ({ page, request }) => {
  const { person, visit, link } = await week(page, request);
  await link.focus();
  await page.keyboard.press('m');
  await expect(main(page).locator('.calendar-target')).toHaveCount(1);
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Escape');
  await expect(bar(page)).toHaveCount(0);
  await expect(link).toBeFocused();
  expect(await begins(request, person, visit)).toBe(visit.start);
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(new RegExp(`/appointments/${visit.id}$`));
});

test('arrow keys go from visit to visit, and the tab key passes them in one step', async ({ page, request }) => {
  const { link } = await week(page, request);
  await link.focus();
  const visits = main(page).locator('.calendar-visit');
  await expect(visits.and(page.locator(':not([tabindex="-1"])'))).toHaveCount(1);
  for (const key of ['ArrowLeft', 'ArrowRight', 'ArrowUp', 'ArrowDown', 'Home', 'End']) {
    await page.keyboard.press(key);
    await expect(main(page).locator('.calendar-visit:focus')).toHaveCount(1);
    await expect(main(page).locator('.calendar-visit:focus')).not.toHaveAttribute('tabindex', '-1');
  }
});

test('a visit that is pulled while the grid is drawn anew stays where it is let go of all the same', async ({ page, request }) => {
  // Another one of its day goes meanwhile, and with it what stands last in the day's list.
  const { id, token } = await hospitalOf(request, DESK);
  const doctor = anyOf(await doctors(request, id));
  const free = await freeTimes(request, doctor.id, doctor.visit_types[0].id);
  const chosen = anyOf(free).slice(0, 10);
  const day = free.filter((start) => start.startsWith(chosen));
  const other = await bookVisit(request, await newPatient(request), { doctor, start: day.at(0) });
  const { person, visit, link } = await week(page, request, { doctor, start: day.at(-1) });
  const gone = main(page).locator(`#event-${other.id}`);
  await expect(gone).toBeVisible();
  await pull(page, link);
  await move(request, token, other, 'cancel');
  await expect(gone).toHaveCount(0);
  await expect(bar(page)).toBeVisible();
  await page.mouse.move(4, 4, { steps: 4 });
  await page.mouse.up();
  await expect(bar(page)).toHaveCount(0);
  expect(await begins(request, person, visit)).toBe(visit.start);
});

test('a mouse pulls a visit to a free time, and away from all of them it stays', async ({ page, request }) => {
  const { person, visit, link } = await week(page, request);
  await pull(page, link);
  const target = await reachable(page);
  await page.mouse.move(target.x + target.width / 2, target.y + target.height / 2, { steps: 6 });
  await expect(main(page).locator('.calendar-target')).toHaveCount(1);
  await page.mouse.up();
  await expect(confirm(page)).toBeFocused();
  await confirm(page).click();
  await expect(main(page).locator('.notice-success')).toContainText(person.full_name);
  expect(await begins(request, person, visit)).not.toBe(visit.start);

  const there = await begins(request, person, visit);
  const moved = main(page).locator(`#event-${visit.id}`);
  await pull(page, moved);
  await page.mouse.move(4, 4, { steps: 4 });
  await page.mouse.up();
  await expect(bar(page)).toHaveCount(0);
  await expect(page, 'a pull opens nothing').toHaveURL(/calendar/);
  expect(await begins(request, person, visit)).toBe(there);
});
