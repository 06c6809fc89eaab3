// The main job, from the search to the proof that it is booked, with scripts and without.
import { bookNow, chooseReason, chooseTime, expectBooked, findDoctor } from '../fixtures/booking.mjs';
import { anyOf, bookVisit, create, doctors, freeTimes, newPatient } from '../fixtures/house.mjs';
import { expect, test, withAndWithoutScripts } from '../fixtures/journey.mjs';
import { linkTo } from '../fixtures/mail.mjs';
import { main, signIn, signUp, stranger } from '../fixtures/people.mjs';
import { t } from '../fixtures/words.mjs';

/** Two doctors of one hospital, and a time at which both are free. */
async function freeTogether(request) {
  const all = await doctors(request);
  const first = anyOf(all);
  const colleagues = all.filter((doctor) => doctor.hospital.id === first.hospital.id);
  const times = await Promise.all(colleagues.map((doctor) => freeTimes(request, doctor.id, doctor.visit_types[0].id)));
  const shared = colleagues.flatMap((doctor, here) =>
    colleagues.slice(here + 1).flatMap((other, at) => {
      const both = times[here].filter((time) => times[here + 1 + at].includes(time));
      return both.map((start) => ({ doctor, other, start }));
    }),
  );
  return anyOf(shared);
}

withAndWithoutScripts(() => {
  test('a stranger finds a doctor, books and sees the visit', { tag: '@engine' }, async ({ page, request }) => {
    const doctor = anyOf((await doctors(request)).filter((doctor) => doctor.visit_types.length > 1));
    const [first, second] = doctor.visit_types;
    await findDoctor(page, doctor.name);
    await main(page).getByRole('link', { name: `${t('find.book')} : ${first.name}` }).click();
    await page.getByRole('link', { name: t('common.back') }).click();
    await chooseReason(page, second.name);
    const start = await chooseTime(page);

    // Nobody is known yet: the choice is kept on the way through the account.
    await expect(page.getByRole('heading', { level: 1, name: t('auth.sign_in_title') })).toBeVisible();
    await expect(page.getByText(t('auth.sign_in_to_book'))).toBeVisible();
    await main(page).getByRole('link', { name: t('shell.sign_up') }).click();
    const person = stranger();
    await signUp(page, person);
    await page.goto(await linkTo(person.email, '/verify?token='));
    await main(page).getByRole('button', { name: t('credentials.verify_action') }).click();

    await expect(main(page).locator('time')).toHaveAttribute('datetime', start);
    await expect(main(page)).toContainText(doctor.name);
    await expect(main(page)).toContainText(person.full_name);
    await bookNow(page, 'It hurts when I climb stairs');
    await expectBooked(page);
    await expect(main(page).locator('time').first()).toHaveAttribute('datetime', start);
    await expect(main(page)).toContainText('It hurts when I climb stairs');
    const reference = await main(page).locator('.panel-reference strong').textContent();
    expect(reference.trim().length).toBeGreaterThan(3);

    await page.goto('/');
    await expect(main(page).getByText(t('patient.next_visit'))).toBeVisible();
    await page.goto('/appointments');
    const visit = main(page).getByRole('article');
    await expect(visit).toHaveCount(1);
    await expect(visit).toContainText(doctor.name);
    await expect(visit).toContainText(t('status_patient.booked'));
  });

  test('a time that somebody else took: nothing typed is lost, others are offered', { tag: '@engine' }, async ({ page, request, gate }) => {
    gate.allow(409);
    const [slow, fast] = [await newPatient(request), await newPatient(request)];
    const doctor = anyOf(await doctors(request));
    const kind = doctor.visit_types[0];
    const start = anyOf(await freeTimes(request, doctor.id, kind.id));
    const next = `/book/${doctor.id}/review?visit_type=${kind.id}&start=${encodeURIComponent(start)}`;
    await signIn(page, slow.email, { password: slow.password, next });
    await expect(main(page).locator('time')).toHaveAttribute('datetime', start);
    await create(request, '/appointments', fast.token, { doctor_id: doctor.id, visit_type_id: kind.id, start });
    await bookNow(page, 'My words must not be lost');

    await expect(page.getByRole('alert').getByText(t('error.slot_taken'))).toBeVisible();
    await expect(page.getByLabel(t('booking.about'))).toHaveValue('My words must not be lost');
    const others = page.getByRole('group', { name: t('booking.alternatives') }).getByRole('radio');
    expect(await others.count()).toBeGreaterThan(0);
    const other = await others.first().getAttribute('value');
    expect(other).not.toBe(start);
    await others.first().check();
    await page.getByRole('button', { name: t('booking.book_now') }).click();
    await expectBooked(page);
    await expect(main(page).locator('time').first()).toHaveAttribute('datetime', other);
    await expect(main(page)).toContainText('My words must not be lost');
  });

  test('a patient cannot be in two places at one time', { tag: '@engine' }, async ({ page, request, gate }) => {
    gate.allow(409);
    const person = await newPatient(request);
    const { doctor, other, start } = await freeTogether(request);
    await bookVisit(request, person, { doctor, start });
    const query = `visit_type=${other.visit_types[0].id}&start=${encodeURIComponent(start)}`;
    await signIn(page, person.email, { password: person.password, next: `/book/${other.id}/review?${query}` });
    await bookNow(page, 'Once more');
    await expect(page.locator('#form-errors')).toContainText(t('error.patient_overlap'));
    await expect(page.getByLabel(t('booking.about'))).toHaveValue('Once more');
    await expect(page).toHaveURL(/\/review/);
  });

  test('a step that is missing is asked for', async ({ page, request }) => {
    const doctor = anyOf((await doctors(request)).filter((doctor) => doctor.visit_types.length > 1));
    await page.goto(`/book/${doctor.id}/time`);
    await expect(page).toHaveURL(new RegExp(`/book/${doctor.id}/reason`));
    await expect(page.getByText(t('booking.red_flags'))).toBeVisible();
  });
});

test('the button pressed twice books once', async ({ page, request }) => {
  const person = await newPatient(request);
  const doctor = anyOf(await doctors(request));
  const kind = doctor.visit_types[0];
  const start = anyOf(await freeTimes(request, doctor.id, kind.id));
  const next = `/book/${doctor.id}/review?visit_type=${kind.id}&start=${encodeURIComponent(start)}`;
  await signIn(page, person.email, { password: person.password, next });
  await page.getByRole('button', { name: t('booking.book_now') }).dblclick();
  await expectBooked(page);
  await page.goto('/appointments');
  await expect(main(page).getByRole('article')).toHaveCount(1);
});
