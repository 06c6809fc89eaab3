// The waiting list: joining it where no time suits, seeing one's place, leaving it; the desk sees who waits.
// When a time is offered, and to whom, is tested with the services: at night nobody is asked.
import { anyOf, bookVisit, dateIn, doctors, hospitalOf, newPatient } from '../fixtures/house.mjs';
import { alive, socketOf } from '../fixtures/hydration.mjs';
import { expect, test, withAndWithoutScripts } from '../fixtures/journey.mjs';
import { DESK, main, signIn } from '../fixtures/people.mjs';
import { t } from '../fixtures/words.mjs';

/** A patient on the page of a doctor's free times. */
async function atTimes(page, request, hospital) {
  const person = await newPatient(request);
  const doctor = anyOf(await doctors(request, hospital));
  const next = `/book/${doctor.id}/time?visit_type=${doctor.visit_types[0].id}`;
  await signIn(page, person.email, { password: person.password, next });
  return { person, doctor };
}

/** Joins the list for the mornings of two weeks. */
async function join(page) {
  await main(page).getByRole('link', { name: t('waiting.to_join') }).click();
  await expect(main(page).getByRole('heading', { level: 1, name: t('waiting.join_title') })).toBeVisible();
  await main(page).getByLabel(t('waiting.from')).fill(dateIn(20));
  await main(page).getByLabel(t('waiting.until')).fill(dateIn(34));
  await main(page).getByRole('checkbox', { name: t('waiting.morning') }).check();
  await main(page).getByRole('button', { name: t('waiting.join') }).click();
  await expect(main(page).getByText(t('waiting.joined'))).toBeVisible();
}

withAndWithoutScripts(() => {
  test('somebody joins a waiting list, sees her place, and leaves it', { tag: '@engine' }, async ({ page, request }) => {
    const { doctor } = await atTimes(page, request);
    await join(page);
    await expect(page).toHaveURL(/\/waiting-list/);
    await expect(main(page)).toContainText(doctor.name);
    await expect(main(page)).toContainText(t('waiting.morning'));
    await expect(main(page).getByText(t('waiting.place'), { exact: true })).toBeVisible();
    await main(page).locator('summary').filter({ hasText: t('waiting.leave') }).click();
    await main(page).getByRole('button', { name: t('waiting.leave_action') }).click();
    await expect(main(page).getByText(t('waiting.left'))).toBeVisible();
    await expect(main(page).getByText(t('waiting.was_left'))).toBeVisible();
  });

  test('days in the wrong order are told, and what was typed stays', async ({ page, request, gate }) => {
    gate.allow(422);
    await atTimes(page, request);
    await main(page).getByRole('link', { name: t('waiting.to_join') }).click();
    await main(page).getByLabel(t('waiting.from')).fill(dateIn(20));
    await main(page).getByLabel(t('waiting.until')).fill(dateIn(10));
    await main(page).getByRole('button', { name: t('waiting.join') }).click();
    await expect(main(page).locator('#form-errors')).toBeVisible();
    await expect(main(page).getByLabel(t('waiting.from'))).toHaveValue(dateIn(20));
  });
});

test('what was unfolded stays so when the list is read again', async ({ page, request }) => {
  const { person } = await atTimes(page, request);
  await join(page);
  const socket = socketOf(page);
  await page.goto('/waiting-list');
  await alive(page);
  await socket;
  await main(page).locator('summary').filter({ hasText: t('waiting.leave') }).click();
  const read = page.waitForResponse((answer) => answer.url().endsWith('/_fn/my-waiting-list'));
  await bookVisit(request, person);
  await read;
  // Drawn anew is what an answer brings in the turn after it; two frames later it is on the screen.
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
  await main(page).getByRole('button', { name: t('waiting.leave_action') }).click();
  await expect(main(page).getByText(t('waiting.left'))).toBeVisible();
});

test('the desk sees who waits, and takes somebody off the list', async ({ page, another, request }) => {
  const hospital = await hospitalOf(request, DESK);
  const { person } = await atTimes(page, request, hospital.id);
  await join(page);
  const desk = await another();
  await signIn(desk, DESK, { next: `/hospital/${hospital.id}/waiting` });
  const row = main(desk).locator('.waiting-row').filter({ hasText: person.full_name });
  await expect(row).toContainText(t('waiting.place'));
  await row.locator('summary').click();
  await row.getByRole('button', { name: t('waiting.take_off_action') }).click();
  await expect(main(desk).getByText(t('waiting.taken_off'))).toBeVisible();
  await expect(main(desk).locator('.waiting-row').filter({ hasText: person.full_name })).toHaveCount(0);
});
