// Two browsers, one visit: what happens in one is seen in the other within a second, without a reload and without asking again and again.
import { bookNow, expectBooked } from '../fixtures/booking.mjs';
import { anyOf, bookVisit, create, doctors, freeTimes, hospitalOf, move, newPatient } from '../fixtures/house.mjs';
import { alive, markPage, signInToHear, socketOf, stayed } from '../fixtures/hydration.mjs';
import { expect, test } from '../fixtures/journey.mjs';
import { ADMIN, DESK, main, signIn } from '../fixtures/people.mjs';
import { t } from '../fixtures/words.mjs';

// On a busy machine more than the promised second may pass; how long it took is noted beside the result.
const PATIENCE = 5_000;

/** Notes the moment at which a text first stands in the page. */
async function watchFor(page, text) {
  await page.evaluate((text) => {
    const look = () => {
      if (window.seenAt === undefined && document.querySelector('main').textContent.includes(text)) window.seenAt = Date.now();
    };
    new MutationObserver(look).observe(document.body, { childList: true, subtree: true, characterData: true });
  }, text);
}

async function seenAfter(page, what, from) {
  await page.waitForFunction(() => window.seenAt !== undefined, undefined, { timeout: PATIENCE });
  const milliseconds = (await page.evaluate(() => window.seenAt)) - from;
  test.info().annotations.push({ type: 'live update', description: `${what}: ${milliseconds} ms` });
  console.log(`live update, ${what}: ${milliseconds} ms`);
  expect(milliseconds).toBeLessThan(PATIENCE);
}

/** When the server had answered a form. */
async function answered(page, endpoint) {
  await page.waitForResponse((response) => response.url().endsWith(`/_fn/${endpoint}`));
  return Date.now();
}

test('the desk sees a booking, the patient sees the confirmation', { tag: '@engine' }, async ({ page, another, request }) => {
  const hospital = await hospitalOf(request, DESK);
  const doctor = anyOf(await doctors(request, hospital.id));
  const kind = doctor.visit_types[0];
  const start = anyOf(await freeTimes(request, doctor.id, kind.id));
  const person = await newPatient(request);

  const desk = await another();
  await signInToHear(desk, DESK, { next: `/hospital/${hospital.id}?date=${start.slice(0, 10)}` });
  await markPage(desk);
  await watchFor(desk, person.full_name);

  const next = `/book/${doctor.id}/review?visit_type=${kind.id}&start=${encodeURIComponent(start)}`;
  await signIn(page, person.email, { password: person.password, next });
  await alive(page);
  const booked = answered(page, 'book');
  await bookNow(page, 'To be seen at once');
  await seenAfter(desk, 'booking at the desk', await booked);
  expect(await stayed(desk), 'the desk was not reloaded').toBe(true);
  await expectBooked(page);

  const patientSocket = socketOf(page);
  await page.reload();
  await alive(page);
  await patientSocket;
  await markPage(page);
  await watchFor(page, t('status_patient.confirmed'));
  const row = main(desk).getByRole('listitem').filter({ hasText: person.full_name });
  const confirmed = answered(desk, 'hospital-move');
  await row.getByRole('button', { name: t('hospital_visit.confirm') }).click();
  await seenAfter(page, 'confirmation at the patient', await confirmed);
  expect(await stayed(page), 'the patient was not reloaded').toBe(true);
  await expect(row).toContainText(t('status_staff.confirmed'));
});

test('the focus stays where it is when a page is renewed', async ({ page, request }) => {
  const { id, token } = await hospitalOf(request, ADMIN);
  const person = await newPatient(request);
  const visit = await bookVisit(request, person, { hospital: id });
  await signInToHear(page, person.email, { password: person.password, next: `/appointments/${visit.id}` });
  for (const [step, focused] of [
    ['confirm', page.getByRole('heading', { level: 1 })],
    ['arrive', main(page).getByRole('link', { name: visit.doctor.name })],
  ]) {
    await focused.focus();
    await create(request, `/appointments/${visit.id}/${step}`, token, {});
    const status = step === 'confirm' ? 'confirmed' : 'arrived';
    await expect(main(page).getByText(t(`status_patient.${status}`)).first()).toBeVisible();
    await expect(focused).toBeFocused();
  }
});

test('a booking elsewhere does not disturb somebody who is filling in a form', async ({ page, request }) => {
  const hospital = await hospitalOf(request, DESK);
  const known = await newPatient(request);
  const visit = await bookVisit(request, known, { hospital: hospital.id });
  const kind = visit.doctor.visit_types[0];
  const query = `patient=${known.patient_id}&doctor=${visit.doctor.id}&visit_type=${kind.id}&week=${visit.start.slice(0, 10)}`;
  await signInToHear(page, DESK, { next: `/hospital/${hospital.id}/book?${query}` });
  // The time that goes stands before the one that is chosen: the mark must not slip to a neighbour.
  const times = page.locator('input[name="start"]');
  const [gone, chosen] = [await times.first().getAttribute('value'), await times.nth((await times.count()) - 2).getAttribute('value')];
  await page.locator(`label:has(input[value="${chosen}"])`).click();
  await page.getByLabel(t('hospital_visit.reason')).fill('Typed by the desk');
  const asked = page.waitForResponse((response) => response.url().includes('/_fn/hospital-booking'));
  await bookVisit(request, await newPatient(request), { doctor: visit.doctor, start: gone });
  await asked;
  await expect(page.locator(`input[value="${gone}"]`)).toHaveCount(0);
  await expect(page.getByLabel(t('hospital_visit.reason'))).toHaveValue('Typed by the desk');
  await expect(page.locator(`input[value="${chosen}"]`)).toBeChecked();
});

test('a sum that is being typed stays while the house goes on', async ({ page, request }) => {
  const hospital = await hospitalOf(request, DESK);
  const visit = await bookVisit(request, await newPatient(request), { hospital: hospital.id });
  await signInToHear(page, DESK, { next: `/hospital/${hospital.id}/appointments/${visit.id}` });
  const amount = main(page).getByLabel(t('hospital_money.amount'));
  const cash = main(page).getByRole('radio', { name: t('payments.cash') });
  await amount.fill('1');
  await cash.check();
  // Somebody else's visit, and then this one.
  const asked = page.waitForResponse((response) => response.url().endsWith('/_fn/visit'));
  await bookVisit(request, await newPatient(request), { hospital: hospital.id });
  await asked;
  await move(request, hospital.token, visit, 'confirm');
  await expect(main(page).locator('.badge').first()).toHaveText(t('status_staff.confirmed'));
  await expect(amount).toHaveValue('1');
  await expect(cash).toBeChecked();
  await main(page).getByRole('button', { name: t('hospital_money.take') }).click();
  await expect(main(page).locator('.payment')).toHaveCount(1);
  await expect(main(page).locator('.payment .money')).toHaveText(/\D1$/);
});

test('a page that could not be read once comes back by itself, and what is shown goes when it may be read no more', async ({ page, request, gate }) => {
  gate.allow(503);
  const hospital = await hospitalOf(request, DESK);
  const visit = await bookVisit(request, await newPatient(request), { hospital: hospital.id });
  await signInToHear(page, DESK, { next: `/hospital/${hospital.id}/appointments/${visit.id}` });
  const amount = main(page).getByLabel(t('hospital_money.amount'));
  await expect(amount).toBeVisible();
  await page.route('**/_fn/visit', (route) => route.fulfill({ status: 503, body: '' }));
  await bookVisit(request, await newPatient(request), { hospital: hospital.id });
  await expect(page.getByRole('heading', { level: 1, name: t('state.failed_title') })).toBeVisible();
  await expect(amount).toHaveCount(0);
  await page.unroute('**/_fn/visit');
  await bookVisit(request, await newPatient(request), { hospital: hospital.id });
  await expect(amount).toBeVisible();
});

test('what a colleague notes of money is seen at the other desk', async ({ page, request }) => {
  const hospital = await hospitalOf(request, DESK);
  const visit = await bookVisit(request, await newPatient(request), { hospital: hospital.id });
  await signInToHear(page, DESK, { next: `/hospital/${hospital.id}/appointments/${visit.id}` });
  await expect(main(page).getByLabel(t('hospital_money.amount'))).toBeVisible();
  const due = visit.price.amount_minor;
  await create(request, `/appointments/${visit.id}/payments`, hospital.token, { method: 'cash', amount_minor: due });
  await expect(main(page).locator('.payment')).toHaveCount(1);
  await expect(main(page).getByLabel(t('hospital_money.amount'))).toHaveCount(0);
});

test('whoever is being chosen stays chosen while the house goes on', async ({ page, request }) => {
  const hospital = await hospitalOf(request, DESK);
  const visit = await bookVisit(request, await newPatient(request), { hospital: hospital.id });
  const week = visit.start.slice(0, 10);
  await signInToHear(page, DESK, { next: `/hospital/${hospital.id}/appointments/${visit.id}/reschedule?week=${week}` });
  const whom = main(page).getByLabel(t('hospital_visit.doctor'));
  const others = await whom.locator('option:not([selected])').evaluateAll((options) => options.map((option) => option.value));
  const other = anyOf(others);
  await whom.selectOption(other);
  const asked = page.waitForResponse((response) => response.url().endsWith('/_fn/reschedule-times'));
  // Times are shown as if the visit did not exist; others can take only those that are free beside it.
  const free = await freeTimes(request, visit.doctor.id, visit.doctor.visit_types[0].id);
  const shown = await main(page).locator('input[name="start"]').evaluateAll((inputs) => inputs.map((input) => input.value));
  const taken = shown.find((time) => free.includes(time));
  await bookVisit(request, await newPatient(request), { doctor: visit.doctor, start: taken });
  await asked;
  await expect(main(page).locator(`input[name="start"][value="${taken}"]`)).toHaveCount(0);
  await expect(whom).toHaveValue(other);
});

test('a time that is taken elsewhere is marked at once, and comes back when it is free', { tag: '@engine' }, async ({ page, request }) => {
  const doctor = anyOf(await doctors(request));
  const kind = doctor.visit_types[0];
  const [looking, faster] = [await newPatient(request), await newPatient(request)];
  const start = anyOf(await freeTimes(request, doctor.id, kind.id));
  const next = `/book/${doctor.id}/time?visit_type=${kind.id}&week=${start.slice(0, 10)}`;
  await signInToHear(page, looking.email, { password: looking.password, next });
  await markPage(page);
  const choice = main(page).locator(`input[name="start"][value="${start}"]`);
  await choice.check();
  await watchFor(page, t('booking.taken'));
  const visit = await bookVisit(request, faster, { doctor, start });
  await seenAfter(page, 'a time taken elsewhere', Date.now());
  await expect(choice).toBeDisabled();
  await expect(choice).not.toBeChecked();
  await expect(main(page).locator('.notice-warning')).toBeVisible();
  await move(request, faster.token, visit, 'cancel');
  await expect(choice).toBeEnabled({ timeout: PATIENCE });
  expect(await stayed(page), 'nothing was reloaded').toBe(true);
});
