// A visit that is paid for when it is booked: held, paid on the provider's page, booked, and paid back; with scripts and without.
import { chooseReason, chooseTime, expectBooked, findDoctor } from '../fixtures/booking.mjs';
import { anyOf, doctors, freeTimes, holdTime, newPatient, read } from '../fixtures/house.mjs';
import { expect, test, withAndWithoutScripts } from '../fixtures/journey.mjs';
import { main, signIn } from '../fixtures/people.mjs';
import { t } from '../fixtures/words.mjs';

/** A doctor with a kind of visit that is paid for when it is booked. */
async function prepaid(request) {
  const offers = (doctor) => doctor.visit_types.some((kind) => kind.prepaid);
  const doctor = anyOf((await doctors(request)).filter(offers));
  return { doctor, kind: doctor.visit_types.find((kind) => kind.prepaid) };
}

/** A time that is held, on the page where it is paid. */
async function held(page, request) {
  const person = await newPatient(request);
  const { doctor, kind } = await prepaid(request);
  const visit = await holdTime(request, person, doctor.id, kind.id);
  await signIn(page, person.email, { password: person.password, next: `/appointments/${visit.id}/pay` });
  await page.goto(`/appointments/${visit.id}/pay`);
  await expect(page.getByRole('heading', { level: 1, name: t('payments.pay_title') })).toBeVisible();
  return { person, doctor, kind, start: visit.start, visit };
}

/** Presses the button that leads to the provider, and one there. */
async function payThere(page, button) {
  await main(page).getByRole('button', { name: /^Pay / }).click();
  await expect(page.getByText('no real money').first()).toBeVisible();
  await page.getByRole('button', { name: button, exact: true }).click();
}

withAndWithoutScripts(() => {
  test('a video visit is held, paid for and booked, and the money comes back when it is called off', { tag: '@engine' }, async ({ page, request }) => {
    const { doctor, kind } = await prepaid(request);
    const person = await newPatient(request);
    await signIn(page, person.email, { password: person.password });
    await findDoctor(page, doctor.name);
    await page.goto(`/book/${doctor.id}/reason`);
    await chooseReason(page, kind.name);
    const start = await chooseTime(page);
    await expect(page.getByRole('heading', { level: 1, name: t('booking.review_title') })).toBeVisible();
    await page.getByRole('button', { name: t('payments.hold_now') }).click();
    await expect(page.getByRole('heading', { level: 1, name: t('payments.pay_title') })).toBeVisible();
    await expect(main(page)).toContainText(/Held for you about \d+ minutes more/);

    // Who goes away meanwhile finds the way back.
    await page.goto('/');
    await main(page).getByRole('link', { name: t('payments.go_on') }).click();
    await payThere(page, 'Pay');
    await page.getByRole('button', { name: 'Continue' }).click();
    await expectBooked(page);
    await expect(main(page).locator('time').first()).toHaveAttribute('datetime', start);
    await expect(main(page)).toContainText(t('payments.state_paid'));

    await main(page).getByRole('link', { name: /^Receipt R-/ }).click();
    await expect(page.getByRole('heading', { level: 1, name: /^Receipt R-/ })).toBeVisible();
    await expect(main(page)).toContainText(person.full_name);
    await page.getByRole('link', { name: t('common.back') }).click();

    await main(page).getByRole('link', { name: t('patient.cancel_visit') }).click();
    await expect(main(page)).toContainText('You get all of your money back');
    await main(page).getByRole('button', { name: t('patient.cancel_confirm') }).click();
    await expect(main(page)).toContainText(t('patient.was_cancelled'));
    await expect(async () => {
      await page.reload();
      await expect(main(page)).toContainText(t('payments.state_returned'), { timeout: 1000 });
    }).toPass();
  });

  test('a card that is refused costs nothing, and the time is still held', async ({ page, request }) => {
    const { person, visit } = await held(page, request);
    await payThere(page, 'Card refused');
    await page.getByRole('link', { name: 'Go back' }).click();
    await expect(main(page)).toContainText(/Held for you about/);
    await payThere(page, 'Pay');
    await page.getByRole('button', { name: 'Continue' }).click();
    await expectBooked(page);
    const bill = await read(request, `/appointments/${visit.id}/bill`, person.token);
    expect([bill.due_minor, bill.payments.length, bill.payments[0].state]).toEqual([0, 1, 'captured']);
  });

  test('a time is held longer once, and let go', async ({ page, request }) => {
    const { doctor, kind, start } = await held(page, request);
    await main(page).getByRole('button', { name: t('payments.longer') }).click();
    await expect(main(page).getByRole('button', { name: t('payments.longer') })).toHaveCount(0);
    await main(page).getByRole('button', { name: t('payments.let_go') }).click();
    await expect(page.getByRole('heading', { level: 1, name: t('booking.time_title') })).toBeVisible();
    expect(await freeTimes(request, doctor.id, kind.id)).toContain(start);
  });
});
