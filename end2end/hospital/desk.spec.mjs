// The desk's day: confirm, receive, complete, call off; look through the day and the week; find a patient and book.
import { anyOf, bookVisit, dateIn, hospitalOf, newPatient } from '../fixtures/house.mjs';
import { expect, test, withAndWithoutScripts } from '../fixtures/journey.mjs';
import { DESK, main, signIn } from '../fixtures/people.mjs';
import { t } from '../fixtures/words.mjs';

/** A patient nobody knows, with a visit at the desk's hospital. */
async function newVisit(request) {
  const hospital = await hospitalOf(request, DESK);
  const person = await newPatient(request);
  return { hospital, person, visit: await bookVisit(request, person, { hospital: hospital.id }) };
}

withAndWithoutScripts(() => {
  test('the desk confirms a booking on the board of the day', { tag: '@engine' }, async ({ page, request }) => {
    const { hospital, person, visit } = await newVisit(request);
    await signIn(page, DESK, { next: `/hospital/${hospital.id}?date=${visit.start.slice(0, 10)}` });
    const row = main(page).getByRole('listitem').filter({ hasText: person.full_name });
    await expect(row).toContainText(t('hospital_today.to_confirm'));
    // Two patients may have one name.
    await expect(row).toContainText(t('hospital_visit.born', { date: '24 Nov 1951' }));
    await row.getByRole('button', { name: t('hospital_visit.confirm') }).click();
    await expect(row).toContainText(t('status_staff.confirmed'));
    await expect(page).toHaveURL(new RegExp(`date=${visit.start.slice(0, 10)}`));
    // Pressed again, the next button is another one.
    await expect(row.getByRole('button', { name: t('hospital_visit.confirm') })).toHaveCount(0);
  });

  test('a visit goes through the house to its end', { tag: '@engine' }, async ({ page, request }) => {
    const { hospital, person, visit } = await newVisit(request);
    await signIn(page, DESK, { next: `/hospital/${hospital.id}/appointments/${visit.id}` });
    await expect(page.getByRole('heading', { level: 1, name: person.full_name })).toBeVisible();
    await main(page).getByRole('button', { name: t('hospital_visit.confirm') }).click();
    await expect(main(page).getByRole('button', { name: t('hospital_visit.confirm') })).toHaveCount(0);
    await main(page).getByRole('button', { name: t('hospital_visit.complete') }).click();
    await expect(main(page).locator('.badge').first()).toHaveText(t('status_staff.completed'));
    const steps = main(page).locator('.history-steps strong');
    await expect(steps).toHaveText([t('status_staff.booked'), t('status_staff.confirmed'), t('status_staff.completed')]);
  });

  test('the desk calls a visit off and says why', async ({ page, request }) => {
    const { hospital, visit } = await newVisit(request);
    await signIn(page, DESK, { next: `/hospital/${hospital.id}/appointments/${visit.id}` });
    await expect(main(page)).toContainText(t('hospital_visit.born', { date: '24 Nov 1951' }));
    await main(page).getByRole('link', { name: t('hospital_visit.cancel'), exact: true }).click();
    await expect(page.getByRole('heading', { level: 1, name: t('hospital_visit.cancel_title') })).toBeVisible();
    await expect(main(page)).toContainText(t('hospital_visit.born', { date: '24 Nov 1951' }));
    await expect(main(page).getByText(t('hospital_money.back_nothing'))).toBeVisible();
    await page.getByLabel(t('hospital_visit.why')).fill('The doctor is ill');
    await page.getByRole('button', { name: t('hospital_visit.cancel_action') }).click();
    await expect(page).toHaveURL(new RegExp(`/appointments/${visit.id}$`));
    await expect(main(page).locator('.badge').first()).toHaveText(t('status_staff.cancelled'));
    await expect(main(page)).toContainText('The doctor is ill');
  });

  test('the desk notes a payment once it has said how it was paid', async ({ page, request, gate }) => {
    gate.allow(422);
    const { hospital, visit } = await newVisit(request);
    await signIn(page, DESK, { next: `/hospital/${hospital.id}/appointments/${visit.id}` });
    const amount = main(page).getByLabel(t('hospital_money.amount'));
    const note = main(page).getByRole('button', { name: t('hospital_money.take') });
    await amount.fill('1');
    await note.click();
    await expect(main(page).getByText(t('error.method_needed')).first()).toBeVisible();
    await expect(amount).toHaveValue('1');
    await main(page).getByRole('radio', { name: t('payments.cash') }).check();
    await note.click();
    await expect(main(page).getByText(t('hospital_money.taken'))).toBeVisible();
    await expect(main(page).locator('.payment')).toContainText(t('payments.cash'));
    // The rest is noted in the same way, and nothing is left to pay. What was typed for the first is gone.
    await expect(amount).toHaveValue(String(visit.price.amount_minor / 100 - 1));
    await main(page).getByRole('radio', { name: t('payments.card_machine') }).check();
    await note.click();
    await expect(main(page).locator('.payment')).toHaveCount(2);
    await expect(note).toHaveCount(0);
  });

  test('a patient who is not late yet: the page says from when she counts as not come', async ({ page, request }) => {
    const { hospital, visit } = await newVisit(request);
    const path = `/hospital/${hospital.id}/appointments/${visit.id}`;
    await signIn(page, DESK, { next: `${path}/no-show` });
    const [hour, minute] = visit.start.slice(11, 16).split(':').map(Number);
    const from = hour * 60 + minute + 15;
    const time = [Math.floor(from / 60), from % 60].map((part) => String(part).padStart(2, '0')).join(':');
    await expect(main(page).locator('.notice')).toContainText(time);
    await expect(main(page).getByRole('button', { name: t('hospital_visit.no_show_action') })).toHaveCount(0);
    await main(page).getByRole('link', { name: t('hospital_visit.to_visit') }).click();
    await expect(page).toHaveURL(path);
  });

  test('two desks at one visit: the second is told that it has changed', async ({ page, request, another, gate }) => {
    gate.allow(409);
    const { hospital, visit } = await newVisit(request);
    const path = `/hospital/${hospital.id}/appointments/${visit.id}/cancel`;
    await signIn(page, DESK, { next: path });
    const other = await another({ javaScriptEnabled: false });
    await signIn(other, DESK, { next: `/hospital/${hospital.id}/appointments/${visit.id}` });
    await main(other).getByRole('button', { name: t('hospital_visit.confirm') }).click();
    await expect(main(other).getByRole('button', { name: t('hospital_visit.confirm') })).toHaveCount(0);
    await page.getByLabel(t('hospital_visit.why')).fill('Kept for you');
    await page.getByRole('button', { name: t('hospital_visit.cancel_action') }).click();
    await expect(page.getByRole('alert').getByText(t('error.stale_version'))).toBeVisible();
    await expect(page.getByLabel(t('hospital_visit.why'))).toHaveValue('Kept for you');
  });

  test('the board shows a part of the day, and other days', async ({ page, request }) => {
    const { hospital, person, visit } = await newVisit(request);
    const date = visit.start.slice(0, 10);
    await signIn(page, DESK, { next: `/hospital/${hospital.id}?date=${date}` });
    const parts = page.getByRole('navigation', { name: t('hospital_today.parts') });
    const row = main(page).getByRole('listitem').filter({ hasText: person.full_name });
    await parts.getByRole('link', { name: t('hospital_today.over') }).click();
    await expect(page).toHaveURL(/show=over/);
    await expect(row).toHaveCount(0);
    await parts.getByRole('link', { name: t('hospital_today.to_confirm') }).click();
    await expect(row).toHaveCount(1);

    await page.getByRole('navigation', { name: t('hospital_today.other_days') }).getByRole('link', { name: t('hospital_today.day_after') }).click();
    await expect(page).not.toHaveURL(new RegExp(`date=${date}`));
    await page.getByLabel(t('hospital_today.go_to_date')).fill(date);
    await main(page).getByRole('button', { name: t('common.show') }).click();
    await expect(page).toHaveURL(new RegExp(`date=${date}`));
    await expect(row).toHaveCount(1);
  });

  test('the week of a doctor as a list and as a grid', async ({ page, request }) => {
    const { hospital, person, visit } = await newVisit(request);
    await signIn(page, DESK, { next: `/hospital/${hospital.id}/calendar?week=${visit.start.slice(0, 10)}` });
    await page.getByLabel(t('hospital_calendar.doctor')).selectOption({ label: visit.doctor.name });
    await main(page).getByRole('button', { name: t('common.show') }).click();
    await expect(page.getByRole('heading', { level: 1, name: visit.doctor.name })).toBeVisible();
    const looks = page.getByRole('navigation', { name: t('hospital_calendar.looks') });

    await looks.getByRole('link', { name: t('hospital_calendar.list') }).click();
    await expect(looks.getByRole('link', { name: t('hospital_calendar.list') })).toHaveAttribute('aria-current', 'page');
    await expect(main(page).getByRole('listitem').filter({ hasText: person.full_name })).toBeVisible();
    await expect(main(page).getByRole('group', { name: t('hospital_calendar.grid_label') })).toHaveCount(0);

    await looks.getByRole('link', { name: t('hospital_calendar.grid') }).click();
    const grid = main(page).getByRole('group', { name: t('hospital_calendar.grid_label') });
    await expect(grid).toBeVisible();
    await grid.getByRole('link', { name: person.full_name }).click();
    await expect(page).toHaveURL(`/hospital/${hospital.id}/appointments/${visit.id}`);
  });

  test('the desk finds a patient by part of the name and books', async ({ page, request }) => {
    const { hospital, person, visit } = await newVisit(request);
    await signIn(page, DESK, { next: `/hospital/${hospital.id}/patients` });
    const family = person.full_name.split(' ')[1];
    await page.getByLabel(t('hospital_patients.search')).fill(family.slice(0, 6).toLowerCase());
    await main(page).getByRole('button', { name: t('common.search') }).click();
    await main(page).getByRole('link', { name: person.full_name }).click();
    await main(page).getByRole('link', { name: t('hospital_patients.book') }).click();

    const kind = visit.doctor.visit_types[0];
    await page.getByLabel(t('hospital_visit.doctor')).selectOption({ label: visit.doctor.name });
    await page.getByRole('button', { name: t('hospital_book.show_times') }).click();
    await page.getByLabel(t('hospital_visit.kind')).selectOption(kind.id);
    await page.getByLabel(t('hospital_book.from')).fill(dateIn(15));
    await page.getByRole('button', { name: t('hospital_book.show_times') }).click();
    const times = page.locator('input[name="start"]');
    await expect(times.first()).toBeAttached();
    const start = anyOf(await times.evaluateAll((inputs) => inputs.map((input) => input.value)));
    await page.locator(`label:has(input[value="${start}"])`).click();
    await page.getByLabel(t('hospital_visit.reason')).fill('Called by phone');
    await page.getByRole('button', { name: t('hospital_book.action') }).click();
    await expect(page).toHaveURL(/\/appointments\/[0-9a-f-]{36}$/);
    await expect(page.getByRole('heading', { level: 1, name: person.full_name })).toBeVisible();
    await expect(main(page)).toContainText('Called by phone');
  });

  test('a search without an answer offers the way back', async ({ page, request }) => {
    const hospital = await hospitalOf(request, DESK);
    await signIn(page, DESK, { next: `/hospital/${hospital.id}/patients?search=nobody%20at%20all` });
    await expect(main(page).getByText(t('hospital_patients.none_found', { search: 'nobody at all' }))).toBeVisible();
    await main(page).getByRole('link', { name: t('hospital_patients.show_all') }).click();
    await expect(main(page).getByRole('row').nth(1)).toBeVisible();
  });
});
