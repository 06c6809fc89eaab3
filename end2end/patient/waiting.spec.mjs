// The waiting list: joining it where no time suits, seeing one's place, leaving it; the desk sees who waits.
// When a time is offered, and to whom, is tested with the services.
import { anyOf, bookVisit, create, dateIn, doctors, freeTimes, hospitalOf, newPatient, read } from '../fixtures/house.mjs';
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

/** Doctors where it is day by now: at night nobody is asked. */
async function byDay(request) {
  const isDay = ({ next_free: [next], visit_types: [kind] }) => {
    const [, sign, hours, minutes] = /([+-])(\d\d):(\d\d)$/.exec(next);
    const there = new Date(Date.now() + Number(`${sign}1`) * (Number(hours) * 60 + Number(minutes)) * 60_000);
    // Some minutes are left for the journey.
    const minute = there.getUTCHours() * 60 + there.getUTCMinutes();
    return minute >= 8 * 60 + 5 && minute < 20 * 60 + 45 && !kind.prepaid;
  };
  return (await doctors(request)).filter(isDay);
}

withAndWithoutScripts(() => {
  test('a time that is kept for somebody who waits stands on her first page, and is booked by it', async ({ page, request }) => {
    const awake = await byDay(request);
    test.skip(awake.length === 0, 'it is night wherever nothing is paid first');
    const doctor = anyOf(awake);
    const kind = doctor.visit_types[0].id;
    // What is free by then is kept at once. Others wait for later days.
    const free = (await freeTimes(request, doctor.id, kind)).filter((time) => time < dateIn(20));
    const [day, person] = [anyOf(free).slice(0, 10), await newPatient(request)];
    await create(request, '/waitlist', person.token, { doctor_id: doctor.id, visit_type_id: kind, from: day, until: day });
    const offered = async () => (await read(request, '/waitlist', person.token))[0].offer?.start ?? '';
    await expect.poll(offered).toContain(day);

    await signIn(page, person.email, { password: person.password, next: '/' });
    const kept = main(page).locator('.notice').filter({ hasText: t('payments.held_for_you') });
    await expect(kept).toContainText(doctor.name);
    await expect(kept).toContainText(t('payments.held_free_text'));
    await kept.getByRole('link', { name: t('payments.held_look') }).click();
    await expect(page).toHaveURL('/waiting-list');
    await expect(main(page)).toContainText(t('waiting.offer_title'));
    await main(page).getByRole('button', { name: t('waiting.accept'), exact: true }).click();
    await expect(page).toHaveURL(/\/appointments\/[0-9a-f-]{36}/);
    await expect(main(page)).toContainText(doctor.name);
    await page.goto('/');
    await expect(kept).toHaveCount(0);
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
